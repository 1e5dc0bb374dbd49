/**
 * The symbols of a stream: every message finds its symbol here, and every change of a symbol leaves here as bits for the
 * delivery. The verdicts are compared after each message and a few times a second, since time alone changes them.
 */
import type { BookView } from '../book/book.js';
import { isOver } from './clock.js';
import type { Connection } from './connection.js';
import { BOOK, type Delivery, TICKER, TRADES, VERDICT } from './delivery.js';
import type { ErrorDesk } from './error-desk.js';
import { FeedSilence } from './feed-silence.js';
import { PROBE_MS } from './heartbeat.js';
import { LivedTime } from './lived-time.js';
import { LagFloor, LATE_AFTER_MS, type LinkEvidence } from './liveness.js';
import type { Ticker } from './market-stream.js';
import type { Meter } from './metrics.js';
import { ANY_BOOK, checkServerMessage, isMarketEvent } from './protocol/guards-server.js';
import type { MarketDataBatch, MarketEvent, ServerMessage, SubscriptionConfirmed } from './protocol/messages.js';
import { isRecord } from './protocol/shape.js';
import { ResyncBudget } from './resync-budget.js';
import type { Settings } from './settings.js';
import { SymbolState } from './symbol-state.js';
import { BY_NOTHING, BY_SEQUENCE, type Verdict } from './verdict.js';
import type { Want } from './want.js';

export interface MarketParts {
  readonly settings: Pick<Settings, 'bufferSize' | 'staleAfter'>;
  readonly meter: Meter;
  readonly errors: ErrorDesk;
  readonly connection: Pick<Connection, 'dialect' | 'welcome' | 'down' | 'pings' | 'isLate' | 'send' | 'keeperOf'>;
  readonly delivery: Pick<Delivery, 'mark'>;
}

/** How the `id` of every request for a snapshot begins. */
export const RESYNC_ID = 'b';

export class Market {
  readonly #parts: MarketParts;
  readonly #states = new Map<string, SymbolState>();
  readonly #lag = new LagFloor();
  readonly #budget = new ResyncBudget();
  #resyncCount = 0;
  /** How the last ready link proves its data. */
  #verified = BY_NOTHING;
  /** When something last came that was long on the way; `-Infinity` while nothing is. */
  #delayedAt = -Infinity;
  #feed: FeedSilence;
  readonly #lived: LivedTime;
  /** When it was noticed that nothing had run for long: what comes then may be old. `-Infinity` while nothing is doubted. */
  #awokeAt = -Infinity;

  constructor(parts: MarketParts, now: number) {
    this.#parts = parts;
    this.#feed = new FeedSilence(now);
    this.#lived = new LivedTime(now);
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

  get(symbol: string): SymbolState | undefined {
    return this.#states.get(symbol);
  }

  /** Judged by the clock at each call. */
  verdict(symbol: string, now: number): Verdict {
    const state = this.#states.get(symbol);
    if (state !== undefined) return state.verdict(this.#evidence(now), now);
    return { state: 'disconnected', reason: 'not_subscribed', verified: BY_NOTHING, since: now, dataAt: 0 };
  }

  /** Begins to follow a symbol. */
  follow(symbol: string, now: number): void {
    if (this.#states.has(symbol)) return;
    if (this.#states.size === 0) this.#lived.begin(now);
    const { meter, settings } = this.#parts;
    const ask = (at: number): boolean => this.askForBook(symbol, at);
    this.#states.set(symbol, new SymbolState(symbol, { meter, settings, ask }, this.#evidence(now), now));
  }

  forget(symbol: string): void {
    this.#states.delete(symbol);
  }

  /** The server has been told that this is wanted of the symbol, by a message that it answers under this `id`. */
  told(symbol: string, want: Want, now: number, id?: string): void {
    const state = this.#states.get(symbol);
    if (state === undefined) return;
    state.rejected = undefined;
    state.toldBy = id;
    state.sync = this.#parts.connection.keeperOf(symbol) ?? state.sync;
    if (want.book > 0 && this.#parts.connection.welcome?.data.features.includes('book') === true) {
      state.sync.expect(now, want.book);
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

  linkReady(now: number): void {
    this.#verified = this.#parts.connection.dialect === 'touchline' ? BY_SEQUENCE : BY_NOTHING;
    this.#delayedAt = -Infinity;
    this.#awokeAt = -Infinity;
    this.#lived.begin(now);
    this.#feed = new FeedSilence(now);
    this.#lag.reset();
    for (const state of this.#states.values()) state.linkReady(now);
    this.compareAll(now);
  }

  linkLost(now: number): void {
    for (const state of this.#states.values()) state.linkLost(now);
    this.compareAll(now);
  }

  /** One message through the guards. False when it is none of the market's. */
  receive(message: ServerMessage, now: number): boolean {
    this.#look(now);
    if (message.type === 'market_data_batch') this.#receiveBatch(message, now);
    else if (message.type === 'subscription_confirmed') this.#confirm(message, now);
    else if (isMarketEvent(message)) {
      this.#noteLatency(message.sent, now);
      this.#receiveOne(message, now);
    } else return false;
    return true;
  }

  /** The keeper of a venue's book has heard of it. What is late by its own time makes everything on the link late. */
  bookHeard(symbol: string, isChanged: boolean, eventTime: number, now: number): void {
    this.#look(now);
    this.#feed.heard(now);
    const state = this.#states.get(symbol);
    if (state === undefined) return;
    state.bookHeard(isChanged, now);
    if (eventTime > 0) this.#noteLag(this.#lag.excess(now, eventTime), now);
    this.#compare(state, now, isChanged ? BOOK : 0);
  }

  /** Something was not believed. `suspect`: the symbol whose book may lack a change now, or `ANY_BOOK`. */
  refuse(reason: string, suspect: string | undefined, now: number): void {
    const { meter, errors } = this.#parts;
    if (reason === 'unknown_type') meter.counts.ignored += 1;
    else {
      meter.counts.refused += 1;
      errors.once('refused_message', reason, `A message of the server was refused: ${reason}.`);
    }
    for (const state of this.#states.values()) {
      if (suspect !== ANY_BOOK && suspect !== state.symbol) continue;
      state.sync.suspect('bad_message', now);
      this.#compare(state, now);
    }
  }

  /** Called a few times a second. */
  pulse(now: number): void {
    this.#look(now);
    for (const state of this.#states.values()) state.sync.pulse(now);
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
  askForBook(symbol: string, now: number): boolean {
    const { connection } = this.#parts;
    if (!this.#budget.take(now, connection.welcome?.data.limits.messagesPerSecond)) return false;
    this.#resyncCount += 1;
    return connection.send({ type: 'order_book_resync', id: `${RESYNC_ID}${this.#resyncCount}`, data: { symbol } });
  }

  #receiveBatch(message: MarketDataBatch, now: number): void {
    this.#noteLatency(message.sent, now);
    const { meter } = this.#parts;
    for (const entry of message.data) {
      meter.countMessage(now);
      const result = checkServerMessage(asMessage(entry));
      if (!result.ok) this.refuse(result.reason, result.suspect, now);
      else if (isMarketEvent(result.message)) this.#receiveOne(result.message, now);
      else meter.counts.ignored += 1;
    }
  }

  #receiveOne(message: MarketEvent, now: number): void {
    const { meter, connection } = this.#parts;
    this.#feed.heard(now);
    const state = this.#states.get(message.data.symbol);
    if (state === undefined) {
      meter.counts.ignored += 1;
      return;
    }
    const lag = connection.dialect === 'guide' ? this.#lag : undefined;
    const changes = state.apply(message, now, connection.pings.provenAt, lag);
    if (lag?.inTimeAt === now) this.#awokeAt = -Infinity;
    if (changes === undefined) this.refuse('bad_number', undefined, now);
    this.#compare(state, now, changes);
  }

  #confirm({ id, data }: SubscriptionConfirmed, now: number): void {
    for (const instrument of data.instruments ?? []) {
      const state = this.#states.get(instrument.symbol);
      if (state === undefined) continue;
      state.instrument = instrument;
      // The listener reads the instrument along with the verdict.
      this.#compare(state, now, VERDICT);
    }
    if (id === undefined) return;
    for (const state of this.#states.values()) if (state.toldBy === id) state.sync.confirmed?.();
    const withBook = data.channels?.book;
    if (withBook === undefined) return;
    for (const symbol of data.added ?? []) {
      const state = this.#states.get(symbol);
      // The answer to an older wish says nothing of a book that was asked for after it.
      if (state?.toldBy === id && !withBook.includes(symbol)) this.#discard(state, now);
    }
  }

  #discard(state: SymbolState, now: number): void {
    const hadBook = state.sync.book !== undefined;
    state.sync.discard();
    this.#compare(state, now, hadBook ? BOOK : 0);
  }

  /** In protocol 1 a message says when it was sent: what is late on the way makes everything on the link late. */
  #noteLatency(sent: number | undefined, now: number): void {
    const { meter, connection } = this.#parts;
    const { offsetMs } = connection.pings;
    if (sent === undefined || offsetMs === undefined) return;
    const latency = Math.max(0, now + offsetMs - sent);
    meter.addLatency(latency);
    this.#noteLag(latency, now);
  }

  #noteLag(latency: number, now: number): void {
    const wasDelayed = this.#delayedAt !== -Infinity;
    const isLate = latency > LATE_AFTER_MS;
    this.#delayedAt = isLate ? now : -Infinity;
    if (!isLate) this.#awokeAt = -Infinity;
    if (wasDelayed) this.compareAll(now);
  }

  /** Tells what has changed, the verdict included. */
  #compare(state: SymbolState, now: number, changes = 0): void {
    const { shown } = state;
    const verdict = state.verdict(this.#evidence(now), now);
    const isSame =
      shown.state === verdict.state && shown.reason === verdict.reason && shown.verified === verdict.verified;
    state.shown = verdict;
    this.#parts.delivery.mark(state.symbol, isSame ? changes : changes | VERDICT);
  }

  /** What comes after a sleep may have waited for us, and the rhythm of nothing has been heard meanwhile. */
  #look(now: number): void {
    const unseenMs = this.#lived.look(now);
    if (unseenMs === 0) return;
    if (unseenMs >= LATE_AFTER_MS) this.#awokeAt = now;
    this.#feed.skip(now);
    for (const { rhythm } of this.#states.values()) rhythm.skip();
  }

  /** Whether what has come since a sleep is unproved: neither was it in time, nor has a ping been answered since. */
  #isWaking(now: number): boolean {
    const { connection } = this.#parts;
    if (this.#lived.unseen(now) >= LATE_AFTER_MS) return true;
    if (connection.pings.provenAt >= this.#awokeAt) return false;
    // A venue that names no times cannot prove itself: what it had kept for us has come within a moment.
    return connection.dialect !== 'venue' || !isOver(this.#awokeAt, PROBE_MS, now);
  }

  #evidence(now: number): LinkEvidence {
    const { connection, settings } = this.#parts;
    const isGuide = connection.dialect === 'guide';
    return {
      down: connection.down,
      isLate: connection.isLate(now),
      isDelayed: connection.pings.provenAt <= this.#delayedAt || this.#isWaking(now),
      cadenceMs: isGuide ? settings.staleAfter : Infinity,
      // Where every row has a cadence, a silence is judged by that.
      silence: isGuide ? 'none' : this.#feed.judge(now, this.#states.values()),
      verified: this.#verified,
    };
  }
}

/** A batch may hold bare tickers, without a type of their own. */
const asMessage = (entry: unknown): unknown => {
  if (!isRecord(entry) || Object.hasOwn(entry, 'type') || !Object.hasOwn(entry, 'symbol')) return entry;
  const { stream, epoch, seq, ...data } = entry;
  return { type: 'market_data', stream, epoch, seq, data };
};
