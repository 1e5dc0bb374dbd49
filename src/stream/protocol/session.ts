/**
 * The server's side of one connection: protocol 1, and the guide's dialect until the client says `hello`. Pure: whoever
 * owns the socket hands in what arrives, calls `flush` every few tens of milliseconds, and passes on what comes out.
 *
 * What always holds:
 * - Market data goes out only from `flush` and as the direct answer to a subscription, and only when the transport has
 *   taken everything before. Meanwhile nothing is stored: the next flush sends the difference.
 * - An answer to a subscription goes before the first event of what it adds and after the last of what it removes.
 * - Private events go out at once and are never merged; a client that does not take them is closed with 4408.
 * - Nothing that arrives throws, and nothing is sent after the close.
 */
import { parseClientMessage } from './guards-client.js';
import type {
  BatchEntry,
  ClientMessage,
  ErrorCode,
  ErrorMessage,
  Feature,
  Hello,
  Ping,
  ServerMessage,
  StreamMark,
  Subscribe,
  Unsubscribe,
} from './messages.js';
import { PROTOCOL_VERSION } from './messages.js';
import { type LoginDesk, SessionAuth } from './session-auth.js';
import { type News, tickerData } from './session-feed.js';
import { SessionFeeds } from './session-feeds.js';
import { DEFAULT_LIMITS, RateLimit, type SessionLimits, Strikes } from './session-limits.js';
import type { ServedMarket } from './session-market.js';
import { OrderSession } from './session-orders.js';
import { Pace } from './session-pace.js';

export type * from './session-market.js';
export type { LoginArea, LoginDesk, SessionLogin } from './session-auth.js';
export type { SessionLimits } from './session-limits.js';

/** A client that hears nothing for this long may take the link for dead. */
export const HEARTBEAT_MS = 15_000;
/** What may wait in the transport before private events make it too much. */
const MAX_PRIVATE_BACKLOG_BYTES = 1_048_576;
/** A transport that takes nothing for this long belongs to a reader that is gone or too slow. */
const MAX_BLOCKED_MS = 2 * HEARTBEAT_MS;
/** Bad messages in ten seconds that end a connection, and refused ones. */
const MAX_BAD_MESSAGES = 5;
const MAX_REFUSED_MESSAGES = 50;
const STRIKE_WINDOW_MS = 10_000;

const FEATURES: readonly Feature[] = ['decimal_strings', 'batch', 'book', 'trades', 'orders'];

export interface ServerSessionOptions {
  readonly market: ServedMarket;
  /** Sends one text frame. False means that the transport is gone. */
  send(text: string): boolean | void;
  close(code: number, reason: string): void;
  /** Milliseconds since 1970. */
  now(): number;
  /** Bytes that the transport has not passed on yet. Default: none, ever. */
  bufferedAmount?(): number;
  readonly sessionId: string;
  readonly limits?: Partial<SessionLimits>;
  /** Who judges logins. Default: nobody can log in, and nobody has to. */
  readonly login?: LoginDesk | undefined;
  /** A lost session is taken up here: if it still lives elsewhere, it ends there with 4409. */
  onResume?(sessionId: string): void;
}

export class ServerSession {
  readonly #options: ServerSessionOptions;
  readonly #market: ServedMarket;
  readonly #limits: SessionLimits;
  readonly #orders: OrderSession;
  readonly #auth: SessionAuth;
  readonly #rate: RateLimit;
  readonly #bad = new Strikes(MAX_BAD_MESSAGES, STRIKE_WINDOW_MS);
  readonly #refused = new Strikes(MAX_REFUSED_MESSAGES, STRIKE_WINDOW_MS);
  readonly #feeds: SessionFeeds;
  readonly #pace: Pace;
  /** Where the streams of the session stood that is taken up. */
  readonly #marks = new Map<string, StreamMark>();
  #sessionId: string;
  /** Undefined until `hello`: the guide's dialect. */
  #features: ReadonlySet<Feature> | undefined;
  #isClosed = false;

  constructor(options: ServerSessionOptions) {
    const nowMs = options.now();
    this.#options = options;
    this.#market = options.market;
    this.#feeds = new SessionFeeds(options.market);
    this.#pace = new Pace(() => options.bufferedAmount?.() ?? 0);
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#rate = new RateLimit(this.#limits.messagesPerSecond, nowMs);
    this.#sessionId = options.sessionId;
    this.#auth = new SessionAuth({
      desk: options.login,
      send: (message) => this.#sendPrivate(message),
      sendError: (code, message, about) => this.#sendError(code, message, about),
      close: (code, reason) => this.#close(code, reason),
      onLogin: () => this.#stopForbidden(),
      nowMs,
    });
    this.#orders = new OrderSession({
      takeMark: (stream) => this.#takeMark(stream),
      desk: options.market.desk,
      send: (message) => this.#sendPrivate(message),
      sendError: (id, code, message) => this.#sendError(code, message, { id }),
      ordersPerSecond: this.#limits.ordersPerSecond,
      nowMs,
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Its own, or that of the session it has taken up. */
  get id(): string {
    return this.#sessionId;
  }

  /** Who has logged in here. */
  get user(): string | undefined {
    return this.#auth.user;
  }

  /** Its user has logged out, or may no longer be here. */
  logOut(): void {
    this.#sendError('auth_expired', 'This login has been ended.', { fatal: true });
    this.#close(4401, 'logged_out');
  }

  /** Another connection has taken this session up. */
  takenOver(): void {
    this.#close(4409, 'resumed_elsewhere');
  }

  /** One text frame from the client. */
  receive(text: string): void {
    if (this.#isClosed) return;
    const parsed = parseClientMessage(text, this.#limits.messageBytes);
    const waitMs = this.#rate.take(this.#options.now());
    const id = parsed.ok ? parsed.message.id : parsed.id;
    if (waitMs > 0) return this.#refuse(parsed.ok ? parsed.message : undefined, id, waitMs);
    if (parsed.ok) return this.#act(parsed.message);
    if (parsed.code === 'too_large') {
      this.#sendError('too_large', parsed.message, { id, fatal: true });
      return this.#close(1009, 'too_large');
    }
    // The guide's server ignores what it does not know, and a client of its dialect may count on that.
    if (parsed.code === 'unknown_type') {
      if (this.#features !== undefined) this.#sendError('unknown_type', parsed.message, { id });
      return;
    }
    this.#countBad(parsed.code, parsed.message, id);
  }

  /** A binary frame, whatever is in it. */
  receiveBinary(): void {
    if (!this.#isClosed) this.#countBad('bad_message', 'Messages are text frames.', undefined);
  }

  /** Sends what has changed, when it is time and the transport is free. */
  flush(): void {
    if (this.#isClosed) return;
    const nowMs = this.#options.now();
    this.#auth.pulse(nowMs);
    if (this.#isClosed || !this.#pace.isDue(nowMs)) return;
    if (this.#pace.isBlocked(nowMs)) {
      if (this.#pace.blockedMs(nowMs) > MAX_BLOCKED_MS) this.#close(4408, 'too slow');
      return;
    }
    const isAny =
      this.#features === undefined ? this.#sendRows() : this.#sendNews(this.#feeds.collect(this.#asText, nowMs), nowMs);
    if (isAny) this.#pace.sent(nowMs);
  }

  /** Says that the server stops, and closes with 1012. Clients come back after a random time between the two. */
  goAway(reason: string, reconnectAfterMs: readonly [number, number] = [500, 8_000]): void {
    if (this.#isClosed) return;
    if (this.#features !== undefined) this.#send({ type: 'going_away', data: { reason, reconnectAfterMs } });
    this.#close(1012, reason);
  }

  /** To be called when the transport has closed: forgets everything. */
  dispose(): void {
    this.#isClosed = true;
    this.#orders.dispose();
    this.#feeds.clear();
  }

  #act(message: ClientMessage): void {
    const nowMs = this.#options.now();
    if (message.type === 'ping') return this.#pong(message, nowMs);
    if (message.type === 'hello') return this.#hello(message, nowMs);
    const isAboutSymbols = message.type === 'subscribe' || message.type === 'unsubscribe';
    if (this.#features === undefined && !isAboutSymbols) {
      return this.#sendError('bad_state', `Say hello before ${message.type}.`, { id: message.id });
    }
    if (message.type === 'auth') return this.#auth.receive(message, nowMs);
    const refusal = this.#auth.refusal(message);
    if (refusal !== undefined) return this.#sendError(refusal.code, refusal.text, { id: message.id });
    if (message.type === 'subscribe') return this.#subscribe(message, nowMs);
    if (message.type === 'unsubscribe') return this.#unsubscribe(message);
    if (message.type === 'order_book_resync') this.#resync(message.id, message.data.symbol, nowMs);
    else this.#orders.receive(message, nowMs);
  }

  #hello({ id, data }: Hello, nowMs: number): void {
    if (this.#features !== undefined) return this.#sendError('bad_state', 'Hello was said before.', { id });
    if (data.protocol !== PROTOCOL_VERSION) {
      const details = { supported: [PROTOCOL_VERSION] };
      return this.#sendError('unsupported_protocol', `This server speaks protocol ${PROTOCOL_VERSION}.`, {
        id,
        details,
      });
    }
    const offered = FEATURES.filter((feature) => feature !== 'orders' || this.#market.desk !== undefined);
    const features = offered.filter((feature) => data.features.includes(feature));
    this.#features = new Set(features);
    if (data.resume !== undefined) {
      for (const [stream, mark] of Object.entries(data.resume.streams)) this.#marks.set(stream, mark);
      this.#options.onResume?.(data.resume.session);
      this.#sessionId = data.resume.session;
    }
    this.#send({
      type: 'welcome',
      id,
      data: {
        protocol: PROTOCOL_VERSION,
        session: this.#sessionId,
        serverTime: nowMs,
        heartbeatMs: HEARTBEAT_MS,
        features,
        limits: this.#limits,
        authRequired: this.#auth.required,
      },
    });
  }

  #pong({ id, t }: Ping, nowMs: number): void {
    const isBare = id === undefined && t === undefined;
    this.#send({
      type: 'pong',
      ...(id !== undefined && { id }),
      ...(t !== undefined && { t }),
      ...(!isBare && { serverTime: nowMs }),
    });
  }

  #subscribe(wish: Subscribe, nowMs: number): void {
    const id = wish.id;
    const most = this.#limits.symbols;
    if (this.#feeds.countWith(wish.symbols) > most) {
      return this.#sendError('too_many_symbols', `A connection may have ${most} symbols.`, { id, details: { most } });
    }
    if (wish.maxRateHz !== undefined) this.#pace.rateHz = wish.maxRateHz;
    const { answer, feeds } = this.#feeds.subscribe(wish);
    const head = { type: 'subscription_confirmed', ...(id !== undefined && { id }) } as const;
    // In the guide's dialect the data come with the next round.
    if (this.#features === undefined) return this.#send({ ...head, data: { symbols: answer.symbols } });
    this.#send({ ...head, data: answer });
    const resumed = this.#feeds.resume(feeds, (stream) => this.#takeMark(stream));
    if (resumed !== undefined) this.#send({ type: 'resumed', data: resumed });
    // What is there already comes at once, changed or not.
    if (!this.#pace.isBlocked(nowMs)) this.#sendNews(this.#feeds.collect(this.#asText, nowMs, feeds), nowMs);
  }

  /** Each stream is taken up once; a mark that was used says nothing later. */
  #takeMark(stream: string): StreamMark | undefined {
    const mark = this.#marks.get(stream);
    this.#marks.delete(stream);
    return mark;
  }

  /** A renewed login may have fewer accounts than the one before. */
  #stopForbidden(): void {
    for (const account of this.#orders.stopUnless((name) => this.#auth.mayHear(name))) {
      this.#sendError('not_entitled', 'This login no longer permits this account.', { details: { account } });
    }
  }

  /** The guide's server does not answer this one. */
  #unsubscribe(wish: Unsubscribe): void {
    const data = this.#feeds.unsubscribe(wish);
    if (this.#features === undefined) return;
    this.#send({ type: 'unsubscription_confirmed', ...(wish.id !== undefined && { id: wish.id }), data });
  }

  #resync(id: string, symbol: string, nowMs: number): void {
    const details = { symbol };
    if (this.#market.listing(symbol) === undefined) {
      return this.#sendError('unknown_symbol', 'No such symbol is listed.', { id, details });
    }
    const feed = this.#feeds.get(symbol);
    if (feed === undefined || !feed.channels.has('book')) {
      return this.#sendError('bad_state', 'The book of this symbol is not subscribed.', { id, details });
    }
    const retryAfterMs = feed.resync(id, nowMs);
    if (retryAfterMs > 0) {
      return this.#sendError('rate_limited', 'One resync a second and symbol.', { id, retryAfterMs, details });
    }
    if (!this.#pace.isBlocked(nowMs)) this.#sendNews(this.#feeds.collect(this.#asText, nowMs, [feed]), nowMs);
  }

  get #asText(): boolean {
    return this.#features?.has('decimal_strings') ?? false;
  }

  /** False when there was nothing to send. */
  #sendNews({ statuses, snapshots, events }: News, nowMs: number): boolean {
    // One frame for all of it, unless a book comes between the phase and the rest.
    this.#sendEvents(snapshots.length > 0 ? statuses : [...statuses, ...events], nowMs);
    if (snapshots.length > 0) {
      for (const snapshot of snapshots) this.#send({ ...snapshot, sent: nowMs });
      this.#sendEvents(events, nowMs);
    }
    return statuses.length + snapshots.length + events.length > 0;
  }

  #sendEvents(events: readonly BatchEntry[], nowMs: number): void {
    if (events.length === 0) return;
    if (this.#features?.has('batch')) this.#send({ type: 'market_data_batch', sent: nowMs, data: events });
    else for (const event of events) this.#send({ ...event, sent: nowMs });
  }

  /** The guide's round: the present row of every symbol, changed or not, so that its silence means something. */
  #sendRows(): boolean {
    const { listings } = this.#feeds;
    for (const { symbol, ticker } of listings) {
      if (ticker !== undefined) this.#send({ type: 'market_data', data: tickerData(symbol, ticker, false) });
    }
    return listings.length > 0;
  }

  #sendPrivate(message: ServerMessage): void {
    this.#send(message);
    if ((this.#options.bufferedAmount?.() ?? 0) > MAX_PRIVATE_BACKLOG_BYTES) this.#close(4408, 'too slow');
  }

  #countBad(code: 'bad_json' | 'bad_message', message: string, id: string | undefined): void {
    if (!this.#bad.add(this.#options.now())) return this.#sendError(code, message, { id });
    this.#sendError('bad_json', `${message} There were ${MAX_BAD_MESSAGES} such messages.`, { id, fatal: true });
    this.#close(4400, 'bad_json');
  }

  /** An order has an answer of its own, so that nobody has to guess whether it was placed. */
  #refuse(message: ClientMessage | undefined, id: string | undefined, retryAfterMs: number): void {
    const nowMs = this.#options.now();
    const fatal = this.#refused.add(nowMs);
    const isOrder =
      (message?.type === 'order_place' || message?.type === 'order_replace') &&
      this.#features !== undefined &&
      this.#auth.refusal(message) === undefined;
    if (isOrder) this.#orders.refuseHasty(message, nowMs);
    if (!isOrder || fatal) {
      this.#sendError('rate_limited', 'Too many messages a second.', { ...(!isOrder && { id }), fatal, retryAfterMs });
    }
    if (fatal) this.#close(4429, 'rate_limited');
  }

  #sendError(
    code: ErrorCode,
    message: string,
    { id, fatal = false, retryAfterMs = null, details }: ErrorOptions = {},
  ): void {
    const data: ErrorMessage['data'] = { code, message, fatal, retryAfterMs, ...(details && { details }) };
    this.#send({ type: 'error', ...(id !== undefined && { id }), data });
  }

  #send(message: ServerMessage): void {
    if (this.#isClosed) return;
    if (this.#options.send(JSON.stringify(message)) === false) this.dispose();
  }

  #close(code: number, reason: string): void {
    if (this.#isClosed) return;
    this.dispose();
    this.#options.close(code, reason);
  }
}

interface ErrorOptions {
  readonly id?: string | undefined;
  readonly fatal?: boolean;
  readonly retryAfterMs?: number | null;
  readonly details?: Readonly<Record<string, unknown>>;
}
