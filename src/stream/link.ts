/**
 * One socket's life: it opens, agrees with the server on a dialect, is asked again and again whether the other end is
 * still there, and ends. It never comes back: that is the connection's business.
 */
import type { AnyLink } from './any-link.js';
import type { Clock } from './clock.js';
import type { PingLedger } from './clock-offset.js';
import type { ConnectionOptions } from './connection.js';
import { type Dialect, GUIDE_TYPES, HANDSHAKE_MS, hello } from './handshake.js';
import { Heartbeat } from './heartbeat.js';
import { ANY_BOOK, parseServerMessage, type ServerRefusal } from './protocol/guards-server.js';
import type { ClientMessage, ServerMessage, Welcome } from './protocol/messages.js';
import { ABNORMAL_CLOSURE, type Transport, type TransportEvents } from './transport/transport.js';

/** How long a link must hold after its first word before it counts as good. Opening alone proves nothing. */
export const STABLE_MS = 10_000;
/** The shortest time between two pings. */
const LEAST_HEARTBEAT_MS = 1_000;

export type Outgoing = ClientMessage | Readonly<Record<string, unknown>>;

export type LinkOptions = Pick<ConnectionOptions, 'src' | 'settings' | 'clock' | 'transport' | 'meter'>;

/** What a link tells. Nothing comes after `onEnd` or `onUnusable`, nor after `close`. */
export interface LinkEvents {
  onOpen(): void;
  /** The dialect is agreed. Called again when a welcome comes after all. */
  onReady(dialect: Dialect): void;
  /** It has spoken and then held for `STABLE_MS`. */
  onProven(): void;
  onMessage(message: ServerMessage, receiveTime: number): void;
  /** A keeper's book was heard of. `eventTime`: the venue's time of it; 0 when it has none. */
  onBook(symbol: string, isChanged: boolean, eventTime: number, receiveTime: number): void;
  /** `suspect`: the symbol whose book may lack a change now, or `ANY_BOOK`. */
  onRefused(reason: ServerRefusal | 'binary', suspect: string | undefined): void;
  onEnd(code: number, reason: string): void;
  /** In place of `onEnd`: no link to this address can ever open. */
  onUnusable(error: unknown): void;
}

export class Link implements AnyLink {
  readonly #options: LinkOptions;
  readonly #events: LinkEvents;
  readonly #clock: Clock;
  readonly #pings: PingLedger;
  readonly #transport: Transport;
  #heartbeat: Heartbeat;
  #phase: 'opening' | 'open' | 'ended' = 'opening';
  /** Undefined until it is agreed. */
  dialect: Dialect | undefined;
  /** The server's greeting, where it has one. */
  welcome: Welcome | undefined;
  #cancelHandshake: (() => void) | undefined;
  #cancelHeartbeat: (() => void) | undefined;
  #cancelStable: (() => void) | undefined;
  /** When it was heard again after it had been late: what comes then may have been said long before. */
  #doubtAt = -Infinity;

  /** Throws what the transport throws for an address that can't work. */
  constructor(options: LinkOptions, pings: PingLedger, events: LinkEvents) {
    this.#options = options;
    this.#pings = pings;
    this.#events = events;
    this.#clock = options.clock;
    this.#heartbeat = this.#makeHeartbeat(Infinity);
    const transportEvents: TransportEvents = {
      onOpen: () => this.#phase === 'opening' && this.#opened(),
      onMessage: (data) => this.#phase !== 'ended' && this.#received(data),
      onRefused: (reason) => {
        if (this.#phase === 'ended') return;
        this.#heard();
        events.onRefused(reason, ANY_BOOK);
      },
      onClose: (code, reason) => this.#ended(code, reason),
      onUnusable: (error) => {
        if (this.#phase === 'ended') return;
        this.#release();
        events.onUnusable(error);
      },
    };
    this.#transport = options.transport(options.src, transportEvents, options.clock);
  }

  open(): void {
    this.#transport.open();
  }

  /** Lets go at once, without an event. */
  close(code?: number): void {
    this.#release();
    this.#transport.close(code);
  }

  /** Sends now or not at all. */
  send(message: Outgoing): boolean {
    return this.#phase === 'open' && this.#transport.send(JSON.stringify(message));
  }

  /** Whether nothing, or no answer, has been heard for too long, or no answer since then. */
  isLate(now: number): boolean {
    return this.#heartbeat.isLate(now) || this.#pings.provenAt < this.#doubtAt;
  }

  /** Asks for a quick proof of life: the page was away, or the network changed. */
  probe(): void {
    const now = this.#clock.now();
    if (this.#phase !== 'open' || !this.#heartbeat.probe(now)) return;
    this.#ping(now);
    this.#planJudgement(now);
  }

  #makeHeartbeat(announcedMs: number): Heartbeat {
    const wanted = Math.min(this.#options.settings.heartbeat, announcedMs || Infinity);
    return new Heartbeat(Math.max(LEAST_HEARTBEAT_MS, wanted), this.#clock.now());
  }

  #opened(): void {
    this.#phase = 'open';
    this.#heartbeat = this.#makeHeartbeat(Infinity);
    this.#pings.forgetOutstanding();
    this.#events.onOpen();
    this.#cancelHandshake = this.#clock.setTimer(() => this.#agree('guide'), HANDSHAKE_MS);
    this.send(hello);
    this.#judge();
  }

  #received(data: string): void {
    const now = this.#heard();
    const result = parseServerMessage(data);
    if (!result.ok) {
      this.#events.onRefused(result.reason, result.suspect);
      return;
    }
    const { message } = result;
    if (message.type === 'pong') this.#pings.answered(message.id, message.serverTime, now);
    if (message.type === 'welcome') this.#agree('touchline', message);
    else if (this.dialect === undefined && GUIDE_TYPES.has(message.type)) this.#agree('guide');
    if (this.#phase === 'open') this.#events.onMessage(message, now);
  }

  #heard(): number {
    const now = this.#clock.now();
    const wasLate = this.#heartbeat.isLate(now);
    this.#heartbeat.heard(now);
    if (wasLate) {
      this.#doubtAt = now;
      this.probe();
    }
    this.#cancelStable ??= this.#clock.setTimer(() => this.#events.onProven(), STABLE_MS);
    this.#options.meter.counts.frameCount += 1;
    return now;
  }

  #agree(dialect: Dialect, welcome?: Welcome): void {
    if (this.dialect === dialect) return;
    this.#cancelHandshake?.();
    this.dialect = dialect;
    this.welcome = welcome;
    if (welcome !== undefined) this.#heartbeat = this.#makeHeartbeat(welcome.data.heartbeatMs);
    this.#events.onReady(dialect);
  }

  #judge(): void {
    const now = this.#clock.now();
    const verdict = this.#heartbeat.judge(now);
    if (verdict === 'dead') {
      this.#transport.close();
      this.#ended(ABNORMAL_CLOSURE, 'The server went silent.');
      return;
    }
    if (verdict === 'ping') this.#ping(now);
    this.#planJudgement(now);
  }

  #planJudgement(now: number): void {
    this.#cancelHeartbeat?.();
    this.#cancelHeartbeat = this.#clock.setTimer(() => this.#judge(), this.#heartbeat.nextJudgementMs(now));
  }

  #ping(now: number): void {
    // One that can't be sent counts as sent: a socket that takes nothing any more is dead too. Noted first, since a
    // transport within the page may answer at once.
    this.#heartbeat.pinged(now);
    // A clock that was set back must not put it ahead of every answer.
    this.#doubtAt = Math.min(this.#doubtAt, now);
    this.send({ type: 'ping', id: this.#pings.sent(now), t: now });
  }

  #ended(code: number, reason: string): void {
    if (this.#phase === 'ended') return;
    this.#release();
    this.#events.onEnd(code, reason);
  }

  #release(): void {
    this.#phase = 'ended';
    this.#cancelHandshake?.();
    this.#cancelHeartbeat?.();
    this.#cancelStable?.();
  }
}
