import type { TokenProvider, TokenRequest } from '../../src/stream/auth-token.js';
import type { MarketStreamOptions } from '../../src/stream/market-stream-core.js';
import type { Auth, ClientMessage } from '../../src/stream/protocol/messages.js';
import { type Bench, makeBench, snapshot, welcome } from './fake-server.js';
import type { FakeSocket } from './fake-wire.js';

/** Lets every promise that can settle do so. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A server of protocol 1 that knows logins, in fake time, and a page with a token provider. */
export interface LoginBench extends Bench {
  /** What the provider was asked, in order. */
  readonly asked: TokenRequest['reason'][];
  readonly signals: AbortSignal[];
  /** Tickets the server has been sent, in order. */
  readonly tickets: string[];
  /** What the server makes of a ticket: takes it, refuses it by a code, or says nothing. */
  judge: (ticket: string) => 'ok' | 'silent' | { readonly code: string; readonly fatal?: boolean };
  /** What the server's greeting says otherwise. */
  over: Readonly<Record<string, unknown>>;
  /** What else the server does with a message. */
  onMessage: ((message: ClientMessage, socket: FakeSocket) => void) | undefined;
  /** How long a login lasts; undefined: it does not run out. */
  lifeMs: number | undefined;
  /** Time passes, promises settle in between. */
  pass(ms: number, stepMs?: number): Promise<void>;
  /** Types of the messages sent on the newest socket, pings left out. */
  said(): string[];
}

export interface LoginOptions extends Partial<MarketStreamOptions> {
  readonly authRequired?: readonly string[];
  /** How long the server takes for each answer. Default 0: it answers within the call. */
  readonly greetingMs?: number;
  /** What `POST /api/ws-ticket` would give. Default: a new one each time. */
  readonly provide?: TokenProvider;
  /** What makes the page. Default: a stream in the page. */
  readonly make?: (options: Partial<MarketStreamOptions>) => Bench;
}

export const makeLoginBench = ({
  authRequired = ['private', 'orders'],
  greetingMs = 0,
  provide,
  make = makeBench,
  ...options
}: LoginOptions = {}): LoginBench => {
  const asked: TokenRequest['reason'][] = [];
  const signals: AbortSignal[] = [];
  const tickets: string[] = [];
  let count = 0;
  const bench = make({
    token: (request) => {
      asked.push(request.reason);
      signals.push(request.signal);
      count += 1;
      return provide === undefined ? `secret-${count}` : provide(request);
    },
    ...options,
  });
  const { clock, wire } = bench;
  const whole: LoginBench = {
    ...bench,
    asked,
    signals,
    tickets,
    judge: () => 'ok',
    over: {},
    onMessage: undefined,
    lifeMs: 3_600_000,
    async pass(ms, stepMs = 1_000) {
      await settled();
      for (let left = ms; left > 0; left -= stepMs) {
        clock.pass(Math.min(stepMs, left));
        await settled();
      }
    },
    said: () => wire.last.sent.map(({ type }) => type).filter((type) => type !== 'ping'),
  };
  const serve = (socket: FakeSocket, message: ClientMessage): void => {
    if (message.type === 'hello') socket.push(welcome({ serverTime: clock.now(), authRequired, ...whole.over }));
    else if (message.type === 'ping')
      socket.push({ type: 'pong', id: message.id, t: message.t, serverTime: clock.now() });
    else if (message.type === 'subscribe') {
      const { id, symbols, channels } = message;
      socket.push({ type: 'subscription_confirmed', id, data: { symbols, added: symbols } });
      if (channels?.includes('book') === true) socket.push(...symbols.map((symbol) => snapshot(symbol, 1)));
    } else if (message.type === 'auth') answerLogin(socket, message);
    whole.onMessage?.(message, socket);
  };
  const answerLogin = (socket: FakeSocket, { id, data: { ticket } }: Auth): void => {
    tickets.push(ticket);
    const verdict = whole.judge(ticket);
    if (verdict === 'silent') return;
    if (verdict === 'ok') {
      const expiresAt = whole.lifeMs === undefined ? {} : { expiresAt: clock.now() + whole.lifeMs };
      return socket.push({
        type: 'auth_ok',
        id,
        data: { user: 'u-17', accounts: ['A-1'], scopes: ['trade'], ...expiresAt },
      });
    }
    const { code, fatal = false } = verdict;
    // A server that repeats what it was told: nothing of that may reach the page.
    const data = { code, message: `No user for ${ticket}.`, fatal, retryAfterMs: null };
    socket.push({ type: 'error', id, data });
    if (fatal) socket.drop(4401, ticket);
  };
  wire.onConnect = (socket) => {
    socket.onSent = (message) => {
      if (greetingMs === 0) serve(socket, message);
      else clock.setTimer(() => serve(socket, message), greetingMs);
    };
    socket.accept();
  };
  return whole;
};
