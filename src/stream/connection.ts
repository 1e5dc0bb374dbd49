/**
 * A link that is kept up: made, lost, and made again, with waits that grow until one has proved itself. It knows nothing
 * of symbols and books. Whoever uses it is told when there is a new link, and states its whole wish anew.
 */
import { backoffDelay, between } from './backoff.js';
import type { Clock } from './clock.js';
import { PingLedger } from './clock-offset.js';
import { closeAdvice } from './close-codes.js';
import type { Dialect } from './handshake.js';
import type { AnyLink, LinkFactory } from './any-link.js';
import type { Login } from './auth.js';
import type { BookKeeper } from './book-keeper.js';
import { Link, type LinkEvents, type Outgoing } from './link.js';
import type { StreamStatus } from './market-stream.js';
import type { Meter } from './metrics.js';
import type { ServerMessage, Welcome } from './protocol/messages.js';
import type { Resume } from './resume.js';
import type { Settings } from './settings.js';
import type { StreamError } from './stream-error.js';
import type { TransportFactory } from './transport/transport.js';
import type { VerdictReason } from './verdict.js';
import type { WakeEvent, WakeSource } from './wake.js';

/** The shortest time between the starts of two tries, however often the page wakes. */
export const LEAST_GAP_MS = 1_000;
/** The longest wait that a server may impose. */
const LONGEST_IMPOSED_WAIT_MS = 300_000;
/** Tries that never opened before the page is told that nobody is there, or nobody lets it in. */
const UNREACHABLE_AFTER = 2;

/** How one connection is. */
export type ConnectionStatus = Omit<StreamStatus, 'connections' | 'openConnections'>;

export interface ConnectionOptions {
  readonly src: string;
  readonly settings: Pick<Settings, 'heartbeat' | 'reconnectDelay' | 'reconnectAttempts'>;
  readonly transport: TransportFactory;
  readonly clock: Clock;
  readonly random: () => number;
  readonly wake: WakeSource;
  readonly meter: Meter;
  /** Who makes a link. Default: one of our own protocol. */
  readonly makeLink?: LinkFactory | undefined;
  /** Who the page is. Default: nobody. */
  readonly login?: Pick<Login, 'isRefused' | 'link'> | undefined;
  /** What may be taken up after a loss. Default: nothing. */
  readonly resume?: Pick<Resume, 'request' | 'begun' | 'forget'> | undefined;
}

export interface ConnectionEvents extends Pick<
  LinkEvents,
  'onMessage' | 'onDeltas' | 'onRefused' | 'onBook' | 'onLogin'
> {
  onStatus(): void;
  /** A link has agreed on its dialect. Called again when a welcome comes after all. */
  onReady(dialect: Dialect): void;
  /** A link that was ready is no more. What was asked of it will not be answered. */
  onDown(code: number): void;
  onError(error: StreamError): void;
  /** The other end is going to end this link, and will take another one after so long, in milliseconds. */
  onLeaving(afterMs: number): void;
}

const ownLink: LinkFactory = (options, pings, events) => new Link(options, pings, events);

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #events: ConnectionEvents;
  readonly #clock: Clock;
  readonly #stopWake: () => void;
  readonly pings = new PingLedger();
  #link: AnyLink | undefined;
  #status: ConnectionStatus;
  #cancelRetry: (() => void) | undefined;
  /** No try starts before this, wake or not. */
  #notBefore = -Infinity;
  /** The longest that this may be ahead: a clock that was set back must not make the wait longer. */
  #longestGapMs = 0;
  /** Tries since a link has proved itself. */
  #attempt = 0;
  #neverOpened = 0;
  #finalCodes = 0;
  #wasReady = false;
  #isSuspended = false;
  /** A wait that the server asked for before it hung up. */
  #imposedMs = 0;
  #isGoingAway = false;
  /** The code of a link that was ready and has ended, until that has been told. */
  #endedWith: number | undefined;

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    this.#options = options;
    this.#events = events;
    this.#clock = options.clock;
    this.#status = {
      state: 'idle',
      reason: 'idle',
      attempt: 0,
      maxAttempts: options.settings.reconnectAttempts,
      retryAt: 0,
      dialect: 'unknown',
      closeCode: 0,
      since: this.#clock.now(),
    };
    this.#stopWake = options.wake((event) => this.#woken(event));
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  /** Undefined while there is no ready link. */
  get dialect(): Dialect | undefined {
    return this.#link?.dialect;
  }

  /** The server's greeting on this link; undefined before it, and in the guide's dialect. */
  get welcome(): Welcome | undefined {
    return this.#link?.welcome;
  }

  /** Who keeps a symbol's book, where the far end is a venue. */
  keeperOf(symbol: string): BookKeeper | undefined {
    return this.#link?.keeperOf?.(symbol);
  }

  /** Why there is no ready link, in the words of a verdict; undefined while there is one. */
  get down(): VerdictReason | undefined {
    const { state, reason } = this.#status;
    if (state === 'open') return undefined;
    if (state !== 'closed') return state;
    return reason === 'closed_by_page' ? 'idle' : 'refused';
  }

  /** How long a link lasts at most, in milliseconds; `Infinity` where nobody knows of a limit. */
  get lifeMs(): number {
    return this.#link?.lifeMs ?? Infinity;
  }

  /** Whether the server refuses this kind of request for want of a login. */
  needsLogin(type: string): boolean {
    return this.#link?.needsLogin?.(type) ?? false;
  }

  /** Whether nothing, or no answer, has been heard for too long. */
  isLate(now: number): boolean {
    return this.#link?.isLate(now) ?? true;
  }

  /** Starts, unless it is connected or trying already. */
  connect(): void {
    if (this.#status.state === 'idle' || this.#status.state === 'closed') this.#startAnew();
  }

  /** Ends, and stays ended until `connect` or `reconnect`. */
  disconnect(): void {
    if (this.#status.reason !== 'closed_by_page') this.#end('closed', 'closed_by_page');
  }

  /** Drops what there is and tries at once, with all tries ahead again. */
  reconnect(): void {
    if (this.#link !== undefined) {
      this.#end(this.#status.state, this.#status.reason);
      // Whoever was told may have asked for something else.
      if (this.#link !== undefined || this.#status.reason === 'closed_by_page') return;
    }
    this.#startAnew();
  }

  /** Sends now or not at all. */
  send(message: Outgoing): boolean {
    return this.dialect !== undefined && this.#link?.send(message) === true;
  }

  dispose(): void {
    this.#stopWake();
    this.disconnect();
  }

  #startAnew(): void {
    this.#attempt = 0;
    this.#neverOpened = 0;
    this.#finalCodes = 0;
    this.#imposedMs = 0;
    this.#isGoingAway = false;
    this.#isSuspended = false;
    this.#start();
  }

  #start(): void {
    this.#cancelRetry?.();
    this.#notBefore = this.#clock.now() + LEAST_GAP_MS;
    this.#longestGapMs = LEAST_GAP_MS;
    const isOffline = this.#attempt > this.#options.settings.reconnectAttempts;
    const state = isOffline ? 'offline' : this.#wasReady ? 'reconnecting' : 'connecting';
    try {
      const { makeLink = ownLink } = this.#options;
      const link = makeLink(this.#options, this.pings, this.#linkEvents());
      this.#link = link;
      this.#change(state, state);
      // Whoever listens to the status may have let it go already.
      if (this.#link === link) link.open();
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #giveUp(error: unknown): void {
    this.#end('closed', 'bad_address');
    const message = error instanceof Error ? error.message : String(error);
    this.#events.onError({ code: 'bad_address', message });
  }

  #linkEvents(): LinkEvents {
    return {
      onOpen: () => {
        this.#neverOpened = 0;
      },
      onReady: (dialect) => {
        if (this.#wasReady && this.#status.state !== 'open') this.#options.meter.counts.reconnects += 1;
        this.#wasReady = true;
        const link = this.#link;
        this.#change('open', 'ok', { dialect });
        if (this.#link === link) this.#events.onReady(dialect);
      },
      onProven: () => {
        this.#attempt = 0;
        this.#finalCodes = 0;
      },
      onMessage: (message, receiveTime) => {
        const link = this.#link;
        this.#noteImposedWait(message);
        // Whoever was told that the link is to end may have let it go already.
        if (this.#link === link) this.#events.onMessage(message, receiveTime);
      },
      onDeltas: (frame, receiveTime) => this.#events.onDeltas(frame, receiveTime),
      onBook: (...news) => this.#events.onBook(...news),
      onRefused: (...refusal) => this.#events.onRefused(...refusal),
      onLogin: () => this.#events.onLogin?.(),
      onEnd: (code, reason, retryAfterMs = 0) => {
        this.#imposedMs = Math.max(this.#imposedMs, retryAfterMs);
        this.#lost(code, reason);
      },
      onUnusable: (error) => this.#giveUp(error),
    };
  }

  #noteImposedWait(message: ServerMessage): void {
    if (message.type === 'going_away') {
      const [low, high] = message.data.reconnectAfterMs;
      this.#imposedMs = between(low, Math.max(low, high), this.#options.random);
    } else if (message.type === 'error' && message.data.fatal && message.data.retryAfterMs !== null) {
      this.#imposedMs = message.data.retryAfterMs;
    } else return;
    this.#isGoingAway = message.type === 'going_away';
    if (this.#isGoingAway) this.#events.onLeaving(this.#imposedMs);
  }

  #lost(code: number, reason: string): void {
    if (this.dialect !== undefined) this.#endedWith = code;
    const advice = this.#link?.closeAdvice === undefined ? closeAdvice(code) : this.#link.closeAdvice(code);
    this.#link = undefined;
    // Every opening sets this back to zero: two in a row never got that far.
    if (this.#status.state !== 'open') this.#neverOpened += 1;
    const finalAfter = advice?.finalAfter ?? Infinity;
    this.#finalCodes = finalAfter === Infinity ? 0 : this.#finalCodes + 1;
    if (this.#finalCodes >= finalAfter) this.#change('closed', 'refused', { closeCode: code });
    else this.#planRetry(advice?.leastWaitMs ?? 0, code);
    if (advice !== undefined) {
      const words = reason === '' ? advice.message : `${advice.message} It says: ${reason}`;
      this.#events.onError({ code: 'closed_by_server', message: `${words} (close code ${code})` });
    } else if (this.#neverOpened === UNREACHABLE_AFTER) {
      const message = `No connection to ${this.#options.src || 'the venue'}: it is unreachable, or refuses this page. ${reason}`;
      this.#events.onError({ code: 'unreachable', message: message.trim() });
    }
  }

  #planRetry(leastWaitMs: number, closeCode: number): void {
    this.#attempt += 1;
    const { random, settings } = this.#options;
    const { reconnectDelay: baseMs, reconnectAttempts: maxAttempts } = settings;
    const isGoingAway = this.#isGoingAway;
    const leastMs = Math.max(leastWaitMs, Math.min(LONGEST_IMPOSED_WAIT_MS, this.#imposedMs));
    this.#isGoingAway = false;
    this.#imposedMs = 0;
    // A restart that was announced says itself when to come back, once; any other wish can only lengthen our own wait.
    const ownMs = isGoingAway && this.#attempt === 1 ? 0 : backoffDelay({ baseMs, maxAttempts }, this.#attempt, random);
    this.#notBefore = Math.max(this.#notBefore, this.#clock.now() + leastMs);
    this.#longestGapMs = Math.max(LEAST_GAP_MS, leastMs);
    const state = this.#attempt > maxAttempts ? 'offline' : 'reconnecting';
    this.#wait(Math.max(ownMs, leastMs), state, isGoingAway ? 'going_away' : state, closeCode);
  }

  #wait(
    delayMs: number,
    state: StreamStatus['state'],
    reason: StreamStatus['reason'],
    closeCode = this.#status.closeCode,
  ): void {
    this.#cancelRetry?.();
    this.#cancelRetry = this.#clock.setTimer(() => this.#start(), delayMs);
    this.#change(state, reason, { closeCode, retryAt: this.#clock.now() + delayMs });
  }

  /** Lets go of whatever there is, by our own wish. */
  #end(state: StreamStatus['state'], reason: StreamStatus['reason']): void {
    const link = this.#link;
    this.#link = undefined;
    link?.close(1000);
    this.#cancelRetry?.();
    if (link?.dialect !== undefined) this.#endedWith = 1000;
    this.#change(state, reason);
  }

  #woken(event: WakeEvent): void {
    const { state } = this.#status;
    if (state === 'idle' || state === 'closed' || event === 'hidden') return;
    if (event === 'suspend') {
      this.#isSuspended = true;
      this.#end('reconnecting', 'idle');
    } else if (this.#link !== undefined) {
      // Whatever the network did meanwhile: an answer within a few seconds proves that the link outlived it.
      this.#link.probe();
    } else if (event !== 'offline') {
      this.#tryNow();
    }
  }

  /** Tries at once, or as soon as the last try is long enough ago. */
  #tryNow(): void {
    const now = this.#clock.now();
    const wasSuspended = this.#isSuspended;
    this.#isSuspended = false;
    const gap = Math.min(this.#longestGapMs, this.#notBefore - now);
    if (gap <= 0) this.#start();
    else if (wasSuspended || now + gap < this.#status.retryAt) this.#wait(gap, this.#status.state, this.#status.reason);
  }

  #change(state: StreamStatus['state'], reason: StreamStatus['reason'], more: Partial<StreamStatus> = {}): void {
    const before = this.#status;
    this.#status = {
      ...before,
      state,
      reason,
      attempt: state === 'open' || state === 'closed' ? 0 : this.#attempt,
      maxAttempts: this.#options.settings.reconnectAttempts,
      retryAt: 0,
      since: state === before.state && reason === before.reason ? before.since : this.#clock.now(),
      ...more,
    };
    const code = this.#endedWith;
    this.#endedWith = undefined;
    // First: whoever hears of the status may ask for another link at once.
    if (code !== undefined) this.#events.onDown(code);
    this.#events.onStatus();
  }
}
