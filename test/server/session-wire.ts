/** A session on a fake wire: what was sent, what the close was, and a clock that is moved by hand. */
import { Exchange } from '../../src/sim/index.js';
import { parseServerMessage } from '../../src/stream/protocol/guards.js';
import { ServerSession, type ServedMarket, type ServerSessionOptions } from '../../src/stream/protocol/session.js';

export const START = 1_795_339_254_616;

/** A message as a test reads it: with all fields that any message has. The guards have judged it before. */
export interface Message {
  readonly type: string;
  readonly id?: string;
  readonly t?: number;
  readonly serverTime?: number;
  readonly stream: string;
  readonly epoch: string;
  readonly seq: number;
  readonly prevSeq: number;
  readonly sent?: number;
  readonly data: MessageData;
}

type Levels = readonly (readonly [string, string])[];

export interface MessageData {
  readonly symbol: string;
  readonly symbols: readonly unknown[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly rejected: readonly { readonly symbol: string; readonly code: string }[];
  readonly channels: Readonly<Record<string, readonly string[]>>;
  readonly instruments: readonly Readonly<Record<string, unknown>>[];
  readonly bids: Levels;
  readonly asks: Levels;
  readonly depth: number;
  readonly timestamp: number;
  readonly checksum?: number;
  readonly price: unknown;
  readonly code: string;
  readonly fatal: boolean;
  readonly retryAfterMs: number | null;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;
  readonly clientOrderId: string;
  readonly parent: string | undefined;
  readonly status: string;
  readonly duplicate: boolean;
  readonly reason: string;
  readonly known: boolean;
  readonly order: Readonly<Record<string, unknown>> | null;
  readonly orders: readonly unknown[];
  readonly balances: readonly Readonly<Record<string, string>>[];
  readonly phase: string;
  readonly features: readonly string[];
  readonly authRequired: readonly string[];
  readonly session: string;
  readonly tradeId: string;
}

export class SessionWire {
  readonly market: ServedMarket;
  readonly session: ServerSession;
  readonly texts: string[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  nowMs = START;
  buffered = 0;
  readonly #step: (nowMs: number) => void;
  #read = 0;

  constructor(
    options: { readonly market?: ServedMarket; readonly exchange?: Exchange } & Partial<ServerSessionOptions> = {},
  ) {
    const exchange = options.exchange ?? new Exchange({ startMs: START, epoch: 'e1' });
    this.market = options.market ?? exchange;
    this.#step = options.market === undefined ? (nowMs) => exchange.step(nowMs) : () => {};
    this.session = new ServerSession({
      sessionId: 's-1',
      ...options,
      market: this.market,
      now: () => this.nowMs,
      bufferedAmount: () => this.buffered,
      send: (text) => {
        if (this.closed !== undefined) throw new Error('sent after the close');
        this.texts.push(text);
      },
      close: (code, reason) => (this.closed = { code, reason }),
    });
  }

  say(message: unknown): void {
    this.session.receive(JSON.stringify(message));
  }

  /** Says hello and forgets the answer. */
  hello(features: readonly string[] = ['decimal_strings', 'batch', 'book', 'trades', 'orders']): this {
    this.say({ type: 'hello', id: 'h', data: { protocol: 1, client: 'test', features } });
    this.take();
    return this;
  }

  /** Lets the market and the session go on, 20 ms at a time. */
  pass(ms: number): void {
    for (const end = this.nowMs + ms; this.nowMs < end;) {
      this.nowMs = Math.min(end, this.nowMs + 20);
      this.#step(this.nowMs);
      this.session.flush();
    }
  }

  /** What came since the last time, a batch taken apart. Every frame of protocol 1 must pass the client's own guards. */
  take(): Message[] {
    const fresh = this.texts.slice(this.#read);
    this.#read = this.texts.length;
    return fresh.flatMap((text) => {
      const parsed = parseServerMessage(text);
      if (!parsed.ok) throw new Error(`the client would refuse ${text}`);
      const message = JSON.parse(text) as Message;
      return message.type === 'market_data_batch' ? (message.data as unknown as Message[]) : [message];
    });
  }

  /** The frames themselves since the last time. */
  takeFrames(): Message[] {
    const fresh = this.texts.slice(this.#read).map((text) => JSON.parse(text) as Message);
    this.#read = this.texts.length;
    return fresh;
  }
}
