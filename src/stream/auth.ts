/**
 * Who the page is, on one link: a token is asked for while the socket greets, sent once the server has said `welcome`, and
 * renewed on the same socket before the login runs out. Market data never wait for it. A token is sent in the message
 * `auth` and nowhere else; it is in no address, no error and no log.
 */
import { askToken, type TokenProvider, type TokenRequest } from './auth-token.js';
import { backoffDelay } from './backoff.js';
import type { Clock } from './clock.js';
import { LOGIN_WANTED } from './close-codes.js';
import type { ErrorDesk } from './error-desk.js';
import type { Auth, ErrorMessage, ServerMessage } from './protocol/messages.js';
import type { Settings } from './settings.js';

/** How long before its end a login is renewed, unless it is shorter than twice that. */
export const RENEW_BEFORE_MS = 60_000;
/** How long the server may take to judge a token. */
const ANSWER_MS = 10_000;
/** The longest that a timer can wait: above it browsers fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

export interface LoginOptions {
  readonly provider: TokenProvider;
  readonly clock: Clock;
  readonly random: () => number;
  readonly settings: Pick<Settings, 'reconnectDelay'>;
  readonly errors: Pick<ErrorDesk, 'once'>;
}

/** The login of a stream, on all its links. */
export class Login {
  readonly options: LoginOptions;
  readonly links = new Set<LinkLogin>();
  /** A link was ended for want of a login, and none has been accepted since. */
  isRefused = false;

  constructor(options: LoginOptions) {
    this.options = options;
  }

  /** The login of a new link. */
  link(host: LoginHost): LinkLogin | undefined {
    return new LinkLogin(this, host);
  }

  /** Asks anew on every link: somebody has logged in, or out. */
  again(): void {
    for (const link of this.links) link.again();
  }
}

export interface LoginHost {
  send(message: Auth): boolean;
  /** The server's clock minus ours, in milliseconds. */
  offsetMs(): number;
  /** The provider has answered, or failed. */
  onAnswer(): void;
  /** The server has taken a token, or there is none: nothing is to be waited for. */
  onSettled(isLoggedIn: boolean): void;
}

export class LinkLogin {
  /** The server knows who this is. */
  isOk = false;
  /** No token could be had: a server that asked for one has not refused any. */
  isExcused = false;
  readonly #login: Login;
  readonly #host: LoginHost;
  #phase: 'idle' | 'asking' | 'sent' | 'waiting' = 'idle';
  #server: 'unknown' | 'guide' | 'touchline' = 'unknown';
  #hasBegun = false;
  /** A token that is here and not sent yet, the one on its way, and the last that was refused. */
  #token: string | undefined;
  #sent: string | undefined;
  #refused: string | undefined;
  #count = 0;
  #failures = 0;
  /** In the server's clock; 0 where it did not say. */
  #expiresAt = 0;
  /** In ours. */
  #renewAt = Infinity;
  #cancel = (): void => {};

  constructor(login: Login, host: LoginHost) {
    this.#login = login;
    this.#host = host;
    login.links.add(this);
  }

  /** It may still come to a login. */
  get isPending(): boolean {
    return !this.isOk && this.#phase !== 'idle';
  }

  /** Asks for the first token of this link, unless that has been done. */
  begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#ask(this.#login.isRefused ? 'refused' : 'connect');
  }

  again(): void {
    if (this.#phase === 'idle' || this.#phase === 'waiting') this.#ask('connect');
  }

  /** The server speaks protocol 1. */
  welcomed(): void {
    this.#server = 'touchline';
    this.#sendToken();
  }

  /** The server speaks the guide's dialect: it would ignore a login without a word. */
  notWelcomed(): void {
    this.#server = 'guide';
    this.#sendToken();
  }

  /** Takes what is about the login. False: it is for somebody else. */
  receive(message: ServerMessage): boolean {
    switch (message.type) {
      case 'auth_ok':
        if (message.id === this.#id) this.#accepted(message.data.expiresAt);
        return true;
      case 'auth_expiring':
        // The notice of a login that was renewed meanwhile is no news.
        if (this.#phase === 'idle' && message.data.expiresAt >= this.#expiresAt) this.#ask('expiring');
        return true;
      case 'error':
        return this.#failedAtServer(message);
      default:
        return false;
    }
  }

  /** Called every few seconds: timers stand still while a machine sleeps, its clock does not. */
  pulse(now: number): void {
    if (this.#phase === 'idle' && this.isOk && now >= this.#renewAt) this.#ask('expiring');
  }

  /** The link is gone. */
  end(code?: number): void {
    if (this.#phase === 'asking') this.isExcused = true;
    if (this.#count > 0) this.isExcused = false;
    this.#cancel();
    this.#token = this.#sent = this.#refused = undefined;
    this.#login.links.delete(this);
    if (code !== LOGIN_WANTED) return;
    this.#login.isRefused = true;
    if (this.isOk) this.#tell('auth_expired', 'The login has run out.');
  }

  get #id(): string {
    return `a${this.#count}`;
  }

  #ask(reason: TokenRequest['reason']): void {
    const { provider, clock } = this.#login.options;
    this.#cancel();
    this.#phase = 'asking';
    this.#renewAt = Infinity;
    this.#cancel = askToken(provider, reason, clock, {
      onToken: (token) => {
        this.#phase = 'idle';
        this.isExcused = false;
        this.#take(token);
        this.#host.onAnswer();
      },
      onFailure: (why) => {
        this.isExcused = true;
        this.#failed(`There is no token to log in with: ${why}.`, reason);
        this.#host.onAnswer();
      },
    });
  }

  #take(token: string | undefined): void {
    if (token === undefined) this.#host.onSettled(false);
    else if (token === this.#refused) this.#failed('The token that was refused was given again.', 'refused');
    else {
      this.#token = token;
      this.#sendToken();
    }
  }

  #sendToken(): void {
    const ticket = this.#token;
    if (ticket === undefined || this.#server === 'unknown') return;
    if (this.#server === 'guide')
      return this.#tell('auth_failed', 'This server knows no login: the token was not sent.');
    this.#token = undefined;
    this.#sent = ticket;
    this.#count += 1;
    this.#phase = 'sent';
    // Before it is sent: a transport within the page may answer at once.
    this.#after(ANSWER_MS, () => this.#failed('The server does not answer to the login.', 'refused'));
    this.#host.send({ type: 'auth', id: this.#id, data: { ticket } });
  }

  #accepted(expiresAt: number | undefined): void {
    const { clock } = this.#login.options;
    this.#cancel();
    this.#phase = 'idle';
    this.isOk = true;
    this.#login.isRefused = false;
    this.#sent = this.#refused = undefined;
    this.#failures = 0;
    this.#expiresAt = expiresAt ?? 0;
    this.#renewAt = Infinity;
    if (expiresAt !== undefined) {
      const now = clock.now();
      const leftMs = expiresAt - now - this.#host.offsetMs();
      // What was taken just now has not run out: it is a clock that is wrong then, and the server tells in time.
      const waitMs = leftMs > 0 ? leftMs - Math.min(RENEW_BEFORE_MS, leftMs / 2) : RENEW_BEFORE_MS;
      // A token that is given and taken again lasts no longer than before: never as often as that would call for.
      this.#renewAt = now + Math.max(waitMs, this.#backoffMs());
      this.#after(this.#renewAt - now, () => this.#ask('expiring'));
    }
    this.#host.onSettled(true);
  }

  #failedAtServer({ id, data: { code, fatal, retryAfterMs } }: ErrorMessage): boolean {
    const isAnswer = id !== undefined && id === this.#id && this.#phase === 'sent';
    if (!isAnswer && code !== 'auth_failed' && code !== 'auth_expired') return false;
    if (code === 'auth_expired') {
      this.isOk = false;
      this.#tell(code, 'The login has run out.');
    }
    if (isAnswer && code === 'unknown_type') {
      this.#cancel();
      this.#phase = 'idle';
      this.#tell('auth_failed', 'This server knows no login.');
      this.#host.onSettled(false);
    } else if (isAnswer) {
      this.#refused = this.#sent;
      this.#failed(`The server refuses the login (${code}).`, 'refused', retryAfterMs ?? 0);
    } else if (this.#phase === 'idle') this.#ask('refused');
    // The next link asks: a token that is fetched for this one would be lost with it.
    if (fatal) this.#cancel();
    return true;
  }

  #failed(message: string, reason: TokenRequest['reason'], leastMs = 0): void {
    this.#failures += 1;
    this.#phase = 'waiting';
    this.#tell('auth_failed', message);
    // In the guide's dialect nobody waits for it.
    if (this.#server === 'guide') this.#cancel();
    else this.#after(Math.max(leastMs, this.#backoffMs()), () => this.#ask(reason));
  }

  #backoffMs(): number {
    const { settings, random } = this.#login.options;
    return backoffDelay({ baseMs: settings.reconnectDelay, maxAttempts: Infinity }, this.#failures, random);
  }

  #tell(code: 'auth_failed' | 'auth_expired', message: string): void {
    this.#login.options.errors.once(code, '', message);
  }

  #after(ms: number, act: () => void): void {
    this.#cancel();
    const hop = Math.min(ms, LONGEST_TIMER_MS);
    this.#cancel = this.#login.options.clock.setTimer(() => (ms > hop ? this.#after(ms - hop, act) : act()), hop);
  }
}
