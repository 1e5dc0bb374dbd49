/**
 * The symbols of a page whose feed is in a worker: what is wanted of them as the worker is told it, and what a tick
 * brings. A frame of books is not copied: the books are pointed to it, and the array before goes back.
 */
import { BOOK, TICKER, TRADES, VERDICT } from '../delivery.js';
import { isOver } from '../clock.js';
import type { ServerPace } from '../server-pace.js';
import { GRACE_MS } from '../subscriptions.js';
import { AGE_MS, CHANGES, DATA_AT, type Lag, LENGTH, MARK, VENUE_MS, WAITED_MS } from './book-frame.js';
import type { FrameBook } from './frame-book.js';
import { type PageHolder, RemoteSymbol } from './remote-symbol.js';
import type { News, PageMessage, Tick } from './worker-messages.js';

type Wants = Extract<PageMessage, { kind: 'wants' }>['wants'];

/** What a tick changed of a symbol, as bits, and what of it had waited. */
export interface Change {
  bits: number;
  lag: Lag;
}
export type Changes = ReadonlyMap<RemoteSymbol, Change>;

const NO_LAG: Lag = [1, 0, Number.NaN, Number.NaN];

export class RemoteMarket {
  readonly #symbols = new Map<string, RemoteSymbol>();
  readonly #byMark = new Map<number, RemoteSymbol>();
  #marks = 0;
  /** The array that books stand in now, and those that were placed in it. */
  #frame: Float64Array<ArrayBuffer> | undefined;
  #placed: FrameBook[] = [];
  /** Trades that fell out of their ring unread, here in the page. */
  dropped = 0;

  get size(): number {
    return this.#symbols.size;
  }

  get symbols(): Iterable<RemoteSymbol> {
    return this.#symbols.values();
  }

  get(name: string): RemoteSymbol | undefined {
    return this.#symbols.get(name);
  }

  /** Adds a holder to each symbol. Returns its undo, safe to call twice. */
  hold(names: readonly string[], holder: PageHolder, clock: { now(): number }): () => void {
    for (const name of names) {
      const symbol = this.#symbols.get(name) ?? this.#add(name);
      symbol.leftAt = Number.NaN;
      symbol.holders.add(holder);
    }
    return () => {
      for (const name of names) {
        const symbol = this.#symbols.get(name);
        if (symbol?.holders.delete(holder) === true) symbol.leftAt = clock.now();
      }
    };
  }

  /** What a new listener has not seen yet: everything. */
  known(name: string): number {
    const { book, ticker, trades = [] } = this.#symbols.get(name) ?? {};
    return VERDICT | (book ? BOOK : 0) | (ticker ? TICKER : 0) | (trades.length > 0 ? TRADES : 0);
  }

  /** The wishes that have changed since they were last told. More is told at once, less after a grace. */
  wants(pace: ServerPace, now: number): Wants {
    const wants: Wants[number][] = [];
    for (const [name, symbol] of this.#symbols) {
      const { mark, leftAt, toldWant } = symbol;
      const want = symbol.want(pace);
      if (want === undefined) {
        if (!isOver(leftAt, GRACE_MS, now)) continue;
        this.#symbols.delete(name);
        this.#byMark.delete(mark);
        wants.push([mark, name]);
        continue;
      }
      const text = JSON.stringify(want);
      if (text === toldWant) continue;
      symbol.toldWant = text;
      wants.push([mark, name, want]);
    }
    return wants;
  }

  /** Another worker, or another place in it, that has been told nothing and has said nothing. */
  forgetTold(): void {
    for (const symbol of this.#symbols.values()) symbol.forgetTold();
  }

  /** Takes all of a tick in, whole. `spare`: the array of the one before, which nothing stands in any more. */
  take(
    { frame, news = {} }: Tick,
    bufferSize: number,
  ): { readonly changes: Changes; readonly spare: Float64Array<ArrayBuffer> | undefined } {
    const changes = new Map<RemoteSymbol, Change>();
    const note = (mark: number, bits: number, lag?: Lag): RemoteSymbol | undefined => {
      const symbol = this.#byMark.get(mark);
      if (symbol === undefined) return undefined;
      let change = changes.get(symbol);
      if (change === undefined) changes.set(symbol, (change = { bits: 0, lag: NO_LAG }));
      change.bits |= bits;
      if (lag !== undefined) change.lag = lag;
      return symbol;
    };
    const spare = frame && this.#place(frame, news, note);
    for (const mark of news.gone ?? []) note(mark, BOOK)?.dropBook();
    for (const [mark, instrument] of news.instruments ?? []) {
      const symbol = note(mark, VERDICT);
      if (symbol !== undefined) symbol.instrument = instrument;
    }
    for (const [mark, ticker] of news.tickers ?? []) {
      const symbol = note(mark, TICKER);
      if (symbol !== undefined) symbol.ticker = ticker;
    }
    for (const [mark, trades] of news.trades ?? []) {
      this.dropped += note(mark, TRADES)?.addTrades(trades, bufferSize) ?? 0;
    }
    for (const [mark, verdict] of news.verdicts ?? []) note(mark, 0)?.tell(verdict);
    for (const [mark, ...lag] of news.lags ?? []) note(mark, 0, lag);
    return { changes, spare };
  }

  #add(name: string): RemoteSymbol {
    this.#marks += 1;
    const symbol = new RemoteSymbol(name, this.#marks);
    this.#symbols.set(name, symbol);
    this.#byMark.set(symbol.mark, symbol);
    return symbol;
  }

  #place(
    frame: Float64Array<ArrayBuffer>,
    { epochs = [], texts = [] }: News,
    note: (mark: number, bits: number, lag?: Lag) => RemoteSymbol | undefined,
  ): Float64Array<ArrayBuffer> | undefined {
    const before = this.#frame;
    const placedBefore = this.#placed;
    const textsOf = new Map(texts.map(([mark, bid, ask]) => [mark, { bid, ask }]));
    this.#frame = frame;
    this.#placed = [];
    let at = 1;
    for (let left = frame[0]!; left > 0; left--) {
      const mark = frame[at + MARK]!;
      const lag: Lag = [frame[at + CHANGES]!, frame[at + AGE_MS]!, frame[at + WAITED_MS]!, frame[at + VENUE_MS]!];
      const symbol = note(mark, BOOK, lag);
      if (symbol === undefined) at += frame[at + LENGTH]!;
      else {
        symbol.dataArrived(frame[at + DATA_AT]!);
        const book = symbol.bookToPlace();
        this.#placed.push(book);
        at = book.place(frame, at, textsOf.get(mark));
      }
    }
    for (const [mark, epoch] of epochs) {
      const book = this.#byMark.get(mark)?.book;
      if (book !== undefined) book.epoch = epoch;
    }
    if (before !== undefined) for (const book of placedBefore) book.leave(before);
    return before;
  }
}
