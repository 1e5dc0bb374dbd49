import { formatForInput } from '../../orders/number-input.js';
import { add, compare, formatDecimal, type Decimal } from '../../book/decimal.js';
import { TickTable } from '../../book/tick-table.js';
import type { WantedTerms } from '../../orders/desk-types.js';
import type { OrderIssue } from '../../orders/validate.js';
import { isJustNow, percentOf } from './confirmation.js';
import { steppedField, type TicketFacts } from './ticket-check.js';
import {
  amendDraftOf,
  checkAmend,
  type AmendCheck,
  type AmendDraft,
  type AmendField,
  type AmendableOrder,
} from './amend-check.js';

export interface AmendHost {
  /** The order as it stands now; undefined when it can't be changed any more. */
  readonly order: (clientOrderId: string) => AmendableOrder | undefined;
  readonly facts: (order: AmendableOrder) => TicketFacts;
  readonly amend: (clientOrderId: string, terms: WantedTerms) => void;
  readonly now: () => number;
  /** Asks for an update. */
  readonly changed: () => void;
}

/** What there is to see of a change. */
export interface AmendSight {
  readonly order: AmendableOrder;
  readonly draft: AmendDraft;
  readonly check: AmendCheck;
  /** What has to be read before it is sent. */
  readonly warnings: readonly OrderIssue[];
  readonly isHeeded: boolean;
}

interface Heeded {
  readonly terms: string;
  readonly warnings: readonly OrderIssue[];
}

const heededOf = ({ terms }: AmendCheck, warnings: readonly OrderIssue[]): Heeded => ({
  terms: JSON.stringify(terms),
  warnings,
});

/** Whether nothing has come to what was read, and nothing in it has become worse. */
const isCovered = (now: Heeded, read: Heeded | undefined): boolean =>
  read !== undefined &&
  now.terms === read.terms &&
  now.warnings.every((warning) => {
    const before = read.warnings.find(({ code, field }) => code === warning.code && field === warning.field);
    return before !== undefined && compare(percentOf(warning), percentOf(before)) <= 0;
  });

const termsText = (seen: AmendSight | undefined): string => JSON.stringify(seen?.check.terms) ?? '';

/** The change of one order, from the press on its button until it is sent or left. */
export class AmendEditor {
  readonly #host: AmendHost;
  #id: string | undefined;
  #draft: AmendDraft = { quantity: '', limitPrice: '', stopPrice: '' };
  /** What was edited: the rest follows the order. */
  readonly #edited = new Set<AmendField>();
  /** What was left to trade when somebody last said what shall be. */
  #leavesThen: Decimal | undefined;
  /** The terms that the form was last written for. */
  #readTerms = '';
  /** The last of them that could be sent. */
  #knownTerms = '';
  /** Whether they are others than before by a person's doing. */
  #isByHand = true;
  /** When they last became others by themselves. */
  #movedAt = -Infinity;
  /** The warnings that somebody has ticked, with the terms that they are of. */
  #heeded: Heeded | undefined;

  constructor(host: AmendHost) {
    this.#host = host;
  }

  /** The order that is being changed, or undefined. */
  get id(): string | undefined {
    return this.#id;
  }

  open(clientOrderId: string): void {
    this.#id = clientOrderId;
    this.#edited.clear();
    this.#leavesThen = undefined;
    this.#heeded = undefined;
    this.#isByHand = true;
    this.#knownTerms = '';
    this.#movedAt = -Infinity;
    this.#host.changed();
  }

  close(): void {
    if (this.#id === undefined) return;
    this.#id = undefined;
    this.#host.changed();
  }

  /** Judges the draft by what is true now. Undefined while nothing is open, and for good once the order can't be changed. */
  look(): AmendSight | undefined {
    const order = this.#id === undefined ? undefined : this.#host.order(this.#id);
    if (order === undefined) {
      this.#id = undefined;
      return undefined;
    }
    const facts = this.#host.facts(order);
    // What fills meanwhile is taken off the rest, unless somebody has said what shall be left.
    const now = amendDraftOf(order, facts.separators, this.#scaleOf(facts));
    const draft = { ...now };
    for (const field of this.#edited) draft[field] = this.#draft[field];
    this.#draft = draft;
    const check = checkAmend(order, draft, facts);
    const warnings = [...check.issues.filter(({ severity }) => severity === 'warning'), ...this.#growth(order, check)];
    return {
      order,
      draft,
      check,
      warnings,
      isHeeded: warnings.length > 0 && isCovered(heededOf(check, warnings), this.#heeded),
    };
  }

  /** Somebody says that the warnings were read, or takes it back. Other terms or warnings ask anew. */
  heed(isRead: boolean): void {
    const seen = this.look();
    this.#heeded = seen && isRead ? heededOf(seen.check, seen.warnings) : undefined;
    this.#host.changed();
  }

  enter(field: AmendField, text: string): void {
    this.#draft = { ...this.#draft, [field]: text };
    this.#edited.add(field);
    this.#isByHand = true;
    if (field === 'quantity' && this.#id !== undefined) this.#leavesThen = this.#host.order(this.#id)?.leaves;
    this.#host.changed();
  }

  take(field: AmendField, value: Decimal): void {
    const order = this.#id === undefined ? undefined : this.#host.order(this.#id);
    if (order === undefined) return;
    const facts = this.#host.facts(order);
    this.enter(field, formatForInput(value, facts.separators, field === 'quantity' ? 0 : this.#scaleOf(facts)));
  }

  step(field: AmendField, direction: 1 | -1): void {
    const seen = this.look();
    if (seen === undefined) return;
    const next = steppedField(seen.check.ticket, field, direction);
    if (next) this.take(field, next);
  }

  /** The form has been written for the terms as they are now. */
  read(): void {
    const terms = termsText(this.look());
    const isOther = terms !== '' && terms !== this.#knownTerms;
    // While it can't be sent, as after a loss, nothing has moved.
    if (isOther && this.#knownTerms !== '' && !this.#isByHand) this.#movedAt = this.#host.now();
    if (isOther) this.#knownTerms = terms;
    this.#readTerms = terms;
    this.#isByHand = false;
  }

  /** Sends the change, judged anew, if its terms are those that were read; says whether it went. */
  send(): boolean {
    const id = this.#id;
    const seen = this.look();
    const terms = seen?.check.terms;
    if (id === undefined || terms === undefined || (seen && seen.warnings.length > 0 && !seen.isHeeded)) return false;
    if (termsText(seen) !== this.#readTerms || isJustNow(this.#movedAt, this.#host.now())) {
      this.#host.changed();
      return false;
    }
    this.#id = undefined;
    this.#host.amend(id, terms);
    this.#host.changed();
    return true;
  }

  /** What was meant to make the order smaller, or to keep it, makes it larger by what has filled since. */
  #growth({ leaves, filled, quantity }: AmendableOrder, { ticket }: AmendCheck): readonly OrderIssue[] {
    const rest = ticket.numbers.quantity;
    if (rest === undefined || this.#leavesThen === undefined) return [];
    if (compare(rest, this.#leavesThen) > 0 || compare(rest, leaves) <= 0) return [];
    const params = { old: formatDecimal(quantity), new: formatDecimal(add(filled, rest)) };
    return [{ code: 'grows_by_fills', field: 'quantity', severity: 'warning', params }];
  }

  #scaleOf({ instrument, stream, symbol }: TicketFacts): number {
    const found = instrument ?? stream?.instrument(symbol);
    return (found && TickTable.of(found)?.scale) ?? 0;
  }
}
