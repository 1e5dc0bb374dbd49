/**
 * Is the other end still there? An open socket proves nothing: a dropped route or a sleeping laptop leaves it open for
 * ever. So we ping, and judge by the clock when we are called, never by whether a timer fired in time. When a call comes
 * much later than planned, the time in between was not lived through: we ask once more before we give up.
 *
 * Any frame counts as life, pongs or data.
 */

/** How long a probe may wait for its answer after the page was away. */
export const PROBE_MS = 3_000;

export class Heartbeat {
  readonly intervalMs: number;
  #heardAt: number;
  #plannedAt: number;
  /** When the ping was sent that nothing has followed yet. */
  #unansweredSince: number | undefined;
  #patienceMs: number;
  #isProbing = false;

  /** `intervalMs`: the time between two pings. Dead after two of them without any answer. */
  constructor(intervalMs: number, now: number) {
    this.intervalMs = intervalMs;
    this.#patienceMs = 2 * intervalMs;
    this.#heardAt = now;
    this.#plannedAt = now;
  }

  heard(now: number): void {
    this.#heardAt = now;
    this.#unansweredSince = undefined;
    this.#isProbing = false;
  }

  /** A ping has gone out. */
  pinged(now: number): void {
    this.#unansweredSince ??= now;
  }

  /** What to do now. `ping`: send one and call `pinged`. Call again after `nextJudgementMs`. */
  judge(now: number): 'wait' | 'ping' | 'dead' {
    this.#rebase(now);
    const overslept = now - this.#plannedAt > this.intervalMs;
    const unanswered = this.#unansweredSince;
    if (unanswered === undefined) {
      this.#patienceMs = 2 * this.intervalMs;
      return 'ping';
    }
    if (now - unanswered < this.#patienceMs) return 'wait';
    if (overslept && !this.#isProbing) return this.probe(now) ? 'ping' : 'wait';
    return 'dead';
  }

  /** Asks for a quick proof of life, e.g. after the tab was hidden. False when one is already being waited for. */
  probe(now: number): boolean {
    if (this.#isProbing) return false;
    this.#isProbing = true;
    this.#unansweredSince = now;
    this.#patienceMs = Math.min(PROBE_MS, 2 * this.intervalMs);
    return true;
  }

  /** Milliseconds until `judge` should be called again. Notes the plan, to know when a call came late. */
  nextJudgementMs(now: number): number {
    const unanswered = this.#unansweredSince;
    const untilDead = unanswered === undefined ? Infinity : unanswered + this.#patienceMs - now;
    const delay = Math.max(0, Math.min(this.intervalMs, untilDead));
    this.#plannedAt = now + delay;
    return delay;
  }

  /** Whether the link may be behind: a ping is overdue, or nothing was heard for so long that we must have slept. */
  isLate(now: number): boolean {
    const unanswered = this.#unansweredSince;
    if (unanswered !== undefined && now - unanswered >= this.intervalMs) return true;
    return now - this.#heardAt >= 2 * this.intervalMs;
  }

  /** A clock that was set back would put the last sign of life into the future, and so forbid any judgement. */
  #rebase(now: number): void {
    if (this.#heardAt > now) this.#heardAt = now;
    if (this.#unansweredSince !== undefined && this.#unansweredSince > now) this.#unansweredSince = now;
  }
}
