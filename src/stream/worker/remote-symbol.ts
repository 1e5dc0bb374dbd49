/** One symbol in a page whose feed is in a worker: who wants it, what the worker has said of it, and the verdict of now. */
import type { Instrument } from '../../book/instrument.js';
import type { Ticker, Trade } from '../market-stream.js';
import type { Holder, ServerPace } from '../server-pace.js';
import { BY_NOTHING, BY_SEQUENCE, type Verdict, type VerdictReason, type Verification } from '../verdict.js';
import { FrameBook } from './frame-book.js';
import type { WorkerWant } from './worker-messages.js';

/** What is known of the worker and of its link. */
export interface RemoteEvidence {
  /** Why there is nothing behind the numbers; undefined when there is. */
  readonly down: VerdictReason | undefined;
  /** The worker has not been heard of for too long, by the page's own clock. */
  readonly isLate: boolean;
}

/** How a subscription wants it. */
export interface PageHolder extends Holder {
  readonly priority: number;
}

export class RemoteSymbol {
  readonly symbol: string;
  readonly mark: number;
  readonly holders = new Set<PageHolder>();
  /** When the last holder left; NaN while there is one. */
  leftAt = Number.NaN;
  /** What the worker has been told, as text; empty for nothing. */
  toldWant = '';
  book: FrameBook | undefined;
  ticker: Ticker | undefined;
  instrument: Instrument | undefined;
  /** The worker's verdict; undefined before its first. */
  told: Verdict | undefined;
  #shown: Verdict | undefined;
  #compared: Verdict | undefined;
  #dataAt = 0;
  #trades: Trade[] = [];
  #tradeView: readonly Trade[] | undefined;
  #unseenTrades = 0;

  constructor(symbol: string, mark: number) {
    this.symbol = symbol;
    this.mark = mark;
  }

  /** Newest last; a new array whenever there is a new one. */
  get trades(): readonly Trade[] {
    return (this.#tradeView ??= this.#trades.slice());
  }

  /** The most that any holder wants, and less while the page cannot keep up; undefined when none does. */
  want(pace: ServerPace): WorkerWant | undefined {
    if (this.holders.size === 0) return undefined;
    const holders = [...this.holders];
    return {
      depth: pace.depth(Math.max(...holders.map(({ book }) => book)), holders),
      leastDepth: Math.max(1, ...holders.map(({ book, leastDepth = book }) => Math.min(book, leastDepth))),
      trades: holders.some(({ trades }) => trades > 0),
      priority: Math.max(...holders.map(({ priority }) => priority)),
      throttle: pace.throttleMs(holders),
    };
  }

  /** The book that is to take the next frame. */
  bookToPlace(): FrameBook {
    return (this.book ??= new FrameBook(this.symbol));
  }

  dropBook(): void {
    this.book = undefined;
  }

  dataArrived(at: number): void {
    this.#dataAt = at;
  }

  /** Returns how many fell out of the ring unseen. */
  addTrades(trades: readonly Trade[], bufferSize: number): number {
    this.#trades.push(...trades);
    this.#tradeView = undefined;
    this.#unseenTrades += trades.length;
    this.#trades.splice(0, Math.max(0, Math.ceil(this.#trades.length - bufferSize)));
    const dropped = Math.max(0, this.#unseenTrades - this.#trades.length);
    this.#unseenTrades -= dropped;
    return dropped;
  }

  tradesSeen(): void {
    this.#unseenTrades = 0;
  }

  /** The verdict of this moment, worst wins. The same object as before while nothing about it has changed. */
  verdict({ down, isLate }: RemoteEvidence, now: number): Verdict {
    const { told } = this;
    let state = told?.state ?? 'resyncing';
    let reason = told?.reason ?? 'awaiting_snapshot';
    if (down !== undefined) {
      state = 'disconnected';
      reason = down;
    } else if (isLate && (state === 'live' || state === 'quiet' || state === 'delayed')) {
      state = 'stale';
      reason = 'heartbeat_missed';
    }
    const old = this.#shown;
    const isNew = old?.state !== state || old.reason !== reason;
    const verified = told?.verified ?? BY_NOTHING;
    const dataAt = Math.max(told?.dataAt ?? 0, this.#dataAt);
    if (!isNew && old.verified === verified && old.dataAt === dataAt) return old;
    const isTolds = told?.state === state && told.reason === reason;
    const since = isNew ? (isTolds ? told.since : now) : old.since;
    return (this.#shown = { state, reason, verified, since, dataAt });
  }

  /** Whether the verdict says something else than when this was last asked. */
  isVerdictNew(evidence: RemoteEvidence, now: number): boolean {
    const before = this.#compared;
    const { state, reason, verified } = (this.#compared = this.verdict(evidence, now));
    return before?.state !== state || before.reason !== reason || before.verified !== verified;
  }

  /** Another worker, or another place in it: whatever was said proves nothing any more. */
  forgetTold(): void {
    this.toldWant = '';
    this.told = undefined;
  }

  /** Takes the worker's verdict over. */
  tell(verdict: Verdict): void {
    this.told = { ...verdict, verified: this.#sameProof(verdict.verified) };
  }

  /** One object for one proof, as it is where no worker is between. */
  #sameProof(verified: Verification): Verification {
    if (verified.by === 'sequence') return BY_SEQUENCE;
    if (verified.by === 'nothing') return BY_NOTHING;
    const old = this.#shown?.verified;
    return old?.by === 'checksum' && old.depth === verified.depth ? old : verified;
  }
}
