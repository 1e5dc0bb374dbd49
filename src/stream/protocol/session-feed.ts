/**
 * What one connection has been told of one symbol, and what it must be told next. It keeps no events: it compares what
 * was sent with what is, so that however long a slow connection waits, one message brings it up to date.
 */
import type { Book } from '../../book/book.js';
import { CHECKSUM_LEVELS } from '../../book/book.js';
import { crc32OfTop } from '../../book/checksum.js';
import type {
  BatchEntry,
  BookDeltaMessage,
  BookSnapshotMessage,
  Channel,
  InstrumentStatusMessage,
  MarketData,
  StreamMark,
  TickerData,
  TradeMessage,
  WireInstrument,
} from './messages.js';
import type { ServedListing, ServedTicker } from './session-market.js';
import { changesOf, isContinuation, levelsOf, windowOf } from './session-window.js';

/** A checksum costs more than a delta, so it comes at most this often. */
const CHECKSUM_INTERVAL_MS = 1_000;
const RESYNC_INTERVAL_MS = 1_000;

/**
 * What a connection is to be sent, in this order: changes of phase to one in which a book may be crossed, then each snapshot in a
 * frame of its own, then the events, among them a change of phase to `continuous` after the book of the same moment.
 */
export interface News {
  readonly statuses: InstrumentStatusMessage[];
  readonly snapshots: BookSnapshotMessage[];
  readonly events: BatchEntry[];
}

export class SymbolFeed {
  readonly listing: ServedListing;
  readonly channels = new Set<Channel>();
  #depth = 0;
  /** Undefined when a snapshot is due. */
  #window: Book | undefined;
  #resyncId: string | undefined;
  #resyncAtMs = Number.NEGATIVE_INFINITY;
  #checksumAtMs = Number.NEGATIVE_INFINITY;
  #tickerSequence = 0;
  #phaseSequence: number;
  #tradeSequence = 0;
  /** Trades up to here were missed by this client, and are told again. */
  #replayedTo = 0;

  constructor(listing: ServedListing) {
    this.listing = listing;
    this.#phaseSequence = listing.phaseSequence;
  }

  /** Adds channels; each that is named, new or not, starts anew with what there is now. */
  subscribe(channels: readonly Channel[], depth: number): boolean {
    const before = this.channels.size;
    for (const channel of channels) {
      if (channel === 'ticker') this.#tickerSequence = 0;
      if (channel === 'book') this.#window = undefined;
      if (channel === 'trades' && !this.channels.has('trades')) this.#tradeSequence = this.listing.trades.lastSequence;
      this.channels.add(channel);
    }
    if (channels.includes('book')) this.#depth = depth;
    return this.channels.size > before;
  }

  /**
   * Takes the trades up where a lost session left them. The first and the last number that will be told again, or undefined
   * when they cannot be: another run, or longer ago than is kept.
   */
  resumeTrades(epoch: string, [markEpoch, sequence]: StreamMark): readonly [first: number, last: number] | undefined {
    const { trades } = this.listing;
    const last = trades.lastSequence;
    const isKept = sequence === last || (sequence < last && trades.at(sequence + 1) !== undefined);
    if (markEpoch !== epoch || !isKept) return undefined;
    this.#tradeSequence = sequence;
    this.#replayedTo = last;
    return [sequence + 1, last];
  }

  /** Makes a snapshot due, with the id of who asked. Returns 0, or the milliseconds to wait. */
  resync(id: string, nowMs: number): number {
    const waitMs = this.#resyncAtMs + RESYNC_INTERVAL_MS - nowMs;
    if (waitMs > 0) return waitMs;
    this.#resyncAtMs = nowMs;
    this.#resyncId = id;
    this.#window = undefined;
    return 0;
  }

  /** Adds what has changed since the last call. */
  collect(epoch: string, asText: boolean, nowMs: number, news: News): void {
    const status = this.#newStatus(epoch);
    // A book is crossed no more only when it has been told so.
    const isLast = status?.data.phase === 'continuous';
    if (status !== undefined && !isLast) news.statuses.push(status);
    if (this.channels.has('book')) this.#collectBook(nowMs, news);
    if (status !== undefined && isLast) news.events.push(status);
    if (this.channels.has('ticker')) this.#collectTicker(epoch, asText, news);
    if (this.channels.has('trades')) this.#collectTrades(epoch, news);
  }

  #newStatus(epoch: string): InstrumentStatusMessage | undefined {
    const { symbol, phase, phaseSequence, phaseTime } = this.listing;
    if (phaseSequence === this.#phaseSequence) return undefined;
    this.#phaseSequence = phaseSequence;
    return {
      type: 'instrument_status',
      stream: `ticker:${symbol}`,
      epoch,
      seq: phaseSequence,
      data: { symbol, phase, timestamp: phaseTime },
    };
  }

  #collectTicker(epoch: string, asText: boolean, news: News): void {
    const { symbol, ticker } = this.listing;
    if (ticker === undefined || ticker.sequence === this.#tickerSequence) return;
    this.#tickerSequence = ticker.sequence;
    const message: MarketData = {
      type: 'market_data',
      stream: `ticker:${symbol}`,
      epoch,
      seq: ticker.sequence,
      data: tickerData(symbol, ticker, asText),
    };
    news.events.push(message);
  }

  #collectBook(nowMs: number, news: News): void {
    const { symbol, book } = this.listing;
    if (book === undefined) return;
    const old = this.#window;
    if (old !== undefined && old.sequence === book.sequence && old.epoch === book.epoch) return;
    const window = windowOf(symbol, book, this.#depth);
    if (old === undefined || !isContinuation(old, window)) return this.#sendSnapshot(window, news);

    const bids = changesOf(old, window, 'bids');
    const asks = changesOf(old, window, 'asks');
    // All that changed lies below the depth: the client's book is still right, under the number that it has.
    if (bids.length + asks.length === 0) return;
    this.#window = window;
    const isChecksumDue = nowMs - this.#checksumAtMs >= CHECKSUM_INTERVAL_MS;
    if (isChecksumDue) this.#checksumAtMs = nowMs;
    const message: BookDeltaMessage = {
      type: 'order_book_delta',
      stream: `book:${symbol}`,
      epoch: window.epoch,
      prevSeq: old.sequence,
      seq: window.sequence,
      data: {
        symbol,
        bids,
        asks,
        timestamp: window.eventTime,
        ...(isChecksumDue && { checksum: crc32OfTop(window, CHECKSUM_LEVELS) }),
      },
    };
    news.events.push(message);
  }

  #sendSnapshot(window: Book, news: News): void {
    const id = this.#resyncId;
    this.#resyncId = undefined;
    this.#window = window;
    news.snapshots.push({
      type: 'order_book_snapshot',
      ...(id !== undefined && { id }),
      stream: `book:${window.symbol}`,
      epoch: window.epoch,
      seq: window.sequence,
      data: {
        symbol: window.symbol,
        depth: window.depthLimit,
        bids: levelsOf(window, 'bids'),
        asks: levelsOf(window, 'asks'),
        timestamp: window.eventTime,
      },
    });
  }

  /** Trades are never merged. Those that fell out of the ring leave a hole that the numbers show. */
  #collectTrades(epoch: string, news: News): void {
    const { symbol, trades } = this.listing;
    while (this.#tradeSequence < trades.lastSequence) {
      const seq = ++this.#tradeSequence;
      const trade = trades.at(seq);
      if (trade === undefined) continue;
      const { tradeId, price, quantity, aggressor, eventTime } = trade;
      const message: TradeMessage = {
        type: 'trade',
        stream: `trades:${symbol}`,
        epoch,
        seq,
        ...(seq <= this.#replayedTo && { replay: true }),
        data: { symbol, tradeId, price, quantity, aggressor, timestamp: eventTime },
      };
      news.events.push(message);
    }
  }
}

/** A ticker in the guide's shape, its keys in the guide's order; numbers for those who have not asked for text. */
export const tickerData = (symbol: string, ticker: ServedTicker, asText: boolean): TickerData => {
  const number = (text: string | undefined) => (text === undefined ? null : asText ? text : Number(text));
  return {
    symbol,
    price: asText ? ticker.price : Number(ticker.price),
    volume: number(ticker.volume),
    high: number(ticker.high),
    low: number(ticker.low),
    change: number(ticker.change),
    changePercent: number(ticker.changePercent),
    timestamp: ticker.eventTime,
  };
};

/** An instrument as a confirmation has it: with the phase of this moment. */
export const wireInstrument = ({ instrument, phase }: ServedListing): WireInstrument => ({ ...instrument, phase });
