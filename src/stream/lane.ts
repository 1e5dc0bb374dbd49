/**
 * One connection of a stream: what its far end was told, and how far what arrives on it may be believed. A stream has one,
 * and more where one may not carry all symbols, or where another is to take its place.
 */
import { Connection, type ConnectionEvents, type ConnectionOptions } from './connection.js';
import { LagFloor, LATE_AFTER_MS, type LinkEvidence } from './liveness.js';
import { ResyncBudget } from './resync-budget.js';
import { type NamedMark, Resume } from './resume.js';
import type { Settings } from './settings.js';
import { Telling, type TellingHost } from './telling.js';
import { BY_NOTHING, BY_SEQUENCE } from './verdict.js';

export interface LaneOptions extends Omit<ConnectionOptions, 'resume'> {
  readonly settings: ConnectionOptions['settings'] & Pick<Settings, 'staleAfter'>;
  /** Where trades and books of its symbols stand, the more important first. */
  marks(): Iterable<NamedMark>;
}

export class Lane {
  readonly connection: Connection;
  readonly telling: Telling;
  /** What may be taken up of its session after a loss. */
  readonly resume: Resume;
  readonly budget = new ResyncBudget();
  /** Lags of data by their own time, where that is all there is to judge them by. */
  readonly lag = new LagFloor();
  /** Who takes its place, once that is planned. */
  successor: Lane | undefined;
  /** Symbols that the far end takes. */
  limit = Infinity;
  readonly #settings: LaneOptions['settings'];
  #verified = BY_NOTHING;
  /** When something last came that was long on the way; `-Infinity` while nothing is. */
  #delayedAt = -Infinity;

  constructor(
    optionsOf: (lane: Lane) => LaneOptions,
    events: (lane: Lane) => ConnectionEvents,
    telling: (lane: Lane) => TellingHost,
  ) {
    const options = optionsOf(this);
    this.#settings = options.settings;
    this.resume = new Resume(() => options.marks());
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

  /** A link is ready, and nothing has come on it yet. */
  ready(): void {
    const { dialect, welcome } = this.connection;
    const most = welcome?.data.limits.symbols ?? 0;
    this.limit = most > 0 ? most : Infinity;
    this.#verified = dialect === 'touchline' ? BY_SEQUENCE : BY_NOTHING;
    this.#delayedAt = -Infinity;
    this.lag.reset();
  }

  /** How late something was. True when that changes, or confirms, that all data of the link count as late. */
  noteLag(latencyMs: number, now: number): boolean {
    const wasDelayed = this.#delayedAt !== -Infinity;
    this.#delayedAt = latencyMs > LATE_AFTER_MS ? now : -Infinity;
    return wasDelayed;
  }

  evidence(now: number): LinkEvidence {
    const { connection } = this;
    return {
      down: connection.down,
      isLate: connection.isLate(now),
      isDelayed: connection.pings.provenAt <= this.#delayedAt,
      cadenceMs: connection.dialect === 'guide' ? this.#settings.staleAfter : Infinity,
      verified: this.#verified,
    };
  }

  dispose(): void {
    this.connection.dispose();
    this.telling.closed();
  }
}
