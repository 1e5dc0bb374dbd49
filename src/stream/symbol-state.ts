/**
 * All that is known of one symbol: its book, ticker, trades and phase, and the evidence for its verdict. It takes in
 * messages that have passed the guards and says what they changed; what is not newer changes nothing.
 */
import { scaleOf } from '../book/decimal.js';
import type { Instrument, TradingPhase } from '../book/instrument.js';
import type { BookKeeper } from './book-keeper.js';
import { BookSync } from './book-sync.js';
import { BOOK, TICKER, TRADES, VERDICT } from './delivery.js';
import { Handover } from './handover.js';
import type { Lane } from './lane.js';
import { judge, LATE_AFTER_MS, type SymbolEvidence } from './liveness.js';
import type { Ticker, Trade } from './market-stream.js';
import type { Meter } from './metrics.js';
import { Newest } from './newest.js';
import type { DeltaEntry, DeltaFrame } from './protocol/delta-frame.js';
import type { InstrumentStatusMessage, MarketData, MarketEvent, TradeMessage } from './protocol/messages.js';
import { Rhythm } from './rhythm.js';
import type { Settings } from './settings.js';
import { isSameRow, readTicker } from './ticker-row.js';
import type { Verdict, VerdictReason } from './verdict.js';

export interface SymbolHost {
  readonly settings: Pick<Settings, 'bufferSize' | 'staleAfter'>;
  readonly meter: Meter;
  /** Asks for a snapshot of a symbol on a connection. False when that is not possible just now. */
  askForBook(symbol: string, lane: Lane, now: number): boolean;
}

export class SymbolState implements SymbolEvidence {
  readonly symbol: string;
  /** The connection that serves it. */
  lane: Lane;
  /** Who keeps its book: ours, or a venue's. */
  sync: BookKeeper;
  /** The connection that is to serve it, while it is on its way there. */
  handover: Handover | undefined;
  #own: BookSync;
  readonly #host: SymbolHost;
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
  readonly rhythm = new Rhythm();
  #trades: Trade[] = [];
  #tradeView: readonly Trade[] | undefined;
  #unseenTrades = 0;
  #tickerPlace = new Newest();
  #tradePlace = new Newest();
  #statusPlace = new Newest();
  /** Whether the last trade was heard on a session that may be taken up. */
  #hasTradeMark = false;
  /** When a row came that was late by its own time; `-Infinity` while none is. */
  #delayedAt = -Infinity;
  #verdict: Verdict | undefined;

  constructor(symbol: string, host: SymbolHost, lane: Lane, now: number) {
    this.symbol = symbol;
    this.#host = host;
    this.lane = lane;
    this.#own = this.#makeSync();
    this.sync = this.#own;
    this.askedAt = now;
    this.shown = this.verdict(now);
  }

  get phase(): TradingPhase {
    return this.instrument?.phase ?? 'continuous';
  }

  /** A book of before a loss may be of another phase; it says nothing until the next one comes. */
  get isCrossed(): boolean {
    return !this.mayCross && this.sync.suspicion !== 'awaiting_snapshot' && this.sync.book?.isCrossed === true;
  }

  /** Only where nothing trades: an auction that is halted or put off leaves its book crossed. */
  get mayCross(): boolean {
    return this.phase !== 'continuous';
  }

  get resyncing(): VerdictReason | undefined {
    return this.sync.suspicion;
  }

  get repeatsMs(): number | undefined {
    return this.sync.repeatsMs;
  }

  get isDelayed(): boolean {
    return this.#delayedAt > -Infinity;
  }

  /** Newest last; a new array whenever there is a new one. */
  get trades(): readonly Trade[] {
    return (this.#tradeView ??= this.#trades.slice());
  }

  /** Where its trades stand, if a session may be taken up from there. */
  get tradeMark(): readonly [epoch: string, sequence: number] | undefined {
    return this.#hasTradeMark ? this.#tradePlace.mark : undefined;
  }

  /** Trades from here on are another run: those in between are not asked for. */
  forgetTradeMark(): void {
    this.#hasTradeMark = false;
  }

  /** The server can't say what was missed: its trades begin anew, after a hole. */
  resetTrades(): void {
    if (this.#tradePlace.mark !== undefined) this.#host.meter.counts.gaps += 1;
    this.#tradePlace.forget();
    this.#hasTradeMark = false;
  }

  /** The link is gone: what came on it proves nothing on the next, from its first moment on. */
  linkLost(now: number): void {
    this.askedAt = now;
    this.heardAt = 0;
    this.#delayedAt = -Infinity;
    this.rhythm.skip();
    this.sync.linkLost();
  }

  linkReady(now: number): void {
    this.linkLost(now);
    this.#forgetPlaces();
  }

  /** Another connection is to serve it from now on. The last book stays to be looked at until the next one comes. */
  moveTo(lane: Lane, now: number): void {
    if (this.handover?.lane !== lane) this.handover = undefined;
    if (lane === this.lane) return;
    this.linkLost(now);
    this.lane.left();
    this.lane = lane;
    this.#forgetPlaces();
  }

  /** Another connection begins to serve it beside the present one. */
  prepare(lane: Lane): void {
    this.handover = new Handover(lane, this.#makeSync(), Math.ceil(this.#host.settings.bufferSize));
  }

  /** Takes over what the other connection has brought. Returns what changed, as bits. */
  takeOver(handover: Handover, now: number): number {
    this.handover = undefined;
    this.lane.left();
    this.lane = handover.lane;
    this.toldBy = handover.toldBy;
    this.#own = handover.own;
    this.sync = handover.keeper;
    this.rejected = undefined;
    this.#delayedAt = -Infinity;
    this.heardAt = now;
    this.#forgetPlaces();
    const known = new Set(this.#trades.map(({ tradeId }) => tradeId));
    let changes = this.sync.book === undefined ? 0 : BOOK;
    for (const message of handover.held) {
      const isKnown = message.type === 'trade' && message.data.tradeId !== '' && known.has(message.data.tradeId);
      // Its number counts all the same: the next one follows it.
      if (isKnown) this.#tradePlace.take(message.epoch, message.seq);
      else changes |= this.apply(message, now) ?? 0;
    }
    return changes;
  }

  /**
   * Takes a message in. Returns what it changed, as bits, 0 when it said nothing new; undefined when it could not be read
   * after all.
   */
  apply(message: MarketEvent, now: number): number | undefined {
    switch (message.type) {
      case 'market_data':
        return this.#applyTicker(message, now);
      case 'trade':
        return this.#applyTrade(message, now);
      case 'instrument_status':
        return this.#applyStatus(message, now);
      default: {
        const isChanged = this.#own.receive(message, this.mayCross, now);
        this.bookHeard(isChanged, now);
        return isChanged ? BOOK : 0;
      }
    }
  }

  /** As `apply`, for a delta whose digits have been read. Undefined, and nothing done, when only the long way can tell. */
  applyDelta(frame: DeltaFrame, entry: DeltaEntry, now: number): number | undefined {
    const isChanged = this.#own.receiveUnits(frame, entry, this.mayCross, now);
    if (isChanged === undefined) return undefined;
    this.bookHeard(isChanged, now);
    return isChanged ? BOOK : 0;
  }

  /** Its keeper has heard of its book. */
  bookHeard(isChanged: boolean, now: number): void {
    this.heardAt = now;
    if (isChanged) this.#changed(now);
  }

  /** A listener has been told of the trades. */
  tradesSeen(): void {
    this.#unseenTrades = 0;
  }

  /** Whether the verdict of this moment says something else than what the listeners know. */
  isVerdictNew(now: number, link = this.lane.evidence(now)): boolean {
    const { shown } = this;
    const [state, reason] = judge(link, this, now);
    // Since when it says so is known from the first look on.
    if (state !== this.#verdict?.state || reason !== this.#verdict.reason) this.verdict(now);
    return state !== shown.state || reason !== shown.reason || (this.sync.verified ?? link.verified) !== shown.verified;
  }

  /** The verdict of this moment. The same object as before while nothing about it has changed. */
  verdict(now: number): Verdict {
    const old = this.#verdict;
    const link = this.lane.evidence(now);
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

  #applyTicker({ epoch, seq, data }: MarketData, now: number): number | undefined {
    const row = readTicker(data, now);
    if (row === undefined) return undefined;
    if (epoch !== undefined && seq !== undefined && this.#tickerPlace.take(epoch, seq) < 0) return 0;
    const old = this.ticker;
    // In the guide's dialect a row's own time is all there is to judge it by.
    if (this.lane.connection.dialect === 'guide') this.#judgeAge(row, old);
    this.heardAt = now;
    // The guide's server repeats a row ten times a second, changed or not.
    if (old !== undefined && isSameRow(old, row)) return 0;
    this.ticker = row;
    this.#changed(now);
    return TICKER;
  }

  #applyTrade({ epoch, seq, data }: TradeMessage, now: number): number {
    const { settings, meter } = this.#host;
    const skipped = this.#tradePlace.take(epoch, seq);
    if (skipped < 0) return 0;
    if (skipped > 0) meter.counts.gaps += 1;
    this.#hasTradeMark = true;
    this.heardAt = now;
    this.#changed(now);
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

  #changed(now: number): void {
    this.changedAt = now;
    this.rhythm.heard(now);
  }

  /**
   * A row that has changed and is late by its own time means that rows are held up somewhere. That ends with a row in
   * time, or with any row that follows the answer to a ping which we sent after the late one: answers come in order, so
   * what was held up before it has arrived. The first row of a link is measured too, though not judged: it may be old by
   * right, but what is held up right after it has nothing else to be compared with.
   */
  #judgeAge(row: Ticker, old: Ticker | undefined): void {
    const { lag, connection } = this.lane;
    const { receiveTime: now, eventTime } = row;
    const isFirst = this.heardAt === 0;
    const isMoved = old !== undefined && eventTime > 0 && eventTime !== old.eventTime;
    // A clock that was set back must not put it ahead of every answer.
    this.#delayedAt = Math.min(this.#delayedAt, now);
    const isLate = eventTime > 0 && (isMoved || isFirst) && lag.excess(now, eventTime) > LATE_AFTER_MS;
    // A repeat does not say when it was sent: after a silence that may have been long ago.
    const isUnsure = !isMoved && !isFirst && now - this.heardAt >= this.#host.settings.staleAfter;
    if (isMoved ? isLate : isUnsure) this.#delayedAt = now;
    else if (isMoved || connection.pings.provenAt > this.#delayedAt) this.#delayedAt = -Infinity;
  }

  #forgetPlaces(): void {
    // A restarted server may count from the start again under the same name.
    this.#tickerPlace.forget();
    this.#statusPlace.forget();
  }

  #makeSync(): BookSync {
    const { settings, meter } = this.#host;
    const ask = (now: number): boolean => {
      const lane = sync === this.handover?.own ? this.handover.lane : this.lane;
      return this.#host.askForBook(this.symbol, lane, now);
    };
    const sync = new BookSync(this.symbol, { settings, meter, ask }, () => this.#scales());
    return sync;
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
