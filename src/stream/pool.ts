/**
 * Shares the symbols of a stream out over connections: one, unless the other end takes fewer symbols on it than are
 * wanted. Each connection lives and dies by itself, and only its own symbols with it. One that is known to end soon is
 * replaced before it does: its symbols go over to a new one, each when its book there is as good as here.
 */
import { between } from './backoff.js';
import { type Clock, isOver } from './clock.js';
import { SLOW_READER } from './close-codes.js';
import type { ConnectionEvents } from './connection.js';
import type { ErrorDesk } from './error-desk.js';
import { Lane, type LaneOptions } from './lane.js';
import type { Market } from './market.js';
import { HANDOVER_MS, type Place, Places } from './places.js';
import type { StreamStatus } from './market-stream.js';
import type { ServerMessage } from './protocol/messages.js';
import type { Requests } from './requests.js';
import type { ServerPace } from './server-pace.js';
import type { Settings } from './settings.js';
import type { Subscriptions } from './subscriptions.js';
import type { TellingHost } from './telling.js';
import { isNameable } from './want.js';

/** A connection with a limited life is replaced so long before its end, drawn evenly: pages must not all come at once. */
const EARLIEST_REPLACEMENT_MS = 900_000;
const LATEST_REPLACEMENT_MS = 300_000;
/** How long fewer connections must have been enough before one is given up. */
const SURPLUS_MS = 10_000;

export interface PoolHost {
  readonly clock: Clock;
  readonly random: () => number;
  readonly settings: Pick<Settings, 'maxConnections'>;
  readonly market: Pick<
    Market,
    | 'place'
    | 'prepare'
    | 'abandon'
    | 'told'
    | 'forget'
    | 'rejected'
    | 'linkReady'
    | 'linkLost'
    | 'bookHeard'
    | 'refuse'
    | 'receiveDeltas'
  >;
  readonly wishes: Pick<Subscriptions, 'wantOf' | 'holdersOf'>;
  readonly requests: Pick<Requests, 'awaits' | 'connectionLost'>;
  readonly errors: Pick<ErrorDesk, 'tell'>;
  readonly pace: ServerPace;
  laneOptions(lane: Lane): LaneOptions;
  onStatus(): void;
  onMessage: (message: ServerMessage, lane: Lane, now: number) => void;
}

export class Pool {
  readonly #host: PoolHost;
  readonly #places: Places;
  /** The first is the one that requests and private events go over. */
  #lanes: Lane[] = [];
  #status: StreamStatus;
  #messages = 0;
  /** What the page has asked of all connections so far: whoever asks in the middle of one is heard last. */
  #asked = 0;
  /** Since when one connection fewer would do; NaN while it would not. */
  #surplusSince = Number.NaN;
  #isDisposed = false;

  constructor(host: PoolHost) {
    this.#host = host;
    this.#places = new Places(host.market, host.clock);
    this.#status = { ...this.#open().connection.status, connections: 1, openConnections: 0 };
  }

  get main(): Lane {
    return this.#lanes[0]!;
  }

  /** The main one first. */
  get lanes(): readonly Lane[] {
    return this.#lanes;
  }

  /** The status of the main connection, and how many there are. The same object while nothing about it has changed. */
  get status(): StreamStatus {
    return this.#status;
  }

  connect(): void {
    this.#each(({ connection }) => connection.connect());
  }

  disconnect(): void {
    this.#settle();
    this.#each(({ connection, resume }) => {
      resume.forget();
      connection.disconnect();
    });
  }

  reconnect(): void {
    this.#settle();
    this.#each(({ connection }) => connection.reconnect());
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const lane of [...this.#lanes]) lane.dispose();
    this.#places.clear();
  }

  /** More is wanted of these, the first of them maybe. */
  wanted(symbols: readonly string[]): void {
    for (const symbol of symbols) {
      const place = this.#places.get(symbol) ?? this.#seat(symbol);
      place.lane?.telling.add(symbol);
      place.next?.telling.add(symbol);
    }
  }

  /** What is asked for may be other than before. */
  reconsider(): void {
    for (const { telling } of this.#lanes) telling.reconsider();
  }

  /** Less is wanted of these, or nothing. */
  released(symbols: readonly string[]): void {
    for (const symbol of symbols) {
      const { lane, next } = this.#places.get(symbol) ?? {};
      if (this.#host.wishes.wantOf(symbol) !== undefined) {
        lane?.telling.release(symbol);
        next?.telling.release(symbol);
        continue;
      }
      this.#places.delete(symbol);
      lane?.telling.drop(symbol);
      next?.telling.drop(symbol);
      this.#host.market.forget(symbol);
    }
    this.#seatWaiting();
  }

  /** A symbol has gone over to the connection that it was prepared for. */
  takenOver(symbol: string): void {
    this.#places.takenOver(symbol);
  }

  /** Called a few times a second. */
  pulse(now: number): void {
    for (const lane of [...this.#lanes]) {
      lane.telling.pulse(now);
      this.#judgeLife(lane, now);
    }
    this.#places.judgeMoves(now);
    this.#judgeSurplus(now);
  }

  #each(act: (lane: Lane) => void): void {
    const asked = ++this.#asked;
    for (const lane of [...this.#lanes]) if (this.#asked === asked) act(lane);
  }

  #open(): Lane {
    const lane = new Lane(
      between(LATEST_REPLACEMENT_MS, EARLIEST_REPLACEMENT_MS, this.#host.random),
      (made) => this.#host.laneOptions(made),
      (made) => this.#events(made),
      (made) => this.#tellingHost(made),
    );
    // What one connection takes, another of the same server takes too.
    lane.limit = this.#lanes[0]?.limit || Infinity;
    this.#lanes.push(lane);
    return lane;
  }

  /** Connects a new one, if the stream is connected. It may be ready before this returns. */
  #start(lane: Lane): Lane {
    if (this.#lanes.some((other) => other !== lane && other.isTrying)) lane.connection.connect();
    return lane;
  }

  #events(lane: Lane): ConnectionEvents {
    const { market, clock, errors, onMessage } = this.#host;
    return {
      onStatus: () => this.#lanes.includes(lane) && this.#statusChanged(),
      onReady: () => this.#ready(lane),
      onLogin: () => lane.telling.entitled(),
      onMessage: (message, at) => onMessage(message, lane, at),
      onDeltas: (frame, at) => market.receiveDeltas(frame, lane, at),
      onBook: (symbol, ...news) => market.bookHeard(symbol, lane, ...news),
      onRefused: (reason, suspect) => market.refuse(reason, suspect, lane, clock.now()),
      onDown: (code) => this.#down(lane, code),
      onError: (error) => errors.tell(error),
      onLeaving: (afterMs) => this.#leaving(lane, afterMs),
    };
  }

  #tellingHost(lane: Lane): TellingHost {
    const { clock, market, pace, wishes } = this.#host;
    return {
      clock,
      pace,
      wishes,
      nextId: () => `s${++this.#messages}`,
      told: (symbol, ...told) => market.told(symbol, lane, ...told),
      rejected: (symbol, code) => this.#places.rejected(lane, symbol, code),
      isFull: (symbols, most) => this.#full(lane, symbols, most),
    };
  }

  #ready(lane: Lane): void {
    const now = this.#host.clock.now();
    lane.ready();
    this.#host.market.linkReady(lane, now);
    const surplus = [...lane.telling.symbols].slice(lane.limit);
    this.#reseat(lane, surplus);
    for (const leaving of this.#lanes) if (leaving.successor === lane) this.#handOver(leaving, lane, now);
    for (const [symbol, { next }] of this.#places) if (next === lane) this.#host.market.prepare(symbol, lane);
    this.#seatWaiting();
    lane.telling.opened();
  }

  #down(lane: Lane, code: number): void {
    if (code === SLOW_READER) this.#host.pace.slowDown();
    lane.cancelWait?.();
    for (const leaving of this.#lanes) if (leaving.successor === lane) leaving.handoverAt = Number.NaN;
    lane.telling.closed();
    this.#host.market.linkLost(lane, this.#host.clock.now());
    this.#host.requests.connectionLost(lane.connection);
    // The one that was to be replaced has ended first.
    if (lane.successor !== undefined && !this.#isDisposed && this.#lanes.includes(lane))
      this.#replace(lane, lane.successor);
  }

  #leaving(lane: Lane, afterMs: number): void {
    lane.cancelWait?.();
    lane.cancelWait = this.#host.clock.setTimer(() => lane.isOpen && this.#retire(lane), afterMs);
  }

  /** Begins to replace a connection by another. */
  #retire(lane: Lane): void {
    if (lane.successor !== undefined) return;
    // Its successor, so that nothing new is seated on it meanwhile.
    lane.successor = this.#open();
    this.#start(lane.successor);
    this.#statusChanged();
  }

  #handOver(from: Lane, to: Lane, now: number): void {
    if (Number.isNaN(from.handoverAt)) from.handoverAt = now;
    const symbols = [...from.telling.symbols].filter((symbol) => this.#places.get(symbol)?.next !== to);
    const { room } = to;
    for (const symbol of symbols.slice(0, room)) this.#places.send(symbol, to);
    this.#reseat(from, symbols.slice(room));
  }

  /** Lets a connection go whose link has ended, or that has nothing left to do. */
  #replace(lane: Lane, successor: Lane): void {
    for (const symbol of [...lane.telling.symbols]) {
      const place = this.#places.get(symbol);
      if (place?.lane === lane) this.#places.seatOn(symbol, place, place.next ?? successor);
      else if (place?.next === lane) this.#places.callOff(symbol, place);
    }
    this.#close(lane);
  }

  #close(lane: Lane): void {
    const now = this.#host.clock.now();
    const { successor } = lane;
    if (lane === this.main && successor !== undefined) this.#promote(successor);
    this.#lanes = this.#lanes.filter((other) => other !== lane);
    // Those that it was to follow are followed by the one that follows it.
    for (const leaving of this.#lanes) {
      if (leaving.successor !== lane) continue;
      leaving.successor = successor;
      leaving.handoverAt = Number.NaN;
      if (successor?.isOpen === true) this.#handOver(leaving, successor, now);
    }
    // What found no place is still spoken of by somebody who is there.
    for (const [symbol, place] of this.#places) {
      if (place.lane === undefined) this.#host.market.place(symbol, this.main, now);
    }
    lane.dispose();
    this.#statusChanged();
  }

  /** Makes a connection the one that requests go over. */
  #promote(lane: Lane): void {
    this.#lanes = [lane, ...this.#lanes.filter((other) => other !== lane)];
  }

  #statusChanged(): void {
    // One that is to take another's place is not missed before it has.
    const successors = new Set(this.#lanes.map(({ successor }) => successor));
    const serving = this.#lanes.filter((lane) => !successors.has(lane));
    const openConnections = serving.filter(({ isOpen }) => isOpen).length;
    this.#status = { ...this.main.connection.status, connections: serving.length, openConnections };
    this.#host.onStatus();
  }

  /** Ends all replacements at once. */
  #settle(): void {
    for (const lane of [...this.#lanes]) if (lane.successor !== undefined) this.#replace(lane, lane.successor);
  }

  /** The far end takes no more: it has `most`, or as many as it was told before. */
  #full(lane: Lane, symbols: readonly string[], most: number | undefined): void {
    const { size } = lane.telling;
    // One that has fewer than it says it takes is full all the same; one that has none may take fewer at once.
    const has = size - symbols.length || symbols.length >> 1;
    lane.limit = Math.min(lane.limit, most !== undefined && most < size ? most : has);
    const surplus = symbols.slice(-Math.max(0, size - lane.limit) || symbols.length);
    // Whoever refuses even the first will not take it on another connection either.
    if (lane.limit > 0) return this.#reseat(lane, surplus);
    for (const symbol of surplus) {
      const place = this.#places.get(symbol);
      if (place?.next === lane) this.#places.callOff(symbol, place);
      else if (place !== undefined) this.#places.refuse(symbol, place, lane);
    }
  }

  /** Finds other places for what does not fit on a connection. */
  #reseat(from: Lane, symbols: readonly string[]): void {
    for (const symbol of symbols) {
      const place = this.#places.get(symbol);
      if (place === undefined) continue;
      if (place.next === from) {
        this.#places.callOff(symbol, place);
        continue;
      }
      const lane = place.next ?? this.#roomiest(from);
      if (lane !== undefined) this.#places.send(symbol, lane);
      // What is still served is not refused before its connection ends.
      else if (!this.#places.isServed(symbol, from)) this.#places.refuse(symbol, place, from);
    }
  }

  #seat(symbol: string): Place {
    const now = this.#host.clock.now();
    const lane = isNameable(symbol) ? this.#roomiest() : undefined;
    const place: Place = { lane, next: undefined, sentAt: now };
    this.#places.set(symbol, place);
    this.#host.market.place(symbol, lane ?? this.main, now);
    if (!isNameable(symbol)) this.#host.market.rejected(symbol, 'unknown_symbol', now);
    else if (lane === undefined) this.#places.refuse(symbol, place, undefined);
    return place;
  }

  /** Those that found no place may find one now. */
  #seatWaiting(): void {
    for (const [symbol, place] of this.#places) {
      if (place.lane !== undefined || !isNameable(symbol)) continue;
      const lane = this.#roomiest();
      if (lane === undefined) return;
      this.#places.seatOn(symbol, place, lane);
    }
  }

  /** The first connection with room, a new one where that is allowed, or none. */
  #roomiest(except?: Lane): Lane | undefined {
    const roomy = this.#lanes.filter((lane) => lane !== except && lane.room > 0);
    const lane = roomy.find(({ isOpen }) => isOpen) ?? roomy.find(({ isGivenUp }) => !isGivenUp);
    if (lane !== undefined) return lane;
    // Where the server has closed all of them for good, another one is not tried.
    if (roomy[0] !== undefined && this.#lanes.every(({ isGivenUp }) => isGivenUp)) return roomy[0];
    const count = this.#lanes.filter(({ successor }) => successor === undefined).length;
    return count < this.#host.settings.maxConnections ? this.#start(this.#open()) : roomy[0];
  }

  #judgeLife(lane: Lane, now: number): void {
    if (!lane.isOpen) return;
    const { status, lifeMs } = lane.connection;
    if (lane.successor === undefined) {
      const leastMs = lifeMs / 2;
      if (lifeMs !== Infinity && isOver(status.since, Math.max(leastMs, lifeMs - lane.marginMs), now))
        this.#retire(lane);
      return;
    }
    if (Number.isNaN(lane.handoverAt)) return;
    const isMoved = lane.telling.size === 0;
    const { successor } = lane;
    const knowsLess = successor.connection.needsLogin('order_place') && !lane.connection.needsLogin('order_place');
    if (isOver(lane.handoverAt, HANDOVER_MS, now)) return this.#replace(lane, successor);
    // Nothing is refused on the new one for want of a login that the old one has.
    if (!isMoved || knowsLess) return;
    // What was asked on it is answered on it.
    if (lane === this.main) {
      this.#promote(successor);
      this.#statusChanged();
    }
    if (lane.successor !== undefined && !this.#host.requests.awaits(lane.connection))
      this.#replace(lane, lane.successor);
  }

  /** Gives a connection up that the others have room for. */
  #judgeSurplus(now: number): void {
    const steady = this.#lanes.filter(({ successor }) => successor === undefined);
    const [first, ...rest] = steady;
    const least = rest.reduce<Lane | undefined>(
      (a, b) => (a === undefined || b.telling.size < a.telling.size ? b : a),
      undefined,
    );
    const isInMotion = steady.length < this.#lanes.length || steady.some(({ isOpen }) => !isOpen);
    if (first === undefined || least === undefined || isInMotion || this.#places.isMoving) {
      this.#surplusSince = Number.NaN;
      return;
    }
    if (least.telling.size === 0) return this.#close(least);
    const room = steady.reduce((sum, lane) => sum + (lane === least ? 0 : lane.room), 0);
    // A tenth stays free, so that the next symbol does not open it again.
    if (room - least.telling.size < first.limit / 10) this.#surplusSince = Number.NaN;
    else if (Number.isNaN(this.#surplusSince)) this.#surplusSince = now;
    else if (isOver(this.#surplusSince, SURPLUS_MS, now)) {
      this.#surplusSince = Number.NaN;
      this.#reseat(least, [...least.telling.symbols]);
    }
  }
}
