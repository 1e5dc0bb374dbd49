/**
 * Shares the symbols of a stream out over connections: one, unless the other end takes fewer symbols on it than are
 * wanted. Each connection lives and dies by itself, and only its own symbols with it. One that is known to end soon is
 * replaced before it does: its symbols go over to a new one, each when its book there is as good as here.
 */
import { between } from './backoff.js';
import { type Clock, isOver } from './clock.js';
import { SLOW_READER } from './close-codes.js';
import type { ConnectionEvents } from './connection.js';
import { Lane, type LaneOptions } from './lane.js';
import type { Market } from './market.js';
import type { StreamStatus } from './market-stream.js';
import type { Holder, ServerPace } from './server-pace.js';
import type { Settings } from './settings.js';
import type { Telling } from './telling.js';
import { isNameable, type Want } from './want.js';

/** A connection with a limited life is replaced so long before its end, drawn evenly: pages must not all come at once. */
const EARLIEST_REPLACEMENT_MS = 900_000;
const LATEST_REPLACEMENT_MS = 300_000;
/** How long symbols have to go over to a new connection that is there. */
const HANDOVER_MS = 30_000;
/** How long fewer connections must have been enough before one is given up. */
const SURPLUS_MS = 10_000;

export interface PoolHost {
  readonly clock: Clock;
  readonly random: () => number;
  readonly settings: Pick<Settings, 'maxConnections'>;
  readonly market: Pick<
    Market,
    'place' | 'prepare' | 'abandon' | 'told' | 'forget' | 'rejected' | 'linkReady' | 'linkLost'
  >;
  readonly pace: ServerPace;
  laneOptions(lane: Lane): LaneOptions;
  /** What is wanted of a symbol now; undefined for nothing. */
  wantOf(symbol: string): Want | undefined;
  holdersOf(symbol: string): Iterable<Holder>;
  /** Whether a connection has answers to give. */
  isBusy(lane: Lane): boolean;
  onStatus(): void;
  onMessage(lane: Lane, ...message: Parameters<ConnectionEvents['onMessage']>): void;
  onDeltas(lane: Lane, ...deltas: Parameters<ConnectionEvents['onDeltas']>): void;
  onBook(lane: Lane, ...news: Parameters<ConnectionEvents['onBook']>): void;
  onRefused(lane: Lane, ...refusal: Parameters<ConnectionEvents['onRefused']>): void;
  /** A link that was ready is no more. */
  onDown(lane: Lane): void;
  onError: ConnectionEvents['onError'];
}

/** Where a symbol is served, and where it is on its way to. */
interface Place {
  lane: Lane | undefined;
  next: Lane | undefined;
}

/** What is known of the end of a lane. */
interface End {
  /** How long before the end of its link it is replaced. */
  readonly marginMs: number;
  cancelWait: (() => void) | undefined;
  /** When its successor was ready; NaN before. */
  handoverAt: number;
}

export class Pool {
  readonly #host: PoolHost;
  readonly #places = new Map<string, Place>();
  readonly #ends = new Map<Lane, End>();
  /** The first is the one that requests and private events go over. */
  #lanes: Lane[] = [];
  #status: StreamStatus;
  #messages = 0;
  /** Since when one connection fewer would do; NaN while it would not. */
  #surplusSince = Number.NaN;

  constructor(host: PoolHost) {
    this.#host = host;
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
    for (const { connection } of this.#lanes) connection.connect();
  }

  disconnect(): void {
    this.#settle();
    for (const { connection, resume } of this.#lanes) {
      connection.disconnect();
      resume.forget();
    }
  }

  reconnect(): void {
    this.#settle();
    for (const { connection } of this.#lanes) connection.reconnect();
  }

  dispose(): void {
    for (const lane of [...this.#lanes]) {
      this.#ends.get(lane)?.cancelWait?.();
      lane.dispose();
    }
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
      if (this.#host.wantOf(symbol) !== undefined) {
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
    const place = this.#places.get(symbol);
    if (place?.next === undefined) return;
    place.lane?.telling.drop(symbol);
    place.lane = place.next;
    place.next = undefined;
  }

  /** Called a few times a second. */
  pulse(now: number): void {
    for (const lane of [...this.#lanes]) {
      lane.telling.pulse(now);
      this.#judgeLife(lane, now);
    }
    this.#judgeSurplus(now);
  }

  #open(): Lane {
    const lane = new Lane(
      (made) => this.#host.laneOptions(made),
      (made) => this.#events(made),
      (made) => this.#tellingHost(made),
    );
    // What one connection takes, another of the same server takes too.
    lane.limit = this.#lanes[0]?.limit ?? Infinity;
    this.#lanes.push(lane);
    const marginMs = between(LATEST_REPLACEMENT_MS, EARLIEST_REPLACEMENT_MS, this.#host.random);
    this.#ends.set(lane, { marginMs, cancelWait: undefined, handoverAt: Number.NaN });
    return lane;
  }

  /** Connects a new one, if the stream is connected. It may be ready before this returns. */
  #start(lane: Lane): Lane {
    const { state } = this.main.connection.status;
    if (state !== 'idle' && state !== 'closed') lane.connection.connect();
    return lane;
  }

  #events(lane: Lane): ConnectionEvents {
    const host = this.#host;
    return {
      onStatus: () => this.#lanes.includes(lane) && this.#statusChanged(),
      onReady: () => this.#ready(lane),
      onLogin: () => lane.telling.entitled(),
      onMessage: (...message) => host.onMessage(lane, ...message),
      onDeltas: (frame, at) => host.onDeltas(lane, frame, at),
      onBook: (...news) => host.onBook(lane, ...news),
      onRefused: (...refusal) => host.onRefused(lane, ...refusal),
      onDown: (code) => this.#down(lane, code),
      onError: (error) => host.onError(error),
      onLeaving: (afterMs) => this.#leaving(lane, afterMs),
    };
  }

  #tellingHost(lane: Lane): ConstructorParameters<typeof Telling>[1] {
    const { clock, market, pace } = this.#host;
    return {
      clock,
      pace,
      nextId: () => `s${++this.#messages}`,
      wantOf: (symbol) => this.#host.wantOf(symbol),
      holdersOf: (symbol) => this.#host.holdersOf(symbol),
      told: (symbol, ...told) => market.told(symbol, lane, ...told),
      rejected: (symbol, code) => {
        if (this.#places.get(symbol)?.lane === lane) market.rejected(symbol, code, clock.now());
      },
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
    lane.telling.opened();
    this.#seatWaiting();
  }

  #down(lane: Lane, code: number): void {
    if (code === SLOW_READER) this.#host.pace.slowDown();
    const end = this.#ends.get(lane);
    end?.cancelWait?.();
    lane.telling.closed();
    this.#host.market.linkLost(lane, this.#host.clock.now());
    this.#host.onDown(lane);
    // The one that was to be replaced has ended first.
    if (end !== undefined && lane.successor !== undefined) this.#replace(lane, lane.successor);
  }

  #leaving(lane: Lane, afterMs: number): void {
    const end = this.#ends.get(lane);
    if (end === undefined) return;
    end.cancelWait?.();
    end.cancelWait = this.#host.clock.setTimer(() => lane.isOpen && this.#retire(lane), afterMs);
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
    const end = this.#ends.get(from);
    if (end !== undefined && Number.isNaN(end.handoverAt)) end.handoverAt = now;
    const symbols = [...from.telling.symbols];
    const { room } = to;
    for (const symbol of symbols.slice(0, room)) this.#send(symbol, from, to);
    this.#reseat(from, symbols.slice(room));
  }

  /** A symbol is to go over. One that its connection does not serve yet just changes its place. */
  #send(symbol: string, from: Lane, to: Lane): void {
    const place = this.#places.get(symbol);
    if (place === undefined) return;
    if (from.isOpen && from.telling.hasTold(symbol)) {
      place.next = to;
      to.telling.add(symbol);
      if (to.isOpen) this.#host.market.prepare(symbol, to);
    } else this.#seatOn(symbol, place, to);
  }

  #seatOn(symbol: string, place: Place, lane: Lane): void {
    if (place.lane !== lane) place.lane?.telling.drop(symbol);
    place.lane = lane;
    place.next = undefined;
    lane.telling.add(symbol);
    this.#host.market.place(symbol, lane, this.#host.clock.now());
  }

  /** Lets a connection go whose link has ended, or that has nothing left to do. */
  #replace(lane: Lane, successor: Lane): void {
    for (const symbol of [...lane.telling.symbols]) {
      const place = this.#places.get(symbol);
      if (place?.lane === lane) this.#seatOn(symbol, place, place.next ?? successor);
    }
    this.#close(lane);
  }

  #close(lane: Lane): void {
    this.#ends.get(lane)?.cancelWait?.();
    this.#ends.delete(lane);
    if (lane === this.main && lane.successor !== undefined) this.#promote(lane.successor);
    this.#lanes = this.#lanes.filter((other) => other !== lane);
    lane.dispose();
    this.#statusChanged();
  }

  /** Makes a connection the one that requests go over. */
  #promote(lane: Lane): void {
    this.#lanes = [lane, ...this.#lanes.filter((other) => other !== lane)];
  }

  #statusChanged(): void {
    const connections = this.#lanes.length;
    const openConnections = this.#lanes.filter(({ isOpen }) => isOpen).length;
    this.#status = { ...this.main.connection.status, connections, openConnections };
    this.#host.onStatus();
  }

  /** Ends all replacements at once. */
  #settle(): void {
    for (const lane of [...this.#lanes]) if (lane.successor !== undefined) this.#replace(lane, lane.successor);
  }

  /** The far end takes no more: it has `most`, or as many as it was told before. */
  #full(lane: Lane, symbols: readonly string[], most: number | undefined): void {
    lane.limit = Math.min(lane.limit, most ?? Math.max(1, lane.telling.size - symbols.length));
    this.#reseat(lane, symbols.slice(-Math.max(0, lane.telling.size - lane.limit) || symbols.length));
  }

  /** Finds other places for what does not fit on a connection. */
  #reseat(from: Lane, symbols: readonly string[]): void {
    for (const symbol of symbols) {
      const place = this.#places.get(symbol);
      if (place === undefined) continue;
      if (place.next === from) {
        // It was on its way here: it stays where it is.
        place.next = undefined;
        from.telling.drop(symbol);
        this.#host.market.abandon(symbol);
        continue;
      }
      const lane = this.#roomiest(from);
      if (lane !== undefined) this.#send(symbol, from, lane);
      else this.#refuse(symbol, place, from);
    }
  }

  #refuse(symbol: string, place: Place, from: Lane | undefined): void {
    from?.telling.drop(symbol);
    place.lane = undefined;
    this.#host.market.rejected(symbol, 'too_many_symbols', this.#host.clock.now());
  }

  #seat(symbol: string): Place {
    const now = this.#host.clock.now();
    const lane = isNameable(symbol) ? this.#roomiest() : undefined;
    const place: Place = { lane, next: undefined };
    this.#places.set(symbol, place);
    this.#host.market.place(symbol, lane ?? this.main, now);
    if (!isNameable(symbol)) this.#host.market.rejected(symbol, 'unknown_symbol', now);
    else if (lane === undefined) this.#refuse(symbol, place, undefined);
    return place;
  }

  /** Those that found no place may find one now. */
  #seatWaiting(): void {
    for (const [symbol, place] of this.#places) {
      if (place.lane !== undefined || !isNameable(symbol)) continue;
      const lane = this.#roomiest();
      if (lane === undefined) return;
      this.#seatOn(symbol, place, lane);
    }
  }

  /** The first connection with room, a new one where that is allowed, or none. */
  #roomiest(except?: Lane): Lane | undefined {
    const lane = this.#lanes.find((other) => other !== except && other.room > 0);
    if (lane !== undefined) return lane;
    const count = this.#lanes.filter(({ successor }) => successor === undefined).length;
    return count < this.#host.settings.maxConnections ? this.#start(this.#open()) : undefined;
  }

  #judgeLife(lane: Lane, now: number): void {
    const end = this.#ends.get(lane);
    if (end === undefined || !lane.isOpen) return;
    const { status, lifeMs } = lane.connection;
    if (lane.successor === undefined) {
      const leastMs = lifeMs / 2;
      if (lifeMs !== Infinity && isOver(status.since, Math.max(leastMs, lifeMs - end.marginMs), now))
        this.#retire(lane);
      return;
    }
    if (Number.isNaN(end.handoverAt)) return;
    const isMoved = lane.telling.size === 0;
    // What was asked on it is answered on it.
    if (isMoved && lane === this.main) {
      this.#promote(lane.successor);
      this.#statusChanged();
    }
    if ((isMoved && !this.#host.isBusy(lane)) || isOver(end.handoverAt, HANDOVER_MS, now)) {
      this.#replace(lane, lane.successor);
    }
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
    if (first === undefined || least === undefined || isInMotion || this.#isMoving) {
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

  get #isMoving(): boolean {
    for (const { next } of this.#places.values()) if (next !== undefined) return true;
    return false;
  }
}
