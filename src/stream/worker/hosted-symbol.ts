/** One symbol of one page, as the worker sees it: what is wanted, what the page was told, and what is new since. */
import type { BookView, SideView } from '../../book/book-view.js';
import type { Instrument } from '../../book/instrument.js';
import type { LevelText } from '../../book/level-buffer.js';
import type { MarketStream, MarketUpdate, Ticker, Trade } from '../market-stream.js';
import { isTradable, type Verdict } from '../verdict.js';
import type { Trace } from '../waterfall.js';
import type { Lag } from './book-frame.js';
import { type HostedWaterfall, noneWaiting, type Waiting } from './hosted-waterfall.js';
import type { News, WorkerWant } from './worker-messages.js';

type Items<Part extends keyof News> = Exclude<News[Part], undefined> extends readonly (infer Item)[] ? Item[] : never;

/** What goes into one tick. */
export class Gathered {
  readonly verdicts: Items<'verdicts'> = [];
  readonly tickers: Items<'tickers'> = [];
  readonly trades: Items<'trades'> = [];
  readonly instruments: Items<'instruments'> = [];
  readonly lags: Items<'lags'> = [];
  readonly epochs: Items<'epochs'> = [];
  readonly texts: Items<'texts'> = [];
  readonly gone: Items<'gone'> = [];
  readonly books: {
    readonly mark: number;
    readonly book: BookView;
    readonly depth: number;
    readonly dataAt: number;
    readonly lag: Lag;
  }[] = [];
}

export class HostedSymbol {
  readonly mark: number;
  readonly symbol: string;
  /** Something may be new. */
  isDirty = true;
  readonly #stream: MarketStream;
  readonly #waterfall: HostedWaterfall;
  readonly #onDirty: () => void;
  #want: WorkerWant | undefined;
  #undo = (): void => {};
  #book: BookView | undefined;
  /** Whether the page has been told that there is no book: it may have one that another worker told it of. */
  #isGoneTold = false;
  #version = -1;
  #epoch = '';
  #ticker: Ticker | undefined;
  #instrument: Instrument | undefined;
  #verdict: Verdict | undefined;
  #lastTrade: Trade | undefined;
  #trades: Trade[] = [];
  /** What we were told of and the page was not. */
  #waiting = noneWaiting();
  #trace: Trace | undefined;
  /** Trades that fell out before the page could take them. */
  dropped = 0;

  constructor(
    mark: number,
    symbol: string,
    { stream, waterfall }: { readonly stream: MarketStream; readonly waterfall: HostedWaterfall },
    onDirty: () => void,
  ) {
    this.mark = mark;
    this.symbol = symbol;
    this.#stream = stream;
    this.#waterfall = waterfall;
    this.#onDirty = onDirty;
  }

  /** The new wish before the old one goes: what both want stays subscribed. */
  want(want: WorkerWant): void {
    const { depth, leastDepth, trades, priority, throttle } = want;
    // Another depth is another book for the page, though it is the same one here.
    if (depth !== this.#want?.depth) this.#version = -1;
    const old = this.#undo;
    this.#want = want;
    this.#undo = this.#stream.subscribe([this.symbol], (update) => this.#told(update), {
      book: depth > 0,
      ...(depth > 0 && { depth, leastDepth }),
      trades,
      priority,
      throttle,
    });
    old();
  }

  release(): void {
    this.#undo();
  }

  /** How long the oldest change has waited that the page was not told of, in milliseconds; 0 while there is none. */
  get ageMs(): number {
    const oldest = Math.min(
      this.#waiting.changes > 0 ? this.#waiting.since : Infinity,
      this.#waterfall.waitingOf(this.#trace)?.since ?? Infinity,
    );
    return oldest === Infinity ? 0 : this.#waterfall.now() - oldest;
  }

  /** Notes whether its verdict is another one: with a long throttle nobody would say so for long. */
  look(): void {
    if (!this.#isTold(this.#stream.verdict(this.symbol))) this.isDirty = true;
  }

  /** Adds what is new, which is thereby told. */
  gather(into: Gathered): void {
    this.isDirty = false;
    const stream = this.#stream;
    const verdict = stream.verdict(this.symbol);
    const lag = this.#lag();
    const isBookTold = this.#gatherBook(into, verdict, lag);
    if (!isBookTold && lag[0] > 0) into.lags.push([this.mark, ...lag]);
    const ticker = stream.ticker(this.symbol);
    if (ticker !== this.#ticker) into.tickers.push([this.mark, (this.#ticker = ticker)]);
    const instrument = stream.instrument(this.symbol);
    if (instrument !== this.#instrument) into.instruments.push([this.mark, (this.#instrument = instrument)]);
    if (this.#trades.length > 0) {
      into.trades.push([this.mark, this.#trades]);
      this.#trades = [];
    }
    const isSame = this.#isTold(verdict);
    // The time of the newest data goes with the book where there is one.
    if (!isSame || (this.#verdict?.dataAt !== verdict.dataAt && !isBookTold)) into.verdicts.push([this.mark, verdict]);
    this.#verdict = verdict;
  }

  #isTold({ state, reason, verified, since }: Verdict): boolean {
    const told = this.#verdict;
    return told?.state === state && told.reason === reason && told.verified === verified && told.since === since;
  }

  /** What waits goes into this tick, also what we were not told of yet: all is read as it is now. */
  #lag(): Lag {
    if (this.#trace !== undefined) this.#wait(this.#trace, this.#waterfall.take(this.#trace));
    const { changes, since, changedAt, venueMs } = this.#waiting;
    const now = this.#waterfall.now();
    this.#waiting = noneWaiting();
    return [changes, now - since, now - changedAt, venueMs];
  }

  #told(update: MarketUpdate): void {
    const { told } = this.#waterfall;
    if (told !== undefined) this.#wait(told.trace, told.waiting);
    if (update.trades) this.#keepTrades();
    this.isDirty = true;
    this.#onDirty();
  }

  #wait(trace: Trace, { changes, since, changedAt, venueMs }: Waiting): void {
    const waiting = this.#waiting;
    this.#trace = trace;
    waiting.changes += changes;
    if (Number.isNaN(waiting.since)) waiting.since = since;
    if (!Number.isNaN(waiting.changedAt)) return;
    waiting.changedAt = changedAt;
    waiting.venueMs = venueMs;
  }

  /** The stream's ring takes them for seen now; here they wait for the page, in a ring as long. */
  #keepTrades(): void {
    const all = this.#stream.trades(this.symbol);
    const from = this.#lastTrade === undefined ? 0 : all.lastIndexOf(this.#lastTrade) + 1;
    this.#lastTrade = all.at(-1);
    this.#trades.push(...all.slice(from));
    const surplus = this.#trades.length - all.length;
    if (surplus <= 0) return;
    this.#trades.splice(0, surplus);
    this.dropped += surplus;
  }

  #gatherBook(into: Gathered, verdict: Verdict, lag: Lag): boolean {
    const { mark } = this;
    const depth = this.#want?.depth ?? 0;
    const book = depth > 0 ? this.#stream.book(this.symbol) : undefined;
    if (book === undefined) {
      const isGone =
        this.#book !== undefined || (!this.#isGoneTold && (isTradable(verdict) || verdict.state === 'delayed'));
      if (isGone) into.gone.push(mark);
      this.#isGoneTold ||= isGone;
      this.#book = undefined;
      this.#epoch = '';
      return false;
    }
    if (book === this.#book && book.version === this.#version) return false;
    this.#book = book;
    this.#version = book.version;
    into.books.push({ mark, book, depth, dataAt: verdict.dataAt, lag });
    if (book.epoch !== this.#epoch) into.epochs.push([mark, (this.#epoch = book.epoch)]);
    if (book.hasRoundedSizes) into.texts.push([mark, textsOf(book, book.bids, depth), textsOf(book, book.asks, depth)]);
    return true;
  }
}

const textsOf = (book: BookView, { side, length }: SideView, depth: number): readonly LevelText[] =>
  Array.from({ length: Math.min(depth, length) }, (_, i) => book.textAt(side, i)!);
