/**
 * Keeps one book of a venue for the stream. The venue's session does the joining and says what failed; here is decided
 * when a new snapshot is asked for. Where a venue proves nothing, one is asked for from time to time, so that what was
 * lost unseen does not stay lost; and so it is where the market has moved to the end of what a partial snapshot knew.
 */
import type { BookKeeper } from '../book-keeper.js';
import { ResyncPlan } from '../resync-plan.js';
import type { VerdictReason, Verification } from '../verdict.js';
import { VenueBook } from './venue-books.js';

/** How often a book that nothing proves is asked for anew. */
export const REFRESH_MS = 60_000;
/** How often one whose checksum proves its top only. */
const DEEP_REFRESH_MS = 300_000;

export interface KeeperHost {
  /** Whether snapshots have to be asked for from the start, since the venue sends none by itself. */
  readonly asksForSnapshots: boolean;
  /** How books are proved until a snapshot has said so. */
  readonly verified: Verification;
  ask(symbol: string, now: number): boolean;
  /** A book that was good is not any more. `isGap`: a message is missing. */
  countFault(isGap: boolean): void;
}

export class VenueKeeper extends VenueBook implements BookKeeper {
  readonly #host: KeeperHost;
  readonly #plan: ResyncPlan;
  #isExpected = false;
  /** Levels a side wanted. */
  #depth = 0;
  /** When the book was last made new, or asked for in silence. */
  #freshAt = 0;
  /** Levels that the last snapshot knew, on the side that it knew fewer of. */
  #knownAtFirst = 0;

  constructor(symbol: string, host: KeeperHost) {
    super(symbol);
    this.#host = host;
    this.#plan = new ResyncPlan((now) => host.ask(symbol, now));
    this.verified = host.verified;
    this.suspicion = undefined;
  }

  /** Whether anybody wants it on this link. */
  get isExpected(): boolean {
    return this.#isExpected;
  }

  expect(now: number, depth: number): void {
    this.#depth = depth;
    if (this.#isExpected) return;
    this.#isExpected = true;
    this.suspicion = 'awaiting_snapshot';
    if (this.#host.asksForSnapshots) this.#plan.expect(now, FIRST_ASK_MS);
    else this.#plan.expect(now);
  }

  linkLost(): void {
    this.#isExpected = false;
    this.suspicion = this.book === undefined ? undefined : 'awaiting_snapshot';
    this.#plan.stop();
  }

  discard(): void {
    this.linkLost();
    this.book = undefined;
    this.suspicion = undefined;
  }

  suspect(reason: VerdictReason, now: number): void {
    // What is numbered shows by itself whether anything is missing.
    if (!this.#isExpected || this.suspicion !== undefined || this.verified.by === 'sequence') return;
    this.suspicion = reason;
    this.fault(now);
  }

  /** The session has told of a fault; `suspicion` says which. */
  fault(now: number): void {
    this.#host.countFault(this.suspicion === 'sequence_gap');
    this.#plan.fault(now);
  }

  /** The session has brought a good snapshot. */
  renewed(now: number): void {
    this.#plan.synced(now);
    this.#freshAt = now;
    this.#knownAtFirst = this.#known;
  }

  pulse(now: number): void {
    this.#plan.pulse(now);
    if (!this.#isExpected || this.suspicion !== undefined) return;
    // However the clock was moved, no wait is endless.
    if (Math.abs(now - this.#freshAt) < this.#refreshMs) return;
    if (this.#host.ask(this.symbol, now)) this.#freshAt = now;
  }

  /** After how long the book is asked for although nothing is wrong with it; `Infinity` for never. */
  get #refreshMs(): number {
    const { verified } = this;
    // One that drifts to its horizon has rows left to lose before it is asked for.
    const isShort = this.#known * 2 < Math.min(this.#depth, this.#knownAtFirst);
    if (verified.by === 'nothing' || isShort) return REFRESH_MS;
    return verified.by === 'checksum' && verified.depth < this.#depth ? DEEP_REFRESH_MS : Infinity;
  }

  /** Levels that are known, on the side of which fewer are; `Infinity` where all are. */
  get #known(): number {
    const { book } = this;
    if (book === undefined) return 0;
    return Math.min(
      ...[book.bids, book.asks].map((side) => (Number.isNaN(side.horizon) ? Infinity : side.knownLength)),
    );
  }
}

/** Long enough for the first update to be here before the snapshot is asked for: it must reach across. */
const FIRST_ASK_MS = 500;
