import type { Carrier } from '../../orders/desk-types.js';
import type { OrderDesk } from '../../orders/order-desk.js';
import type { Order, OrderRequest, OrderType } from '../../orders/order.js';
import { isDoubtful, maySend } from '../../orders/validate.js';
import { hindranceOf, isJustNow, isTooSoon, type Confirmation, type Hindrance } from './confirmation.js';
import { mustConfirm, type ConfirmPolicy } from './ticket-attributes.js';
import { requestOf, type TicketCheck } from './ticket-check.js';
import { TicketWish } from './ticket-wish.js';

/** What a ticket is set to. */
export interface SubmissionSetting {
  readonly account: string;
  readonly symbol: string;
  readonly isDisabled: boolean;
  readonly policy: ConfirmPolicy;
}

/** A ticket at the moment of a press. Everything is asked anew: what was painted before may be old. */
export interface SubmissionHost {
  /** Tells one wish from another: what is to be ordered, for whom, and how its numbers are read. */
  key(): string;
  /** By what it would go: feed and gateway. */
  route(): readonly unknown[];
  setting(): SubmissionSetting;
  now(): number;
  /** Whether one of the ticket's dialogs has only just gone. */
  hasJustGone(): boolean;
  /** The summary has gone. */
  gone(): void;
  /** Judges the wish on the feed and the desk that it would use now. `isAnew`: nothing counts that was read before. */
  judge(isAnew?: boolean): TicketCheck;
  desk(): OrderDesk | undefined;
  /** Whether the person has chosen not to be asked for plain orders of this type. */
  isUnasked(type: OrderType): boolean;
  /** The person wants to be asked no more for plain orders of this type. */
  decline(type: OrderType): void;
  /** Asks who carries an order that has been stored. */
  carry(request: OrderRequest): Carrier;
  /** The summary came, went, or has to be looked at again. */
  changed(): void;
}

/**
 * The way of a wish from the button to the desk: judged, confirmed where it must be, judged again, sent once. Every step
 * refuses by default: a press does something only if what it means was read, is still wanted and still passes.
 */
export class TicketSubmission {
  readonly #host: SubmissionHost;
  readonly #wish = new TicketWish();
  #confirmation: Confirmation | undefined;
  #sentAt = -Infinity;
  #isDeclining = false;
  #isAccepting = false;
  /** The wish that the button spoke of when it was last written. */
  #readKey = '';

  constructor(host: SubmissionHost) {
    this.#host = host;
  }

  /** The summary that waits for a press, if any. */
  get confirmation(): Confirmation | undefined {
    return this.#confirmation;
  }

  /** Whether the wish is another than the one that was read. */
  get isUnread(): boolean {
    return this.#host.key() !== this.#readKey;
  }

  /** Whether the box under the summary is ticked: the next orders like it are not to be asked for. */
  get isDeclining(): boolean {
    return this.#isDeclining;
  }

  /** Whether the box is ticked by which a person accepts what a press alone is not enough for. */
  get isAccepting(): boolean {
    return this.#isAccepting;
  }

  /** A press this soon after a dialog went, or after an order that went without one, is the second of a double click. */
  get isGuarded(): boolean {
    return this.#host.hasJustGone() || isJustNow(this.#sentAt, this.#host.now());
  }

  /** The button has been written for the wish as it is now. */
  read(): void {
    this.#readKey = this.#host.key();
  }

  /** The order of this wish that nobody has answered yet. */
  pending(check: TicketCheck): Order | undefined {
    return this.#wish.pending(this.#host.key(), check, this.#host.setting().symbol, this.#host.desk());
  }

  /** Whether the venue has taken the wish. True once. */
  takeDone(): boolean {
    return this.#wish.takeDone(this.#host.key(), this.#host.desk());
  }

  /** What stands between the summary and the order. */
  hindrance(check: TicketCheck): Hindrance {
    return this.#confirmation ? hindranceOf(this.#confirmation, check, this.#host.now(), this.#isAccepting) : 'none';
  }

  /** A press of the button. `refused`: something has to be put right first. */
  press(): 'refused' | undefined {
    const { isDisabled, policy } = this.#host.setting();
    if (isDisabled || this.#confirmation || this.isUnread || this.isGuarded) return undefined;
    const check = this.#host.judge();
    if (this.pending(check)) return undefined;
    if (!maySend(check.issues)) return 'refused';
    const isUnasked = this.#host.isUnasked(check.draft.orderType);
    if (mustConfirm(policy, check, isUnasked)) this.#ask(check);
    else {
      // Also where it was refused at once: the second press of a double click means no other order.
      this.#sentAt = this.#host.now();
      this.#send(check);
    }
    return undefined;
  }

  /** Shows a new summary in place of the old one. */
  lookAgain(): void {
    if (this.#confirmation) this.#ask(this.#host.judge(true));
  }

  /** The box under the summary was ticked, or not. It counts once the order is sent. */
  setDeclining(isDeclining: boolean): void {
    this.#isDeclining = isDeclining;
    this.#host.changed();
  }

  /** The box by which a person accepts was ticked, or not. As a press, a tick that comes too soon was meant for something else. */
  setAccepting(isAccepting: boolean): void {
    const { shownAt } = this.#confirmation ?? { shownAt: Infinity };
    this.#isAccepting = isAccepting && !isTooSoon(shownAt, this.#host.now());
    this.#host.changed();
  }

  /** The press under the summary. */
  confirm(): void {
    if (!this.#confirmation || !this.#isOfNow(this.#confirmation)) return;
    const check = this.#host.judge();
    // Judging finds the feed anew.
    if (!this.#isOfNow(this.#confirmation)) return this.#host.changed();
    if (this.#host.setting().isDisabled || this.hindrance(check) !== 'none' || this.pending(check))
      return this.#host.changed();
    const isDeclining = this.#isDeclining && !isDoubtful(this.#confirmation.check.issues);
    this.close();
    if (this.#send(check) && isDeclining) this.#host.decline(check.draft.orderType);
  }

  /** Takes the summary away. */
  close(): void {
    if (!this.#confirmation) return;
    this.#confirmation = undefined;
    this.#host.gone();
    this.#host.changed();
  }

  /** Takes a summary away that is of another wish. */
  review(): void {
    if (this.#confirmation && !this.#isOfNow(this.#confirmation)) this.close();
  }

  #isOfNow({ key, route }: Confirmation): boolean {
    const now = this.#host.route();
    return key === this.#host.key() && route.every((each, i) => each === now[i]);
  }

  #ask(check: TicketCheck): void {
    this.#confirmation = { check, key: this.#host.key(), route: this.#host.route(), shownAt: this.#host.now() };
    this.#isDeclining = false;
    this.#isAccepting = false;
    this.#host.changed();
  }

  /** Whether it went. */
  #send(check: TicketCheck): boolean {
    const desk = this.#host.desk();
    if (desk === undefined) return false;
    const { account, symbol } = this.#host.setting();
    const createdAt = this.#host.now();
    const key = this.#host.key();
    const clientOrderId = this.#wish.idFor(key, createdAt);
    const request = requestOf(check, { clientOrderId, account, symbol, createdAt });
    if (request === undefined) return false;
    const order = desk.submit(request, check.terms, (stored) => this.#host.carry(stored), key);
    if (order !== undefined) this.#wish.use();
    return order !== undefined;
  }
}
