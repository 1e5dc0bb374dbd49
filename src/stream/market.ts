/**
 * The symbols of a stream: every message finds its symbol here, and every change of a symbol leaves here as bits for the
 * delivery. The verdicts are compared after each message and a few times a second, since time alone changes them.
 */
import type { BookView } from '../book/book.js';
import { BOOK, type Delivery, TICKER, TRADES, VERDICT } from './delivery.js';
import type { ErrorDesk } from './error-desk.js';
import type { Flight } from './flight.js';
import type { Lane } from './lane.js';
import type { LinkEvidence } from './liveness.js';
import { LivedTime } from './lived-time.js';
import type { Ticker } from './market-stream.js';
import type { Fate, Meter } from './metrics.js';
import type { DeltaFrame } from './protocol/delta-frame.js';
import { ANY_BOOK, checkServerMessage, isMarketEvent } from './protocol/guards-server.js';
import type { MarketDataBatch, MarketEvent, ServerMessage, SubscriptionConfirmed } from './protocol/messages.js';
import { isRecord } from './protocol/shape.js';
import type { Settings } from './settings.js';
import { SymbolState } from './symbol-state.js';
import { BY_NOTHING, type Verdict } from './verdict.js';
import type { Want } from './want.js';

export interface MarketParts {
  readonly settings: Pick<Settings, 'bufferSize' | 'staleAfter'>;
  readonly meter: Meter;
  readonly errors: ErrorDesk;
  readonly delivery: Pick<Delivery, 'mark'>;
  /** A symbol has gone over to the connection that it was prepared for. */
  takenOver(symbol: string): void;
  readonly recorder: Pick<Flight, 'note'>;
  lanes(): readonly Lane[];
}

/** How the `id` of every request for a snapshot begins. */
export const RESYNC_ID = 'b';

export class Market {
  readonly #parts: MarketParts;
  readonly #states = new Map<string, SymbolState>();
  /** Whether time has passed in which nothing ran. */
  readonly lived: LivedTime;
  #resyncCount = 0;

  constructor(parts: MarketParts, now: number) {
    this.#parts = parts;
    this.lived = new LivedTime(now);
  }

  get size(): number {
    return this.#states.size;
  }

  get tickers(): readonly Ticker[] {
    return [...this.#states.values()].flatMap(({ ticker }) => ticker ?? []);
  }

  get books(): readonly BookView[] {
    return [...this.#states.values()].flatMap(({ sync }) => sync.book ?? []);
  }

  get states(): Iterable<SymbolState> {
    return this.#states.values();
  }

  get(symbol: string): SymbolState | undefined {
    return this.#states.get(symbol);
  }

  /** Judged by the clock at each call. */
  verdict(symbol: string, now: number): Verdict {
    const state = this.#states.get(symbol);
    if (state !== undefined) return state.verdict(now);
    return { state: 'disconnected', reason: 'not_subscribed', verified: BY_NOTHING, since: now, dataAt: 0 };
  }

  /** Begins to follow a symbol on a connection, or goes on with it there. */
  place(symbol: string, lane: Lane, now: number): void {
    const known = this.#states.get(symbol);
    if (known !== undefined) {
      known.moveTo(lane, now);
      this.#compare(known, now);
      return;
    }
    if (this.#states.size === 0) this.lived.begin(now);
    const { meter, settings } = this.#parts;
    const askForBook = (...asked: Parameters<Market['askForBook']>): boolean => this.askForBook(...asked);
    this.#states.set(symbol, new SymbolState(symbol, { meter, settings, askForBook }, lane, now));
  }

  /** Another connection is to take a symbol over without an interruption. */
  prepare(symbol: string, lane: Lane): void {
    this.#states.get(symbol)?.prepare(lane);
  }

  /** It is not to, after all. */
  abandon(symbol: string): void {
    const state = this.#states.get(symbol);
    if (state !== undefined) state.handover = undefined;
  }

  forget(symbol: string): void {
    this.#states.get(symbol)?.lane.left();
    this.#states.delete(symbol);
  }

  /** A connection's far end has been told that this is wanted of the symbol, by a message that it answers under this `id`. */
  told(symbol: string, lane: Lane, want: Want, now: number, id?: string): void {
    const state = this.#states.get(symbol);
    if (state === undefined) return;
    const depth = lane.connection.welcome?.data.features.includes('book') === true ? want.book : 0;
    const keeper = lane.connection.keeperOf(symbol);
    this.#parts.recorder.note('told', [symbol, want]);
    // A venue's keeper of another connection may still have a book to be looked at.
    const isNewKeeper = keeper !== undefined && keeper !== state.sync && keeper.book === undefined;
    if (lane === state.lane && isNewKeeper && state.sync.book !== undefined && depth > 0) state.prepare(lane);
    if (state.handover?.lane === lane) {
      state.handover.told(keeper ?? state.handover.own, depth, now, id);
      return;
    }
    if (state.lane !== lane) return;
    state.rejected = undefined;
    state.toldBy = id;
    state.sync = keeper ?? state.sync;
    if (want.trades === 0) state.forgetTradeMark();
    if (depth > 0) {
      state.sync.expect(now, depth);
      this.#compare(state, now);
    } else this.#discard(state, now);
  }

  rejected(symbol: string, code: string, now: number): void {
    const state = this.#states.get(symbol);
    if (state === undefined) return;
    state.rejected = code;
    // Asking for it again and again would take the place of requests that can be met.
    state.sync.linkLost();
    this.#compare(state, now);
  }

  /** Those that a connection serves. */
  statesOf(lane: Lane): SymbolState[] {
    return [...this.#states.values()].filter((state) => state.lane === lane);
  }

  /** Trades of these streams begin anew. */
  resetTrades(streams: readonly string[]): void {
    for (const state of this.#states.values()) if (streams.includes(`trades:${state.symbol}`)) state.resetTrades();
  }

  forgetTradeMarks(): void {
    for (const state of this.#states.values()) state.forgetTradeMark();
  }

  linkReady(lane: Lane, now: number): void {
    this.lived.begin(now);
    for (const state of this.#states.values()) if (state.lane === lane) state.linkReady(now);
    this.compareAll(now);
  }

  linkLost(lane: Lane, now: number): void {
    for (const state of this.#states.values()) {
      if (state.handover?.lane === lane) state.handover = undefined;
      if (state.lane === lane) state.linkLost(now);
    }
    this.compareAll(now);
  }

  /** One message through the guards. False when it is none of the market's. */
  receive(message: ServerMessage, lane: Lane, now: number): boolean {
    this.#look(now);
    if (message.type === 'market_data_batch') this.#receiveBatch(message, lane, now);
    else if (isMarketEvent(message)) {
      this.#noteLatency(message.sent, 1, lane, now);
      this.#receiveOne(message, lane, now);
    } else {
      this.#count('control', lane, now);
      if (message.type !== 'subscription_confirmed') return false;
      this.#confirm(message, lane, now);
    }
    return true;
  }

  /** As `receive`, for messages whose digits have been read: what only the long way can tell goes it, entry by entry. */
  receiveDeltas(frame: DeltaFrame, lane: Lane, now: number): void {
    this.#look(now);
    this.#noteLatency(frame.sent, frame.length, lane, now);
    let link: LinkEvidence | undefined;
    for (let i = 0; i < frame.length; i += 1) {
      const entry = frame.at(i);
      const state = entry.symbol === '' ? undefined : this.#states.get(entry.symbol);
      const isServed = state?.lane === lane && state.handover?.lane !== lane;
      const changes = isServed ? state.applyDelta(frame, entry, now) : undefined;
      if (state === undefined || changes === undefined) {
        this.#receiveEntry(frame.parse(entry), lane, now);
        link = undefined;
        continue;
      }
      this.#count(changes > 0 ? 'applied' : 'unchanged', lane, now, state.symbol);
      if (link === undefined) lane.heard(now);
      this.#compare(state, now, changes, (link ??= lane.evidence(now)));
    }
  }

  /** The keeper of a venue's book has heard of it. What is late by its own time makes everything on the link late. */
  bookHeard(symbol: string, lane: Lane, isChanged: boolean, eventTime: number, now: number): void {
    this.#look(now);
    lane.heard(now);
    const state = this.#states.get(symbol);
    if (state === undefined) return;
    if (eventTime > 0) this.#noteLag(lane, lane.lag.excess(now, eventTime), now);
    if (state.handover?.lane === lane) return this.#takeOver(state, now);
    if (state.lane !== lane) return;
    state.bookHeard(isChanged, now);
    this.#compare(state, now, isChanged ? BOOK : 0);
  }

  /** Something was not believed. `suspect`: the symbol whose book may lack a change now, or `ANY_BOOK`. */
  refuse(reason: string, suspect: string | undefined, lane: Lane, now: number): void {
    const { errors } = this.#parts;
    const isUnknown = reason === 'unknown_type';
    this.#count(isUnknown ? 'ignored' : 'refused', lane, now);
    if (!isUnknown) errors.once('refused_message', reason, `A message of the server was refused: ${reason}.`);
    for (const state of this.#states.values()) {
      if (suspect !== ANY_BOOK && suspect !== state.symbol) continue;
      if (state.handover?.lane === lane) state.handover.keeper.suspect('bad_message', now);
      if (state.lane !== lane) continue;
      state.sync.suspect('bad_message', now);
      this.#compare(state, now);
    }
  }

  /** Called a few times a second. */
  pulse(now: number): void {
    this.#look(now);
    for (const state of this.#states.values()) {
      state.sync.pulse(now);
      if (state.handover === undefined) continue;
      state.handover.keeper.pulse(now);
      this.#takeOver(state, now);
    }
    this.compareAll(now);
  }

  compareAll(now: number): void {
    for (const state of this.#states.values()) this.#compare(state, now);
  }

  /** What a new listener has not seen yet: everything. */
  known(symbol: string): number {
    const state = this.#states.get(symbol);
    return (
      VERDICT |
      (state?.sync.book === undefined ? 0 : BOOK) |
      (state?.ticker === undefined ? 0 : TICKER) |
      (state?.trades.length ? TRADES : 0)
    );
  }

  /** Asks for a snapshot of a symbol. False when that is not possible just now. */
  askForBook(symbol: string, { connection, budget }: Lane, now: number): boolean {
    const isHeld = !budget.take(now, connection.welcome?.data.limits.messagesPerSecond);
    this.#parts.recorder.note(isHeld ? 'held' : 'resync', symbol);
    if (isHeld) return false;
    this.#resyncCount += 1;
    return connection.send({ type: 'order_book_resync', id: `${RESYNC_ID}${this.#resyncCount}`, data: { symbol } });
  }

  #receiveBatch(message: MarketDataBatch, lane: Lane, now: number): void {
    this.#noteLatency(message.sent, message.data.length, lane, now);
    for (const entry of message.data) this.#receiveEntry(entry, lane, now);
  }

  #receiveEntry(entry: unknown, lane: Lane, now: number): void {
    const result = checkServerMessage(asMessage(entry));
    if (!result.ok) this.refuse(result.reason, result.suspect, lane, now);
    else if (isMarketEvent(result.message)) this.#receiveOne(result.message, lane, now);
    else this.#count('ignored', lane, now);
  }

  #receiveOne(message: MarketEvent, lane: Lane, now: number): void {
    lane.heard(now);
    const { symbol } = message.data;
    const state = this.#states.get(symbol);
    if (state?.handover?.lane === lane) {
      // It changes nothing yet that anybody sees.
      this.#count('unchanged', lane, now);
      state.handover.receive(message, state.mayCross, now);
      this.#takeOver(state, now);
      return;
    }
    if (state?.lane !== lane) return this.#count('ignored', lane, now);
    const changes = state.apply(message, now);
    if (lane.connection.dialect === 'guide') lane.heardInTime(now);
    if (changes === undefined) this.refuse('bad_number', undefined, lane, now);
    else this.#count(changes > 0 ? 'applied' : 'unchanged', lane, now, symbol);
    this.#compare(state, now, changes);
  }

  /** Lets a symbol go over to its next connection, if that is ready. */
  #takeOver(state: SymbolState, now: number): void {
    const { handover, lane } = state;
    if (handover === undefined || !handover.isReady(state.sync, now)) return;
    this.#compare(state, now, state.takeOver(handover, now));
    if (handover.lane !== lane) this.#parts.takenOver(state.symbol);
  }

  #confirm({ id, data }: SubscriptionConfirmed, lane: Lane, now: number): void {
    for (const instrument of data.instruments ?? []) {
      const state = this.#states.get(instrument.symbol);
      if (state === undefined) continue;
      state.instrument = instrument;
      // The listener reads the instrument along with the verdict.
      this.#compare(state, now, VERDICT);
    }
    if (id === undefined) return;
    for (const { toldBy, sync, handover } of this.#states.values()) {
      if (toldBy === id) sync.confirmed?.();
      if (handover?.toldBy === id) handover.keeper.confirmed?.();
    }
    const withBook = data.channels?.book;
    if (withBook === undefined) return;
    for (const symbol of data.added ?? []) {
      const state = this.#states.get(symbol);
      // The answer to an older wish says nothing of a book that was asked for after it.
      if (state?.lane === lane && state.toldBy === id && !withBook.includes(symbol)) this.#discard(state, now);
    }
  }

  #discard(state: SymbolState, now: number): void {
    const hadBook = state.sync.book !== undefined;
    state.sync.discard();
    this.#compare(state, now, hadBook ? BOOK : 0);
  }

  /** In protocol 1 a message says when it was sent: what is late on the way makes everything on the link late. */
  #noteLatency(sent: number | undefined, messages: number, lane: Lane, now: number): void {
    const { offsetMs } = lane.connection.pings;
    if (sent === undefined || offsetMs === undefined) return;
    const latency = now + offsetMs - sent;
    this.#parts.meter.waterfall.arrived(latency, messages, now, offsetMs);
    this.#noteLag(lane, latency, now);
  }

  /** What a venue's link hands on it has counted itself. */
  #count(fate: Fate, lane: Lane, now: number, symbol?: string): void {
    if (lane.connection.dialect !== 'venue') this.#parts.meter.count(fate, now, symbol);
  }

  #noteLag(lane: Lane, latency: number, now: number): void {
    if (lane.noteLag(latency, now)) this.compareAll(now);
  }

  /** What comes after a sleep may have waited for us, and the rhythm of nothing has been heard meanwhile. */
  #look(now: number): void {
    const unseenMs = this.lived.look(now);
    if (unseenMs === 0) return;
    for (const lane of this.#parts.lanes()) lane.slept(unseenMs, now);
    for (const { rhythm } of this.#states.values()) rhythm.skip();
  }

  /** Tells what has changed, the verdict included. `link`: what is known of its connection, where somebody has just asked. */
  #compare(state: SymbolState, now: number, changes = 0, link?: LinkEvidence): void {
    const isNew = state.isVerdictNew(now, link);
    if (isNew) {
      const verdict = state.verdict(now);
      state.shown = verdict;
      this.#parts.recorder.note('verdict', [state.symbol, verdict.state, verdict.reason]);
    }
    this.#parts.delivery.mark(state.symbol, isNew ? changes | VERDICT : changes);
  }
}

/** A batch may hold bare tickers, without a type of their own. */
const asMessage = (entry: unknown): unknown => {
  if (!isRecord(entry) || Object.hasOwn(entry, 'type') || !Object.hasOwn(entry, 'symbol')) return entry;
  const { stream, epoch, seq, ...data } = entry;
  return { type: 'market_data', stream, epoch, seq, data };
};
