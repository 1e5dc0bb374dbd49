/**
 * What a venue would answer to somebody who has lost its book: a snapshot, in the venue's own shape, of a book that is known
 * to be right. Numbers that belong to a place in the stream (ids, checksums) are those of the last update in that book.
 */
import type { Book, LevelText } from '../../src/book/book.js';
import type { Side } from '../../src/book/side.js';
import { formatDecimal, parseDecimal } from '../../src/book/decimal.js';
import { isList, listAt, member, textAt, type Json } from '../../src/stream/venue/exact-json.js';

export interface Told {
  readonly symbol: string;
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
  /** The last update that is in the book. */
  readonly last: Json;
  /** The venue's key of a level, where levels have keys. */
  readonly keyOf: (price: string) => string;
}

/** How a venue writes a snapshot. The text is a frame or, for venues that answer by HTTP, a body. */
export type SnapshotWriter = (told: Told) => string;

/** All levels of a side, best first. */
export const levelsOf = (book: Book, side: Side): LevelText[] =>
  Array.from({ length: (side === 'bid' ? book.bids : book.asks).length }, (_, i) => book.textAt(side, i)!);

/** As `JSON.stringify`, with texts that are numbers written as numbers: digit by digit, as the venue does. */
const withNumbers = (value: unknown): string =>
  JSON.stringify(value).replace(/"(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[-+]?\d+)?)"/g, '$1');

const objects = (levels: readonly LevelText[], sizeName: string): object[] =>
  levels.map(([price, size]) => ({ price, [sizeName]: size }));

const keyed = ({ symbol, bids, asks, keyOf }: Told): object[] =>
  [...bids.map((level) => ['Buy', level] as const), ...asks.map((level) => ['Sell', level] as const)].map(
    ([side, [price, size]]) => ({ symbol, id: keyOf(price), side, size, price }),
  );

/** The recording of the second socket has lost its trailing zeros; the venue writes them all. */
const KRAKEN_DECIMALS = { price: 1, size: 8 };
const filled = (text: string, decimals: number): string => formatDecimal(parseDecimal(text)!, decimals);

const binance: SnapshotWriter = ({ bids, asks, last }) =>
  withNumbers({ lastUpdateId: textAt(member(last, 'data') ?? last, 'u') }).replace(
    /\}$/,
    `,"bids":${JSON.stringify(bids)},"asks":${JSON.stringify(asks)}}`,
  );

/** OKX and Bitget. */
const summed: SnapshotWriter = ({ bids, asks, last }) => {
  const checksum = Number(textAt(listAt(last, 'data')[0], 'checksum'));
  return JSON.stringify({
    arg: member(last, 'arg'),
    action: 'snapshot',
    data: [{ bids, asks, ts: '1600000000000', checksum }],
  });
};

export const SNAPSHOTS: Readonly<Record<string, SnapshotWriter>> = {
  'binance-spot': binance,
  'binance-usdm': binance,
  'binance-coinm': binance,

  gateio: ({ bids, asks, last }) =>
    JSON.stringify({ id: Number(textAt(member(last, 'result'), 'u')), current: 1600000000000, bids, asks }),

  deribit({ symbol, bids, asks, last }) {
    const data = {
      type: 'snapshot',
      timestamp: '1600000000000',
      instrument_name: symbol,
      change_id: textAt(member(member(last, 'params'), 'data'), 'change_id'),
      bids: bids.map((level) => ['new', ...level]),
      asks: asks.map((level) => ['new', ...level]),
    };
    return withNumbers({ jsonrpc: '2.0', method: 'subscription', params: { channel: `book.${symbol}.raw`, data } });
  },

  hitbtc: ({ symbol, bids, asks, last }) =>
    JSON.stringify({
      jsonrpc: '2.0',
      method: 'snapshotOrderbook',
      params: {
        ask: objects(asks, 'size'),
        bid: objects(bids, 'size'),
        symbol,
        sequence: Number(textAt(member(last, 'params'), 'sequence')),
      },
    }),

  kraken({ symbol, bids, asks, last }) {
    const full = (levels: readonly LevelText[]): LevelText[] =>
      levels.map(([price, size]) => [filled(price, KRAKEN_DECIMALS.price), filled(size, KRAKEN_DECIMALS.size)]);
    const checksum = textAt(listAt(last, 'data')[0], 'checksum');
    const book = { symbol, bids: objects(full(bids), 'qty'), asks: objects(full(asks), 'qty'), checksum };
    return withNumbers({ channel: 'book', type: 'snapshot', data: [book] });
  },

  'kraken-v1'({ symbol, bids, asks, last }) {
    const [channel, name] = isList(last) ? [last[0], last.at(-2)] : [];
    const timed = (levels: readonly LevelText[]): string[][] => levels.map((level) => [...level, '1600000000.000000']);
    return JSON.stringify([Number(channel), { as: timed(asks), bs: timed(bids) }, name, symbol]);
  },

  okx: summed,
  bitget: summed,

  ftx({ symbol, bids, asks, last }) {
    const checksum = textAt(member(last, 'data'), 'checksum');
    const data = { time: '1600000000.5', checksum, bids, asks, action: 'partial' };
    return withNumbers({ channel: 'orderbook', market: symbol, type: 'partial', data });
  },

  coinbase: ({ symbol, bids, asks }) => JSON.stringify({ type: 'snapshot', product_id: symbol, bids, asks }),

  bitmex: (told) =>
    withNumbers({ table: 'orderBookL2', action: 'partial', filter: { symbol: told.symbol }, data: keyed(told) }),

  'bybit-v2': (told) =>
    JSON.stringify({
      topic: textAt(told.last, 'topic'),
      type: 'snapshot',
      data: { order_book: keyed(told) },
      timestamp_e6: '1600000000000000',
    }),
};

/** The keys that a frame gives to prices, where levels have keys: `symbol price` to key. */
export function collectKeys(frame: Json, into: Map<string, string>): void {
  const data = member(frame, 'data');
  const lists = isList(data) ? [data] : ['order_book', 'insert', 'update', 'delete'].map((name) => listAt(data, name));
  for (const row of lists.flat()) {
    const [symbol, id, price] = [textAt(row, 'symbol'), textAt(row, 'id'), textAt(row, 'price')];
    const decimal = price === undefined ? undefined : parseDecimal(price);
    if (symbol === undefined || id === undefined || decimal === undefined) continue;
    into.set(`${symbol} ${formatDecimal(decimal)}`, id);
  }
}
