/**
 * One socket's life: it opens, agrees with the server on a dialect, is asked again and again whether the other end is
 * still there, and ends. It never comes back: that is the connection's business.
 */
import type { AnyLink } from './any-link.js';
import type { LinkLogin } from './auth.js';
import type { Clock } from './clock.js';
import type { PingLedger } from './clock-offset.js';
import { closeAdvice, type CloseAdvice, ENDS_SESSION, LOGIN_WANTED } from './close-codes.js';
import type { ConnectionOptions } from './connection.js';
import { areaOf, type Dialect, GUIDE_TYPES, HANDSHAKE_MS, hello } from './handshake.js';
import { Heartbeat } from './heartbeat.js';
import { type DeltaFrame, giveBack, readDeltas } from './protocol/delta-frame.js';
import { ANY_BOOK, parseServerMessage, type ServerRefusal } from './protocol/guards-server.js';
import type { ClientMessage, ServerMessage, Welcome } from './protocol/messages.js';
import { ABNORMAL_CLOSURE, type Transport, type TransportEvents } from './transport/transport.js';

/** How long a link must hold after its first word before it counts as good. Opening alone proves nothing. */
export const STABLE_MS = 10_000;
/** The guide's server, daphne, ends each connection after a day. Ours says so itself when it is time to go. */
const GUIDE_LIFE_MS = 86_400_000;
/** The same of a link that follows one which was ended for want of a login: servers wait a while for it. */
const STABLE_LOGIN_MS = 60_000;
/** The shortest time between two pings. */
const LEAST_HEARTBEAT_MS = 1_000;

export type Outgoing = ClientMessage | Readonly<Record<string, unknown>>;

export type LinkOptions = Pick<
  ConnectionOptions,
  'src' | 'settings' | 'clock' | 'transport' | 'meter' | 'login' | 'resume'
>;

/** What a link tells. Nothing comes after `onEnd` or `onUnusable`, nor after `close`. */
export interface LinkEvents {
  onOpen(): void;
  /** The dialect is agreed. Called again when a welcome comes after all. */
  onReady(dialect: Dialect): void;
  /** It has spoken and then held for `STABLE_MS`. */
  onProven(): void;
  onMessage(message: ServerMessage, receiveTime: number): void;
  /** Messages of a frame that has been read as numbers. It means nothing any more after the call. */
  onDeltas(frame: DeltaFrame, receiveTime: number): void;
  /** A keeper's book was heard of. `eventTime`: the venue's time of it; 0 when it has none. */
  onBook(symbol: string, isChanged: boolean, eventTime: number, receiveTime: number): void;
  /** `suspect`: the symbol whose book may lack a change now, or `ANY_BOOK`. */
  onRefused(reason: ServerRefusal | 'binary', suspect: string | undefined): void;
  onEnd(code: number, reason: string, retryAfterMs?: number): void;
  /** The server has come to know who this is: what it refused before, it may grant now. */
  onLogin?(): void;
  /** In place of `onEnd`: no link to this address can ever open. */
  onUnusable(error: unknown): void;
}

export class Link implements AnyLink {
  readonly #options: LinkOptions;
  readonly #events: LinkEvents;
  readonly #clock: Clock;
  readonly #pings: PingLedger;
  readonly #transport: Transport;
  /** Undefined where nobody could log in. */
  readonly #login: LinkLogin | undefined;
  /** A greeting of a server that serves nothing before the login. */
  #held: Welcome | undefined;
  #isStarted = false;
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
      onClose: (code, reason, retryAfterMs) => this.#ended(code, reason, retryAfterMs),
      onUnusable: (error) => this.#unusable(error),
      onEnded: (_from, isLast) => isLast && this.#recordedEnd(),
    };
    this.#transport = options.transport(options.src, transportEvents, options.clock);
    this.#login = options.login?.link({
      send: (message) => this.send(message),
      offsetMs: () => pings.offsetMs ?? 0,
      onAnswer: () => this.#startLate(),
      onSettled: (isLoggedIn) => {
        if (this.#held !== undefined) this.#agree('touchline', this.#held);
        else if (isLoggedIn) events.onLogin?.();
      },
    });
  }

  get lifeMs(): number {
    return this.dialect === 'guide' ? GUIDE_LIFE_MS : Infinity;
  }

  /** After a refusal the token comes first: without one the server would only refuse again. */
  open(): void {
    if (this.#options.login?.isRefused === true) return this.#login?.begin();
    this.#isStarted = true;
    this.#transport.open();
  }

  /** Lets go at once, without an event. */
  close(code?: number): void {
    this.#release();
    this.#transport.close(code);
  }

  /** Sends now or not at all. */
  send(message: Outgoing): boolean {
    // Nobody reads what is said to a recording: a wish is fulfilled by what was recorded, and an order was never sent.
    if (this.#isRecorded) return message['type'] === 'subscribe' || message['type'] === 'unsubscribe';
    return this.#phase === 'open' && this.#transport.send(JSON.stringify(message));
  }

  /** Whether the server refuses this kind of request for want of a login. */
  needsLogin(type: string): boolean {
    return this.#login?.isOk !== true && this.welcome?.data.authRequired.includes(areaOf(type)) === true;
  }

  /** A server that asks for a token while none can be had has not refused one: no two of those are final. */
  closeAdvice(code: number): CloseAdvice | undefined {
    const advice = closeAdvice(code);
    return code === LOGIN_WANTED && advice !== undefined && this.#login?.isExcused === true
      ? { message: advice.message }
      : advice;
  }

  /** Whether nothing, or no answer, has been heard for too long, or no answer since then. */
  isLate(now: number): boolean {
    return !this.#isRecorded && (this.#heartbeat.isLate(now) || this.#pings.provenAt < this.#doubtAt);
  }

  /** Asks for a quick proof of life: the page was away, or the network changed. */
  probe(): void {
    const now = this.#clock.now();
    if (this.#phase !== 'open' || this.#isRecorded || !this.#heartbeat.probe(now)) return;
    this.#ping(now);
    this.#planJudgement(now);
  }

  get #isRecorded(): boolean {
    return this.#transport.isRecorded === true;
  }

  #startLate(): void {
    if (this.#isStarted || this.#phase !== 'opening') return;
    this.#isStarted = true;
    try {
      this.#transport.open();
    } catch (error) {
      this.#unusable(error);
    }
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
    if (this.#isRecorded) return;
    this.#cancelHandshake = this.#clock.setTimer(() => this.#agree('guide'), HANDSHAKE_MS);
    this.send(hello(this.#options.resume?.request()));
    this.#login?.begin();
    this.#judge();
  }

  #received(data: string): void {
    const { waterfall } = this.#options.meter;
    waterfall.frameReceived();
    const now = this.#heard();
    const deltas = readDeltas(data);
    if (deltas === undefined) this.#read(data, now);
    else {
      if (this.#phase === 'open') this.#events.onDeltas(deltas, now);
      giveBack(deltas);
    }
    waterfall.frameRead();
  }

  #read(data: string, now: number): void {
    const result = parseServerMessage(data);
    if (!result.ok) {
      this.#events.onRefused(result.reason, result.suspect);
      return;
    }
    const message = this.#isRecorded ? withoutId(result.message) : result.message;
    // A pong out of a recording says nothing of the clocks of today.
    if (message.type === 'pong' && !this.#isRecorded) this.#pings.answered(message.id, message.serverTime, now);
    if (message.type === 'welcome') this.#greeted(message);
    else if (this.dialect === undefined && this.#held === undefined && GUIDE_TYPES.has(message.type)) {
      this.#agree('guide');
    }
    if (this.#phase !== 'open') return;
    if (this.#login?.receive(message) !== true) return this.#events.onMessage(message, now);
    this.#options.meter.count('control', now);
    if (message.type === 'error' && message.data.fatal) {
      // When to come back is for others to read; what a server says of a token is for nobody.
      this.#events.onMessage({ ...message, data: { ...message.data, message: 'The login is refused.' } }, now);
    }
  }

  #greeted(welcome: Welcome): void {
    this.#login?.welcomed();
    // With nothing to be had before the login, it is not ready before.
    if (this.#login?.isPending === true && welcome.data.authRequired.includes('market')) {
      this.#cancelHandshake?.();
      this.#held = welcome;
    } else this.#agree('touchline', welcome);
  }

  /** All connections of the recording have ended, and nothing of what was known counts any more. */
  #recordedEnd(): void {
    const { dialect } = this;
    if (dialect === undefined) return;
    this.dialect = this.welcome = undefined;
    this.#events.onReady(dialect);
  }

  #heard(): number {
    const now = this.#clock.now();
    const wasLate = this.#heartbeat.isLate(now);
    this.#heartbeat.heard(now);
    if (wasLate && !this.#isRecorded) {
      this.#doubtAt = now;
      this.probe();
    }
    const stableMs = this.#options.login?.isRefused === true ? STABLE_LOGIN_MS : STABLE_MS;
    this.#cancelStable ??= this.#clock.setTimer(() => this.#events.onProven(), stableMs);
    this.#options.meter.counts.frameCount += 1;
    return now;
  }

  #agree(dialect: Dialect, welcome?: Welcome): void {
    if (this.dialect === dialect) return;
    this.#cancelHandshake?.();
    this.dialect = dialect;
    this.welcome = welcome;
    this.#held = undefined;
    if (welcome === undefined) this.#login?.notWelcomed();
    else {
      this.#heartbeat = this.#makeHeartbeat(welcome.data.heartbeatMs);
      this.#options.resume?.begun(welcome.data.session);
    }
    this.#events.onReady(dialect);
  }

  #judge(): void {
    const now = this.#clock.now();
    this.#login?.pulse(now);
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

  #ended(code: number, reason: string, retryAfterMs?: number): void {
    if (this.#phase === 'ended') return;
    this.#release(code);
    if (ENDS_SESSION.has(code)) this.#options.resume?.forget();
    // What a server says of a token is for nobody.
    this.#events.onEnd(code, code === LOGIN_WANTED ? '' : reason, retryAfterMs);
  }

  #unusable(error: unknown): void {
    if (this.#phase === 'ended') return;
    this.#release();
    this.#events.onUnusable(error);
  }

  #release(code?: number): void {
    this.#phase = 'ended';
    this.#login?.end(code);
    this.#cancelHandshake?.();
    this.#cancelHeartbeat?.();
    this.#cancelStable?.();
  }
}

/** What is answered in a recording was asked by somebody else. */
const withoutId = (message: ServerMessage): ServerMessage => {
  if (message.type !== 'subscription_confirmed' && message.type !== 'error') return message;
  const { id: _, ...rest } = message;
  return rest;
};
