/**
 * The judgement: from what is known of a symbol and its link, may its numbers be shown as live? Pure, and by the clock,
 * so that it is right whenever it is asked, also after a sleep in which no timer ran. Worst wins.
 */
import type { TradingPhase } from '../book/instrument.js';
import type { Silence } from './feed-silence.js';
import type { Rhythm } from './rhythm.js';
import type { VerdictReason, VerdictState, Verification } from './verdict.js';

/** The guide's feed repeats each row ten times a second. Without one for this long it is named silent, as a warning. */
export const SILENT_AFTER_MS = 1_000;
/** How long the first data, or a row that is due, may take. */
export const STALE_AFTER_MS = 5_000;
/** A book that its venue repeats at fixed times is stale when so many repetitions are missing. */
const MISSED_REPEATS = 3;
/** Data that arrive later than this after they were made are `delayed`. */
export const LATE_AFTER_MS = 5_000;

/** What is known of the link: the same for all its symbols. */
export interface LinkEvidence {
  /** Why the link is not ready, or undefined when it is. */
  readonly down: VerdictReason | undefined;
  /** Nothing, or no answer to a ping, was heard for too long. */
  readonly isLate: boolean;
  /** What is arriving on it was sent long ago, or may have been: it came after a sleep, and nothing has proved it new. */
  readonly isDelayed: boolean;
  /** How long may pass between two messages of a symbol; `Infinity` where the feed declares no cadence. */
  readonly cadenceMs: number;
  /** What is to be thought of it when nothing comes of any symbol. */
  readonly silence: Silence;
  /** How its data prove themselves. */
  readonly verified: Verification;
}

export interface SymbolEvidence {
  readonly rejected: string | undefined;
  readonly phase: TradingPhase;
  readonly isCrossed: boolean;
  /** Why the book is not to be trusted, or undefined when it is, or when there is none. */
  readonly resyncing: VerdictReason | undefined;
  /** Since when the symbol is wanted on this link. */
  readonly askedAt: number;
  /** When anything last came for it on this link; 0 before the first. */
  readonly heardAt: number;
  /** When its data last changed; 0 before the first. */
  readonly changedAt: number;
  /** How often its data change. */
  readonly rhythm: Pick<Rhythm, 'plausibleMs'>;
  /** How often its book is repeated, changed or not, in milliseconds; undefined where nobody promises that. */
  readonly repeatsMs: number | undefined;
  /** Its last changed row was made long before it arrived. */
  readonly isDelayed: boolean;
}

export const judge = (
  link: LinkEvidence,
  { rejected, phase, resyncing, heardAt, askedAt, changedAt, isCrossed, isDelayed, rhythm, repeatsMs }: SymbolEvidence,
  now: number,
): readonly [VerdictState, VerdictReason] => {
  if (link.down !== undefined) return ['disconnected', link.down];
  if (rejected !== undefined) return ['stale', rejected === 'unknown_symbol' ? 'unknown_symbol' : 'refused'];
  if (phase === 'closed') return ['closed', 'market_closed'];
  if (phase === 'halted') return ['closed', 'market_halted'];
  if (isCrossed) return ['crossed', 'crossed_book'];
  const isOverdue = heardAt === 0 && now - askedAt >= STALE_AFTER_MS;
  if (resyncing !== undefined && !isOverdue) return ['resyncing', resyncing];
  if (link.isLate) return ['stale', 'heartbeat_missed'];
  if (isOverdue) return ['stale', 'feed_silent'];
  if (heardAt === 0) return ['resyncing', 'awaiting_snapshot'];
  const silentMs = now - heardAt;
  const cadenceMs = Math.min(link.cadenceMs, MISSED_REPEATS * (repeatsMs ?? Infinity));
  if (silentMs >= cadenceMs || link.silence === 'standstill') return ['stale', 'feed_silent'];
  if (link.isDelayed || isDelayed) return ['delayed', 'late_data'];
  const isRowDue = link.cadenceMs !== Infinity && silentMs >= SILENT_AFTER_MS;
  if (isRowDue || link.silence === 'named') return ['quiet', 'feed_silent'];
  return now - changedAt >= rhythm.plausibleMs ? ['quiet', 'no_news'] : ['live', 'ok'];
};

/** How long a smallest lag counts. A clock that jumps is thereby found out within two of these. */
const WINDOW_MS = 300_000;

/**
 * How late is a row, when only the server's times are known and not its clock? The smallest difference seen between
 * arrival and the row's own time stands for no delay at all; what exceeds it is delay.
 */
export class LagFloor {
  #previous = Infinity;
  #current = Infinity;
  #windowStart = 0;
  /** When something last came that was not late. */
  inTimeAt = -Infinity;

  /** Takes one arrival in and says by how much it exceeds the least lag seen, in milliseconds. */
  excess(receiveTime: number, eventTime: number): number {
    if (Math.abs(receiveTime - this.#windowStart) >= WINDOW_MS) {
      this.#previous = this.#current;
      this.#current = Infinity;
      this.#windowStart = receiveTime;
    }
    const lag = receiveTime - eventTime;
    this.#current = Math.min(this.#current, lag);
    const excess = lag - Math.min(this.#previous, this.#current);
    if (excess <= LATE_AFTER_MS) this.inTimeAt = receiveTime;
    return excess;
  }

  reset(): void {
    this.#previous = Infinity;
    this.#current = Infinity;
    this.inTimeAt = -Infinity;
  }
}
