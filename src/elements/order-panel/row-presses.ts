import { isJustNow } from './confirmation.js';

/**
 * Which presses on the rows of orders were meant for them. Not the second one of a double click: on a dialog that has gone
 * from where the row now is, or on a row that has gone and let the next one come under the pointer.
 */
export class RowPresses {
  readonly #now: () => number;
  #goneAt = -Infinity;
  #last = { id: '', at: -Infinity };

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether a dialog has only just gone. */
  get hasJustGone(): boolean {
    return isJustNow(this.#goneAt, this.#now());
  }

  /** A dialog has gone. */
  gone(): void {
    this.#goneAt = this.#now();
  }

  /** Whether a press now is meant for this order. */
  isMeant(clientOrderId: string): boolean {
    const now = this.#now();
    if (this.hasJustGone || (this.#last.id !== clientOrderId && isJustNow(this.#last.at, now))) return false;
    this.#last = { id: clientOrderId, at: now };
    return true;
  }
}
