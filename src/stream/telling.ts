/**
 * What the far end of one connection has been told of what is wanted. Changes are gathered and sent as one, because a
 * server that is told one symbol at a time may starve (the guide's does). A new link is told the whole wish once: never a
 * queue of old messages.
 */
import { type Clock, isOver } from './clock.js';
import type { Connection } from './connection.js';
import type { Channel, ErrorMessage, SubscriptionConfirmed } from './protocol/messages.js';
import { DEFAULT_RATE_HZ, type ServerPace } from './server-pace.js';
import type { Subscriptions } from './subscriptions.js';
import { channelsOf, covers, Grouped, least, surplus, type Want } from './want.js';

/** Shortest time between two rounds of messages. The first change goes out at once. */
export const GATHER_MS = 100;
/** How long a confirmation may take before the wish is stated again. */
export const CONFIRM_MS = 5_000;

export interface TellingHost {
  readonly clock: Clock;
  readonly pace: ServerPace;
  readonly wishes: Pick<Subscriptions, 'wantOf' | 'holdersOf'>;
  /** A name that no other message of the stream has. */
  nextId(): string;
  /** The far end has been told that this is wanted, by a message that it answers under this `id`. */
  told(symbol: string, want: Want, now: number, id?: string): void;
  /** The far end will not serve a symbol. */
  rejected(symbol: string, code: string): void;
  /** The far end takes no further symbols; `most` where it says how many it takes. */
  isFull(symbols: readonly string[], most: number | undefined): void;
}

interface Entry {
  /** What the far end has been told on this link. */
  told: Want | undefined;
  /** Whether it ever was, confirmed or not. */
  isKnown: boolean;
  /** Why the far end will not serve it. */
  rejected: string | undefined;
}

/** The code of a server that has as many symbols on a connection as it takes. */
const TOO_MANY = 'too_many_symbols';

export class Telling {
  readonly #connection: Pick<Connection, 'dialect' | 'send'>;
  readonly #host: TellingHost;
  readonly #entries = new Map<string, Entry>();
  /** Told on this link, and wanted no more. */
  readonly #dropped = new Set<string>();
  /** Maybe told more than is wanted. */
  readonly #released = new Set<string>();
  readonly #unconfirmed = new Map<string, { readonly symbols: readonly string[]; readonly sentAt: number }>();
  #cancelFlush: (() => void) | undefined;
  /** Flushes a second that this link was asked for. */
  #toldHz = DEFAULT_RATE_HZ;
  #flushedAt = -Infinity;
  #notBefore = -Infinity;

  constructor(connection: Pick<Connection, 'dialect' | 'send'>, host: TellingHost) {
    this.#connection = connection;
    this.#host = host;
  }

  get size(): number {
    return this.#entries.size;
  }

  get symbols(): Iterable<string> {
    return this.#entries.keys();
  }

  /** Whether the far end has been told of a symbol on this link. */
  hasTold(symbol: string): boolean {
    return this.#entries.get(symbol)?.told !== undefined;
  }

  /** Why the far end will not serve a symbol on this link. */
  refusalOf(symbol: string): string | undefined {
    return this.#entries.get(symbol)?.rejected;
  }

  /** A symbol is to be asked for here, or more is wanted of it. One that was dropped just now begins anew. */
  add(symbol: string): void {
    if (!this.#entries.has(symbol)) this.#entries.set(symbol, { told: undefined, isKnown: false, rejected: undefined });
    this.#plan();
  }

  /** Less is wanted of a symbol. */
  release(symbol: string): void {
    this.#released.add(symbol);
    this.#plan();
  }

  /** Nothing of a symbol is wanted here any more. */
  drop(symbol: string): void {
    const entry = this.#entries.get(symbol);
    this.#entries.delete(symbol);
    this.#released.delete(symbol);
    if (entry?.isKnown !== true) return;
    this.#dropped.add(symbol);
    this.#plan();
  }

  /** What is asked for may be other than before. */
  reconsider(): void {
    this.#plan();
  }

  /** A new link, which has been told nothing. */
  opened(): void {
    this.closed();
    this.#flush();
  }

  /** The link is gone, and with it all that the far end knew. */
  closed(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    this.#flushedAt = -Infinity;
    this.#notBefore = -Infinity;
    this.#unconfirmed.clear();
    this.#dropped.clear();
    this.#released.clear();
    this.#toldHz = DEFAULT_RATE_HZ;
    for (const entry of this.#entries.values()) {
      entry.told = undefined;
      entry.isKnown = false;
      entry.rejected = undefined;
    }
  }

  /** The far end has come to know who asks: what it refused for want of that is asked for again. */
  entitled(): void {
    for (const entry of this.#entries.values()) {
      if (entry.rejected === 'auth_required' || entry.rejected === 'not_entitled') entry.rejected = undefined;
    }
    this.#plan();
  }

  confirmed(message: SubscriptionConfirmed): void {
    // The guide's server names no request: any confirmation of its lists everything.
    if (message.id === undefined) this.#unconfirmed.clear();
    else this.#unconfirmed.delete(message.id);
    const { rejected = [] } = message.data;
    const surplus = rejected.filter(({ code }) => code === TOO_MANY).map(({ symbol }) => symbol);
    for (const { symbol, code } of rejected) if (code !== TOO_MANY) this.#reject(symbol, code);
    if (surplus.length > 0) this.#full(surplus, undefined);
  }

  /** An error with the id of a message of ours. False when it is not. */
  failed(error: ErrorMessage): boolean {
    const id = error.id ?? '';
    const asked = this.#unconfirmed.get(id);
    if (asked === undefined) return false;
    this.#unconfirmed.delete(id);
    const { code, retryAfterMs, details } = error.data;
    if (code === 'rate_limited' || code === 'overloaded') {
      this.#notBefore = this.#host.clock.now() + Math.min(CONFIRM_MS * 12, retryAfterMs ?? CONFIRM_MS);
      this.#untell(asked.symbols);
      return true;
    }
    if (code === TOO_MANY) {
      const most = details?.['most'];
      this.#full(asked.symbols, typeof most === 'number' && most >= 1 ? Math.floor(most) : undefined);
      return true;
    }
    const named = details?.['symbols'];
    const culprits = Array.isArray(named) ? asked.symbols.filter((symbol) => named.includes(symbol)) : [];
    for (const symbol of culprits.length > 0 ? culprits : asked.symbols) this.#reject(symbol, code);
    return true;
  }

  /** Called a few times a second: states again what was never confirmed. */
  pulse(now: number): void {
    for (const [id, { symbols, sentAt }] of this.#unconfirmed) {
      if (!isOver(sentAt, CONFIRM_MS, now)) continue;
      this.#unconfirmed.delete(id);
      this.#untell(symbols);
    }
  }

  #reject(symbol: string, code: string): void {
    const entry = this.#entries.get(symbol);
    if (entry === undefined || entry.rejected !== undefined) return;
    entry.rejected = code;
    entry.told = undefined;
    this.#host.rejected(symbol, code);
  }

  /** They count as not told, and wait for a place elsewhere. */
  #full(symbols: readonly string[], most: number | undefined): void {
    const known = symbols.filter((symbol) => this.#entries.has(symbol));
    for (const symbol of known) this.#entries.get(symbol)!.told = undefined;
    this.#host.isFull(known, most);
    this.#plan();
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
    const { clock } = this.#host;
    const now = clock.now();
    // However the clock was moved, what was sent cannot lie ahead.
    this.#flushedAt = Math.min(this.#flushedAt, now);
    const due = Math.max(this.#flushedAt + GATHER_MS, this.#notBefore);
    this.#cancelFlush = clock.setTimer(() => this.#flush(), Math.max(0, due - now));
  }

  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    const now = this.#host.clock.now();
    this.#flushedAt = now;
    const { dialect } = this.#connection;
    this.#giveUp(now);
    if (dialect === undefined) return;
    const fresh = new Grouped<Want>();
    for (const [symbol, { told, rejected }] of this.#entries) {
      const want = rejected !== undefined ? undefined : this.#wantOf(symbol);
      if (want === undefined || (told !== undefined && (dialect === 'guide' || this.#isServed(told, want)))) continue;
      fresh.add(dialect === 'guide' ? '' : `${channelsOf(want).join()} ${want.book}`, want, symbol);
    }
    for (const { symbols, of } of fresh.groups) this.#subscribe(symbols, of, now);
    const rateHz = this.#rateToTell();
    if (rateHz !== undefined) this.#tellRate(rateHz, now);
  }

  #wantOf(symbol: string): Want | undefined {
    const { pace, wishes } = this.#host;
    const want = wishes.wantOf(symbol);
    // A venue would have to begin the book anew.
    if (want === undefined || this.#connection.dialect !== 'touchline') return want;
    return { ...want, book: pace.depth(want.book, wishes.holdersOf(symbol)) };
  }

  /** Less depth is not asked for, since the deeper book serves as well, unless the page cannot keep up. */
  #isServed(told: Want, want: Want): boolean {
    return covers(told, want) && !(this.#host.pace.isShallow && told.book > want.book && want.book > 0);
  }

  /** Flushes a second that have to be asked for; undefined where the link has them, or the far end knows no such wish. */
  #rateToTell(): number | undefined {
    if (this.#connection.dialect !== 'touchline') return undefined;
    const { pace, wishes } = this.#host;
    const rateHz = pace.rateHz([...this.#entries.keys()].flatMap((symbol) => [...wishes.holdersOf(symbol)]));
    return rateHz === this.#toldHz ? undefined : rateHz;
  }

  /** The rate is the whole connection's, and rides on a subscription: on one that changes nothing else. */
  #tellRate(maxRateHz: number, now: number): void {
    for (const [symbol, { told }] of this.#entries) {
      if (told === undefined) continue;
      const id = this.#host.nextId();
      this.#toldHz = maxRateHz;
      this.#unconfirmed.set(id, { symbols: [], sentAt: now });
      this.#connection.send({ type: 'subscribe', id, symbols: [symbol], channels: ['ticker'], maxRateHz });
      return;
    }
  }

  #subscribe(symbols: readonly string[], want: Want, now: number): void {
    const id = this.#host.nextId();
    const maxRateHz = this.#rateToTell();
    this.#toldHz = maxRateHz ?? this.#toldHz;
    const rate = maxRateHz === undefined ? {} : { maxRateHz };
    const depth = want.book > 0 ? { depth: want.book } : {};
    // Before it is sent: a transport within the page may answer at once.
    this.#unconfirmed.set(id, { symbols, sentAt: now });
    for (const symbol of symbols) {
      const entry = this.#entries.get(symbol);
      if (entry !== undefined) {
        entry.told = want;
        entry.isKnown = true;
      }
      this.#host.told(symbol, want, now, id);
    }
    // What could not be sent is stated again, like what was not confirmed.
    this.#connection.send(
      this.#connection.dialect === 'guide'
        ? { type: 'subscribe', symbols }
        : { type: 'subscribe', id, symbols, channels: channelsOf(want), ...depth, ...rate },
    );
  }

  /** Ends what nobody wants here any more. */
  #giveUp(now: number): void {
    const { dialect } = this.#connection;
    const given = new Grouped<readonly Channel[] | undefined>();
    for (const symbol of this.#dropped) given.add('', undefined, symbol);
    for (const symbol of this.#released) {
      const entry = this.#entries.get(symbol);
      const want = this.#host.wishes.wantOf(symbol);
      if (entry?.told === undefined || want === undefined || dialect === 'guide' || dialect === undefined) continue;
      const channels = surplus(entry.told, want);
      if (channels.length === 0) continue;
      // What is wanted but was not told yet stays untold.
      entry.told = least(entry.told, want);
      given.add(channels.join(), channels, symbol);
      this.#host.told(symbol, entry.told, now);
    }
    this.#dropped.clear();
    this.#released.clear();
    if (dialect === undefined) return;
    for (const { symbols, of: channels } of given.groups) {
      const id = dialect === 'guide' ? {} : { id: this.#host.nextId() };
      this.#connection.send({ type: 'unsubscribe', ...id, symbols, ...(channels !== undefined && { channels }) });
    }
  }
}
