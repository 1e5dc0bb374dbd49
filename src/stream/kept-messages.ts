/**
 * Messages that wait for a link. Only what a page calls safe to send late comes here: a wish that still holds, never an
 * order. They are few, each grows too old, and of those with one key only the newest is left. What was handed to a
 * link once is gone from here, whether it arrived or not: nobody knows.
 */
import { isOver } from './clock.js';

export interface KeptMessage {
  readonly text: string;
  /** A later message with the same key takes this one's place. */
  readonly key: string | undefined;
  readonly maxAgeMs: number;
  readonly keptAt: number;
}

export class KeptMessages {
  readonly #limit: number;
  /** Oldest first. */
  #messages: KeptMessage[] = [];
  #dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Messages that were kept and will never be sent: too old, one too many, or let go. One that was replaced is none. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many wait now. */
  count(now: number): number {
    this.#dropOld(now);
    return this.#messages.length;
  }

  add(message: KeptMessage): void {
    const { key, keptAt } = message;
    this.#dropOld(keptAt);
    if (key !== undefined) this.#messages = this.#messages.filter((earlier) => earlier.key !== key);
    this.#messages.push(message);
    if (this.#messages.length <= this.#limit) return;
    this.#messages.shift();
    this.#dropped += 1;
  }

  /** Hands over all that are young enough, oldest first, until one is not taken. */
  flush(now: number, send: (text: string) => boolean): void {
    this.#dropOld(now);
    for (let message = this.#messages.shift(); message !== undefined; message = this.#messages.shift()) {
      if (send(message.text)) continue;
      this.#messages.unshift(message);
      return;
    }
  }

  clear(): void {
    this.#dropped += this.#messages.length;
    this.#messages = [];
  }

  #dropOld(now: number): void {
    const before = this.#messages.length;
    this.#messages = this.#messages.filter(({ keptAt, maxAgeMs }) => !isOver(keptAt, maxAgeMs, now));
    this.#dropped += before - this.#messages.length;
  }
}
