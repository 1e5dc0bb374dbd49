/**
 * What the page wants, and what the server has been told of it. Holders come and go; a symbol is wanted while anyone
 * holds it, with everything that any of them wants. Changes are gathered and sent as one, because a server that is told
 * one symbol at a time may starve (the guide's does). A new link is told the whole wish once: never a queue of old
 * messages.
 */
import { type Clock, isOver } from './clock.js';
import type { Connection } from './connection.js';
import type { Market } from './market.js';
import type { Channel, ErrorMessage, SubscriptionConfirmed } from './protocol/messages.js';
import { DEFAULT_RATE_HZ, type Holder, type ServerPace } from './server-pace.js';
import { channelsOf, covers, Grouped, isNameable, least, most, surplus, type Want } from './want.js';

/** Shortest time between two rounds of messages. The first change goes out at once. */
export const GATHER_MS = 100;
/** How long a symbol or a channel outlives its last holder, so that an element that is moved costs nothing. */
export const GRACE_MS = 1_000;
/** How long a confirmation may take before the wish is stated again. */
export const CONFIRM_MS = 5_000;

const NOTHING: Want = { ticker: 0, book: 0, trades: 0 };

interface Entry {
  readonly holders: Set<Holder>;
  /** When a holder last left; NaN when nothing has been given up since. */
  leftAt: number;
  /** What the server has been told on this link. */
  told: Want | undefined;
  rejected: string | undefined;
}

export class Subscriptions {
  readonly #clock: Clock;
  readonly #connection: Pick<Connection, 'dialect' | 'send'>;
  readonly #market: Pick<Market, 'told' | 'forget' | 'rejected'>;
  readonly #entries = new Map<string, Entry>();
  readonly #unconfirmed = new Map<string, { readonly symbols: readonly string[]; readonly sentAt: number }>();
  #cancelFlush: (() => void) | undefined;
  #flushedAt = -Infinity;
  #notBefore = -Infinity;
  readonly #pace: ServerPace;
  /** Flushes a second that this link was asked for. */
  #toldHz = DEFAULT_RATE_HZ;
  #count = 0;

  constructor(
    clock: Clock,
    connection: Pick<Connection, 'dialect' | 'send'>,
    market: Pick<Market, 'told' | 'forget' | 'rejected'>,
    pace: ServerPace,
  ) {
    this.#pace = pace;
    this.#clock = clock;
    this.#connection = connection;
    this.#market = market;
  }

  /** Symbols that are wanted, those in their grace included. */
  get size(): number {
    return this.#entries.size;
  }

  /** Adds a holder to each symbol. Returns its undo, safe to call twice. */
  hold(symbols: Iterable<string>, want: Holder): () => void {
    // A copy, so that one `Want` object held twice counts twice.
    const holder = { ...want };
    const held = [...new Set(symbols)];
    for (const symbol of held) {
      const entry = this.#entries.get(symbol) ?? this.#add(symbol);
      entry.holders.add(holder);
    }
    this.#plan();
    return () => {
      for (const symbol of held) {
        const entry = this.#entries.get(symbol);
        if (entry?.holders.delete(holder) === true) entry.leftAt = this.#clock.now();
      }
    };
  }

  /** A new link, which has been told nothing. */
  opened(): void {
    this.closed();
    this.#flush();
  }

  /** The link is gone, and with it all that the server knew. */
  closed(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    this.#flushedAt = -Infinity;
    this.#notBefore = -Infinity;
    this.#toldHz = DEFAULT_RATE_HZ;
    this.#unconfirmed.clear();
    for (const [symbol, entry] of this.#entries) {
      entry.told = undefined;
      if (isNameable(symbol)) entry.rejected = undefined;
    }
  }

  /** The server found us too slow: ask for fewer updates from the next link on. */
  slowDown(): void {
    this.#pace.slowDown();
  }

  /** What is asked of the server may be other than before. */
  reconsider(): void {
    this.#plan();
  }

  confirmed(message: SubscriptionConfirmed): void {
    // The guide's server names no request: any confirmation of its lists everything.
    if (message.id === undefined) this.#unconfirmed.clear();
    else this.#unconfirmed.delete(message.id);
    for (const { symbol, code } of message.data.rejected ?? []) this.#reject(symbol, code);
  }

  /** An error with the id of a message of ours. False when it is not. */
  failed(error: ErrorMessage): boolean {
    const id = error.id ?? '';
    const asked = this.#unconfirmed.get(id);
    if (asked === undefined) return false;
    this.#unconfirmed.delete(id);
    const { code, retryAfterMs, details } = error.data;
    if (code === 'rate_limited' || code === 'overloaded') {
      this.#notBefore = this.#clock.now() + Math.min(CONFIRM_MS * 12, retryAfterMs ?? CONFIRM_MS);
      this.#untell(asked.symbols);
      return true;
    }
    const named = details?.['symbols'];
    const culprits = Array.isArray(named) ? asked.symbols.filter((symbol) => named.includes(symbol)) : [];
    for (const symbol of culprits.length > 0 ? culprits : asked.symbols) this.#reject(symbol, code);
    return true;
  }

  /** Called a few times a second: ends graces, and states again what was never confirmed. */
  pulse(now: number): void {
    for (const { leftAt } of this.#entries.values()) if (isOver(leftAt, GRACE_MS, now)) this.#plan();
    for (const [id, { symbols, sentAt }] of this.#unconfirmed) {
      if (!isOver(sentAt, CONFIRM_MS, now)) continue;
      this.#unconfirmed.delete(id);
      this.#untell(symbols);
    }
  }

  dispose(): void {
    this.closed();
    this.#entries.clear();
  }

  #add(symbol: string): Entry {
    const rejected = isNameable(symbol) ? undefined : 'unknown_symbol';
    const entry: Entry = { holders: new Set(), leftAt: Number.NaN, told: undefined, rejected };
    this.#entries.set(symbol, entry);
    if (rejected !== undefined) this.#market.rejected(symbol, rejected, this.#clock.now());
    return entry;
  }

  #reject(symbol: string, code: string): void {
    const entry = this.#entries.get(symbol);
    if (entry === undefined || entry.rejected !== undefined) return;
    entry.rejected = code;
    entry.told = undefined;
    this.#market.rejected(symbol, code, this.#clock.now());
  }

  #untell(symbols: readonly string[]): void {
    this.#toldHz = Number.NaN;
    for (const symbol of symbols) {
      const entry = this.#entries.get(symbol);
      if (entry !== undefined) entry.told = undefined;
    }
    this.#plan();
  }

  /** Plans one round for all changes: at the end of the present task at the earliest. */
  #plan(): void {
    if (this.#cancelFlush !== undefined) return;
    const now = this.#clock.now();
    // However the clock was moved, what was sent cannot lie ahead.
    this.#flushedAt = Math.min(this.#flushedAt, now);
    const due = Math.max(this.#flushedAt + GATHER_MS, this.#notBefore);
    this.#cancelFlush = this.#clock.setTimer(() => this.#flush(), Math.max(0, due - now));
  }

  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    const now = this.#clock.now();
    this.#flushedAt = now;
    this.#giveUp(now);
    const { dialect } = this.#connection;
    if (dialect === undefined) return;
    const fresh = new Grouped<Want>();
    for (const [symbol, entry] of this.#entries) {
      if (entry.rejected !== undefined || entry.holders.size === 0) continue;
      const want = this.#wantOf(entry);
      if (entry.told !== undefined && (dialect === 'guide' || this.#isServed(entry.told, want))) continue;
      fresh.add(dialect === 'guide' ? '' : `${channelsOf(want).join()} ${want.book}`, want, symbol);
    }
    for (const { symbols, of } of fresh.groups) this.#subscribe(symbols, of, now);
    const rateHz = this.#rateToTell();
    if (rateHz !== undefined) this.#tellRate(rateHz, now);
  }

  #wantOf({ holders }: Entry): Want {
    const want = [...holders].reduce<Want>(most, NOTHING);
    // A venue would have to begin the book anew.
    if (this.#connection.dialect !== 'touchline') return want;
    return { ...want, book: this.#pace.depth(want.book, holders) };
  }

  /** Less depth is not asked for, since the deeper book serves as well, unless the page cannot keep up. */
  #isServed(told: Want, want: Want): boolean {
    return covers(told, want) && !(this.#pace.isShallow && told.book > want.book && want.book > 0);
  }

  /** Flushes a second that have to be asked for; undefined where the link has them, or the far end knows no such wish. */
  #rateToTell(): number | undefined {
    if (this.#connection.dialect !== 'touchline') return undefined;
    const rateHz = this.#pace.rateHz([...this.#entries.values()].flatMap(({ holders }) => [...holders]));
    return rateHz === this.#toldHz ? undefined : rateHz;
  }

  /** The rate is the whole connection's, and rides on a subscription: on one that changes nothing else. */
  #tellRate(maxRateHz: number, now: number): void {
    for (const [symbol, { told }] of this.#entries) {
      if (told === undefined) continue;
      const id = this.#nextId();
      this.#toldHz = maxRateHz;
      this.#unconfirmed.set(id, { symbols: [], sentAt: now });
      this.#connection.send({
        type: 'subscribe',
        id,
        symbols: [symbol],
        channels: ['ticker'],
        maxRateHz,
      });
      return;
    }
  }

  #subscribe(symbols: readonly string[], want: Want, now: number): void {
    const id = this.#nextId();
    const maxRateHz = this.#rateToTell();
    this.#toldHz = maxRateHz ?? this.#toldHz;
    const rate = maxRateHz === undefined ? {} : { maxRateHz };
    const depth = want.book > 0 ? { depth: want.book } : {};
    // Before it is sent: a transport within the page may answer at once.
    this.#unconfirmed.set(id, { symbols, sentAt: now });
    for (const symbol of symbols) {
      const entry = this.#entries.get(symbol);
      if (entry !== undefined) entry.told = want;
      this.#market.told(symbol, want, now, id);
    }
    // What could not be sent is stated again, like what was not confirmed.
    this.#connection.send(
      this.#connection.dialect === 'guide'
        ? { type: 'subscribe', symbols }
        : { type: 'subscribe', id, symbols, channels: channelsOf(want), ...depth, ...rate },
    );
  }

  /** Ends what nobody has wanted for the grace. */
  #giveUp(now: number): void {
    const { dialect } = this.#connection;
    const dropped = new Grouped<readonly Channel[] | undefined>();
    for (const [symbol, entry] of this.#entries) {
      if (!isOver(entry.leftAt, GRACE_MS, now)) continue;
      entry.leftAt = Number.NaN;
      if (entry.holders.size === 0) {
        this.#entries.delete(symbol);
        if (entry.told !== undefined) dropped.add('', undefined, symbol);
        this.#market.forget(symbol);
      } else if (entry.told !== undefined && dialect !== 'guide' && dialect !== undefined) {
        const want = [...entry.holders].reduce(most);
        const channels = surplus(entry.told, want);
        if (channels.length === 0) continue;
        // What is wanted but was not told yet stays untold.
        entry.told = least(entry.told, want);
        dropped.add(channels.join(), channels, symbol);
        this.#market.told(symbol, entry.told, now);
      }
    }
    if (dialect === undefined) return;
    for (const { symbols, of: channels } of dropped.groups) {
      const id = dialect === 'guide' ? {} : { id: this.#nextId() };
      this.#connection.send({ type: 'unsubscribe', ...id, symbols, ...(channels !== undefined && { channels }) });
    }
  }

  #nextId(): string {
    this.#count += 1;
    return `s${this.#count}`;
  }
}
