import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What a ticket is at this moment, as far as it may be armed. */
export interface ArmScope {
  /** Whether the page lets a ticket be armed, and it can be used. */
  readonly isOffered: boolean;
  /** Whether its prices are good to trade on, and seen. */
  readonly isLive: boolean;
  /** What it would order, for whom and where. */
  readonly subject: readonly unknown[];
  /** How long it may lie unused, in milliseconds. */
  readonly idleMs: number;
  readonly now: number;
}

/** Why a ticket is armed no more, beyond a press of its own button. */
export type DisarmReason = 'idle' | 'left' | 'prices' | 'changed' | 'trouble';

/**
 * Whether one press sends. A person arms a ticket by an act of its own; everything else only ends that: time without use,
 * leaving the page, prices in doubt, another symbol or account, an order that went wrong, Escape. It arms no second time by
 * itself.
 */
export class Arming implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #scope: () => ArmScope;
  #subject: readonly unknown[] | undefined;
  #usedAt = 0;
  #why: DisarmReason | undefined;

  constructor(host: ReactiveControllerHost & Element, scope: () => ArmScope) {
    this.#host = host;
    this.#scope = scope;
    host.addController(this);
    for (const type of ['keydown', 'pointerdown', 'input']) host.addEventListener(type, () => this.use());
  }

  /** Why it was disarmed; undefined while it is armed, was never, or was disarmed by hand. */
  get why(): DisarmReason | undefined {
    return this.#why;
  }

  /** Whether it is armed now. What has ended it meanwhile ends it here, for good. */
  check(): boolean {
    if (this.#subject === undefined) return false;
    const { isOffered, isLive, subject, idleMs, now } = this.#scope();
    const unused = now - this.#usedAt;
    if (!isOffered || !isSame(subject, this.#subject)) this.disarm('changed');
    else if (!isLive) this.disarm('prices');
    // A clock that was set back has lost its word on how long that was.
    else if (unused < 0 || unused >= idleMs) this.disarm('idle');
    return this.#subject !== undefined;
  }

  /** Arms it, where that may be now. */
  arm(): void {
    const { isOffered, isLive, subject, now } = this.#scope();
    if (!isOffered || !isLive) return;
    this.#subject = subject;
    this.#usedAt = now;
    this.#why = undefined;
    this.#host.requestUpdate();
  }

  disarm(why?: DisarmReason): void {
    if (this.#subject === undefined) return;
    this.#subject = undefined;
    this.#why = why;
    this.#host.requestUpdate();
  }

  /** The ticket is being used. */
  use(): void {
    if (this.check()) this.#usedAt = this.#scope().now;
  }

  hostConnected(): void {
    const { ownerDocument } = this.#host;
    ownerDocument.addEventListener('visibilitychange', this.#leave);
    ownerDocument.addEventListener('keydown', this.#escape, { capture: true });
    globalThis.addEventListener('blur', this.#leave);
  }

  hostDisconnected(): void {
    const { ownerDocument } = this.#host;
    ownerDocument.removeEventListener('visibilitychange', this.#leave);
    ownerDocument.removeEventListener('keydown', this.#escape, { capture: true });
    globalThis.removeEventListener('blur', this.#leave);
    this.disarm('left');
  }

  readonly #leave = (): void => this.disarm('left');

  readonly #escape = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.disarm();
  };
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((each, i) => Object.is(each, b[i]));
