/**
 * Keeps one book of a venue for the stream. The venue's session does the joining and says what failed; here is decided
 * when a new snapshot is asked for. Where a venue proves nothing, one is asked for from time to time, so that what was
 * lost unseen does not stay lost; and so it is where the market has moved to the end of what a partial snapshot knew.
 */
import type { BookKeeper } from '../book-keeper.js';
import { isOver } from '../clock.js';
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
  /** When it was asked for anew although nothing was wrong; NaN while no answer is awaited. */
  #refreshedAt = Number.NaN;
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
    this.begunAnew(now);
  }

  /** The venue was asked for it from the start: what there is is kept up no more. */
  begunAnew(now: number): void {
    this.suspicion = 'awaiting_snapshot';
    this.#refreshedAt = Number.NaN;
    if (this.#host.asksForSnapshots) this.#plan.expect(now, FIRST_ASK_MS);
    else this.#plan.expect(now);
  }

  linkLost(): void {
    this.#isExpected = false;
    this.#refreshedAt = Number.NaN;
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
    this.#refreshedAt = Number.NaN;
    this.#knownAtFirst = this.#known;
  }

  pulse(now: number): void {
    this.#plan.pulse(now);
    if (!this.#isExpected || this.suspicion !== undefined) return;
    if (isOver(this.#refreshedAt, REFRESH_PATIENCE_MS, now)) return this.begunAnew(now);
    // However the clock was moved, no wait is endless.
    if (!isOver(this.#freshAt, this.#refreshMs, now)) return;
    // Where the snapshot comes on the stream, the updates are ended for it. By HTTP it comes beside them. Noted first,
    // since a transport within the page may answer at once.
    if (!this.#host.asksForSnapshots) this.#refreshedAt = now;
    if (this.#host.ask(this.symbol, now)) this.#freshAt = now;
    else this.#refreshedAt = Number.NaN;
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

/** How long a book counts as good whose updates were ended, to have it anew, before it is doubted. */
const REFRESH_PATIENCE_MS = 2_000;
/** Long enough for the first update to be here before the snapshot is asked for: it must reach across. */
const FIRST_ASK_MS = 500;
