/** Sends frames in order, no faster than a venue allows: what has to wait goes out later, and is gone with its link. */
import type { Clock } from '../clock.js';

export class FramePace {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #send: (text: string) => boolean;
  readonly #waiting: string[] = [];
  /** When each of the newest frames was sent, oldest first. */
  readonly #sentAt: number[] = [];
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, perSecond: number, send: (text: string) => boolean) {
    this.#clock = clock;
    this.#perSecond = Math.max(1, perSecond);
    this.#send = send;
  }

  /** Whether something waits that has not been sent. */
  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  send(frames: readonly string[]): void {
    this.#waiting.push(...frames);
    if (this.#cancelTimer === undefined) this.#drain();
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#waiting.length = 0;
  }

  #drain(): void {
    this.#cancelTimer = undefined;
    const now = this.#clock.now();
    // A clock that was set back must not hold frames for long.
    while (this.#sentAt.length > 0 && Math.abs(now - this.#sentAt[0]!) >= 1_000) this.#sentAt.shift();
    while (this.#waiting.length > 0) {
      if (this.#sentAt.length >= this.#perSecond) {
        const waitMs = Math.max(1, this.#sentAt[0]! + 1_000 - now);
        this.#cancelTimer = this.#clock.setTimer(() => this.#drain(), waitMs);
        return;
      }
      this.#sentAt.push(now);
      this.#send(this.#waiting.shift()!);
    }
  }
}
