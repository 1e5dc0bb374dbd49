/**
 * All that is known of one symbol: its book, ticker, trades and phase, and the evidence for its verdict. It takes in
 * messages that have passed the guards and says what they changed; what is not newer changes nothing.
 */
import { scaleOf } from '../book/decimal.js';
import type { Instrument, TradingPhase } from '../book/instrument.js';
import type { BookKeeper } from './book-keeper.js';
import { BookSync, type BookSyncHost } from './book-sync.js';
import { BOOK, TICKER, TRADES, VERDICT } from './delivery.js';
import { judge, type LagFloor, LATE_AFTER_MS, type LinkEvidence, type SymbolEvidence } from './liveness.js';
import type { Ticker, Trade } from './market-stream.js';
import { Newest } from './newest.js';
import type { InstrumentStatusMessage, MarketData, MarketEvent, TradeMessage } from './protocol/messages.js';
import { isSameRow, readTicker } from './ticker-row.js';
import type { Verdict, VerdictReason } from './verdict.js';

export class SymbolState implements SymbolEvidence {
  readonly symbol: string;
  /** Who keeps its book: ours, or a venue's. */
  sync: BookKeeper;
  readonly #own: BookSync;
  readonly #host: BookSyncHost;
  instrument: Instrument | undefined;
  ticker: Ticker | undefined;
  rejected: string | undefined;
  /** The `id` of the newest message that told the server what is wanted of it. */
  toldBy: string | undefined;
  /** The verdict that the listeners know of. */
  shown: Verdict;
  askedAt: number;
  heardAt = 0;
  changedAt = 0;
  #trades: Trade[] = [];
  #tradeView: readonly Trade[] | undefined;
  #unseenTrades = 0;
  #tickerPlace = new Newest();
  #tradePlace = new Newest();
  #statusPlace = new Newest();
  /** When a row came that was late by its own time; `-Infinity` while none is. */
  #delayedAt = -Infinity;
  #verdict: Verdict | undefined;

  constructor(symbol: string, host: BookSyncHost, link: LinkEvidence, now: number) {
    this.symbol = symbol;
    this.#host = host;
    this.#own = new BookSync(symbol, host, () => this.#scales());
    this.sync = this.#own;
    this.askedAt = now;
    this.shown = this.verdict(link, now);
  }

  get phase(): TradingPhase {
    return this.instrument?.phase ?? 'continuous';
  }

  get isCrossed(): boolean {
    return this.phase === 'continuous' && this.sync.book?.isCrossed === true;
  }

  get resyncing(): VerdictReason | undefined {
    return this.sync.suspicion;
  }

  get isDelayed(): boolean {
    return this.#delayedAt > -Infinity;
  }

  /** Newest last; a new array whenever there is a new one. */
  get trades(): readonly Trade[] {
    return (this.#tradeView ??= this.#trades.slice());
  }

  /** The link is gone: what came on it proves nothing on the next, from its first moment on. */
  linkLost(now: number): void {
    this.askedAt = now;
    this.heardAt = 0;
    this.#delayedAt = -Infinity;
    this.sync.linkLost();
  }

  linkReady(now: number): void {
    this.linkLost(now);
    // A restarted server may count from the start again under the same name.
    this.#tickerPlace.forget();
    this.#statusPlace.forget();
  }

  /**
   * Takes a message in. Returns what it changed, as bits, 0 when it said nothing new; undefined when it could not be read
   * after all. `lag` is there in the guide's dialect, where a row's own time is all there is to judge it by.
   */
  apply(message: MarketEvent, now: number, provenAt: number, lag: LagFloor | undefined): number | undefined {
    switch (message.type) {
      case 'market_data':
        return this.#applyTicker(message, now, provenAt, lag);
      case 'trade':
        return this.#applyTrade(message, now);
      case 'instrument_status':
        return this.#applyStatus(message, now);
      default: {
        // An auction may cross the book; so may the moment before the phase is known to have changed.
        const mayCross = this.phase === 'auction' || this.phase === 'pre_open';
        const isChanged = this.#own.receive(message, mayCross, now);
        this.bookHeard(isChanged, now);
        return isChanged ? BOOK : 0;
      }
    }
  }

  /** Its keeper has heard of its book. */
  bookHeard(isChanged: boolean, now: number): void {
    this.heardAt = now;
    if (isChanged) this.changedAt = now;
  }

  /** A listener has been told of the trades. */
  tradesSeen(): void {
    this.#unseenTrades = 0;
  }

  /** The verdict of this moment. The same object as before while nothing about it has changed. */
  verdict(link: LinkEvidence, now: number): Verdict {
    const old = this.#verdict;
    const verified = this.sync.verified ?? link.verified;
    const dataAt = this.changedAt;
    const [state, reason] = judge(link, this, now);
    const isNew = state !== old?.state || reason !== old.reason;
    if (!isNew && old.verified === verified && old.dataAt === dataAt) return old;
    return (this.#verdict = { state, reason, verified, since: isNew ? now : old.since, dataAt });
  }

  #applyStatus(message: InstrumentStatusMessage, now: number): number {
    if (this.#statusPlace.take(message.epoch, message.seq) < 0) return 0;
    this.heardAt = now;
    const { phase } = message.data;
    if (phase === this.phase) return 0;
    this.instrument = { symbol: this.symbol, ...this.instrument, phase };
    return VERDICT;
  }

  #applyTicker(
    { epoch, seq, data }: MarketData,
    now: number,
    provenAt: number,
    lag: LagFloor | undefined,
  ): number | undefined {
    const row = readTicker(data, now);
    if (row === undefined) return undefined;
    if (epoch !== undefined && seq !== undefined && this.#tickerPlace.take(epoch, seq) < 0) return 0;
    const old = this.ticker;
    if (lag !== undefined) this.#judgeAge(row, old, provenAt, lag);
    this.heardAt = now;
    // The guide's server repeats a row ten times a second, changed or not.
    if (old !== undefined && isSameRow(old, row)) return 0;
    this.ticker = row;
    this.changedAt = now;
    return TICKER;
  }

  #applyTrade({ epoch, seq, data }: TradeMessage, now: number): number {
    const { settings, meter } = this.#host;
    const skipped = this.#tradePlace.take(epoch, seq);
    if (skipped < 0) return 0;
    if (skipped > 0) meter.counts.gaps += 1;
    this.heardAt = now;
    this.changedAt = now;
    const { symbol, tradeId, price, quantity: size, aggressor, timestamp: eventTime } = data;
    this.#trades.push({ symbol, tradeId, price, size, aggressor, eventTime });
    this.#tradeView = undefined;
    this.#unseenTrades += 1;
    const surplus = Math.ceil(this.#trades.length - settings.bufferSize);
    if (surplus > 0) {
      this.#trades.splice(0, surplus);
      const unseen = Math.min(this.#unseenTrades, this.#trades.length);
      meter.counts.dropped += this.#unseenTrades - unseen;
      this.#unseenTrades = unseen;
    }
    return TRADES;
  }

  /**
   * A row that has changed and is late by its own time means that rows are held up somewhere. That ends with a row in
   * time, or with any row that follows the answer to a ping which we sent after the late one: answers come in order, so
   * what was held up before it has arrived. The first row of a link is measured too, though not judged: it may be old by
   * right, but what is held up right after it has nothing else to be compared with.
   */
  #judgeAge(row: Ticker, old: Ticker | undefined, provenAt: number, lag: LagFloor): void {
    const { receiveTime: now, eventTime } = row;
    const isFirst = this.heardAt === 0;
    const isMoved = old !== undefined && eventTime > 0 && eventTime !== old.eventTime;
    // A clock that was set back must not put it ahead of every answer.
    this.#delayedAt = Math.min(this.#delayedAt, now);
    const isLate = eventTime > 0 && (isMoved || isFirst) && lag.excess(now, eventTime) > LATE_AFTER_MS;
    // A repeat does not say when it was sent: after a silence that may have been long ago.
    const isUnsure = !isMoved && !isFirst && now - this.heardAt >= this.#host.settings.staleAfter;
    if (isMoved ? isLate : isUnsure) this.#delayedAt = now;
    else if (isMoved || provenAt > this.#delayedAt) this.#delayedAt = -Infinity;
  }

  #scales(): { priceScale: number; sizeScale: number } {
    const { tickTable, tickSize, lotSize } = this.instrument ?? {};
    const ticks = tickTable?.map(([, tick]) => tick) ?? (tickSize === undefined ? [] : [tickSize]);
    return {
      priceScale: Math.max(0, ...ticks.map(scaleOf)),
      sizeScale: Math.max(0, lotSize === undefined ? 0 : scaleOf(lotSize)),
    };
  }
}
