/**
 * One connection of a stream: what its far end was told, and how far what arrives on it may be believed. A stream has one,
 * and more where one may not carry all symbols, or where another is to take its place.
 */
import { Connection, type ConnectionEvents, type ConnectionOptions } from './connection.js';
import { isOver } from './clock.js';
import { FeedSilence, type Witness } from './feed-silence.js';
import { PROBE_MS } from './heartbeat.js';
import type { LivedTime } from './lived-time.js';
import { LagFloor, LATE_AFTER_MS, type LinkEvidence } from './liveness.js';
import { ResyncBudget } from './resync-budget.js';
import { type Marked, marksOf, Resume } from './resume.js';
import type { Settings } from './settings.js';
import { Telling, type TellingHost } from './telling.js';
import { BY_NOTHING, BY_SEQUENCE } from './verdict.js';

export interface LaneOptions extends Omit<ConnectionOptions, 'resume'> {
  readonly settings: ConnectionOptions['settings'] & Pick<Settings, 'staleAfter'>;
  /** Whether time has passed in which nothing ran. */
  readonly lived: Pick<LivedTime, 'unseen'>;
  /** What is known of its symbols. */
  symbols(): readonly (Witness & Marked)[];
}

export class Lane {
  readonly connection: Connection;
  readonly telling: Telling;
  /** What may be taken up of its session after a loss. */
  readonly resume: Resume;
  readonly budget = new ResyncBudget();
  /** Lags of data by their own time, where that is all there is to judge them by. */
  readonly lag = new LagFloor();
  /** How long before the end of its link it is replaced, in milliseconds. */
  readonly marginMs: number;
  /** Calls off the replacement that waits for a moment that the far end has named. */
  cancelWait: (() => void) | undefined;
  /** Who takes its place, once that is planned. */
  successor: Lane | undefined;
  /** When its successor was ready; NaN before. */
  handoverAt = Number.NaN;
  /** Symbols that the far end takes. */
  limit = Infinity;
  readonly #options: LaneOptions;
  #verified = BY_NOTHING;
  /** When something last came that was long on the way; `-Infinity` while nothing is. */
  #delayedAt = -Infinity;
  /** When it was noticed that nothing had run for long: what comes then may be old. `-Infinity` while nothing is doubted. */
  #awokeAt = -Infinity;
  #feed: FeedSilence;

  constructor(
    marginMs: number,
    optionsOf: (lane: Lane) => LaneOptions,
    events: (lane: Lane) => ConnectionEvents,
    telling: (lane: Lane) => TellingHost,
  ) {
    const options = optionsOf(this);
    this.marginMs = marginMs;
    this.#options = options;
    this.#feed = new FeedSilence(options.clock.now());
    this.resume = new Resume(() => marksOf(options.symbols()));
    this.connection = new Connection({ ...options, resume: this.resume }, events(this));
    this.telling = new Telling(this.connection, telling(this));
  }

  /** Symbols that still fit on it. */
  get room(): number {
    return this.successor === undefined ? this.limit - this.telling.size : 0;
  }

  get isOpen(): boolean {
    return this.connection.dialect !== undefined;
  }

  /** Whether there is a link, or one is being made. */
  get isTrying(): boolean {
    const { state } = this.connection.status;
    return state !== 'idle' && state !== 'closed';
  }

  /** Closed by the far end for good. */
  get isGivenUp(): boolean {
    const { state, reason } = this.connection.status;
    return state === 'closed' && reason !== 'closed_by_page';
  }

  /** A link is ready, and nothing has come on it yet. */
  ready(): void {
    const { dialect, welcome } = this.connection;
    const most = welcome?.data.limits.symbols ?? 0;
    this.limit = most > 0 ? most : Infinity;
    this.#verified = dialect === 'touchline' ? BY_SEQUENCE : BY_NOTHING;
    this.#delayedAt = -Infinity;
    this.#awokeAt = -Infinity;
    this.#feed = new FeedSilence(this.#options.clock.now());
    this.lag.reset();
  }

  /** How late something was. True when that changes, or confirms, that all data of the link count as late. */
  noteLag(latencyMs: number, now: number): boolean {
    const wasDelayed = this.#delayedAt !== -Infinity;
    const isLate = latencyMs > LATE_AFTER_MS;
    this.#delayedAt = isLate ? now : -Infinity;
    if (!isLate) this.#awokeAt = -Infinity;
    return wasDelayed;
  }

  /** Data of any of its symbols have come. */
  heard(now: number): void {
    this.#feed.heard(now);
  }

  /** A symbol of it is here no more: what is missed of it from now on proves nothing. */
  left(): void {
    this.#feed.forgetWitnesses();
  }

  /** A row was in time by the only time that it has. */
  heardInTime(now: number): void {
    if (this.lag.inTimeAt === now) this.#awokeAt = -Infinity;
  }

  /** Nothing ran for so long: what comes now may have waited for us. */
  slept(unseenMs: number, now: number): void {
    if (unseenMs >= LATE_AFTER_MS) this.#awokeAt = now;
    this.#feed.skip(now);
  }

  evidence(now: number): LinkEvidence {
    const { connection } = this;
    const options = this.#options;
    const isGuide = connection.dialect === 'guide';
    return {
      down: connection.down,
      isLate: connection.isLate(now),
      isDelayed: connection.pings.provenAt <= this.#delayedAt || this.#isWaking(now),
      cadenceMs: isGuide ? options.settings.staleAfter : Infinity,
      // Where every row has a cadence, a silence is judged by that.
      silence: isGuide ? 'none' : this.#feed.judge(now, () => options.symbols()),
      verified: this.#verified,
    };
  }

  /** Whether what has come since a sleep is unproved: neither was it in time, nor has a ping been answered since. */
  #isWaking(now: number): boolean {
    const { connection } = this;
    if (this.#options.lived.unseen(now) >= LATE_AFTER_MS) return true;
    if (connection.pings.provenAt >= this.#awokeAt) return false;
    // A venue that names no times cannot prove itself: what it had kept for us has come within a moment.
    return connection.dialect !== 'venue' || !isOver(this.#awokeAt, PROBE_MS, now);
  }

  dispose(): void {
    this.cancelWait?.();
    this.connection.dispose();
    this.telling.closed();
  }
}
