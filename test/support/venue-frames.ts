/**
 * Frames in the shapes of all venues, written by hand, of one book and three changes of it:
 *
 *     bids 100.1 × 1, 99.9 × 2.5      asks 100.2 × 3, 100.4 × 0.5
 *     bid 100.1 becomes 4
 *     ask 100.2 goes, ask 100.3 × 7 comes
 *     bid 99.8 × 1.5 comes, ask 100.4 becomes 2
 *
 * Checksums are made as the venues' own words say, and not by the code that is tested with them.
 */
import type { LevelText } from '../../src/book/book.js';
import { crc32 } from '../../src/book/checksum.js';
import type { Sides } from '../../src/stream/venue/venue-protocol.js';

/** The book at the end. */
export const FINAL = {
  bids: ['100.1 4', '99.9 2.5', '99.8 1.5'],
  asks: ['100.3 7', '100.4 2'],
} as const;

/** The book at first, and after each change. */
export const STATES: readonly [Sides, Sides, Sides, Sides] = [
  { bids: levels('100.1 1', '99.9 2.5'), asks: levels('100.2 3', '100.4 0.5') },
  { bids: levels('100.1 4', '99.9 2.5'), asks: levels('100.2 3', '100.4 0.5') },
  { bids: levels('100.1 4', '99.9 2.5'), asks: levels('100.3 7', '100.4 0.5') },
  { bids: levels(...FINAL.bids), asks: levels(...FINAL.asks) },
];
export const CHANGES: readonly [Sides, Sides, Sides] = [
  { bids: levels('100.1 4'), asks: [] },
  { bids: [], asks: levels('100.2 0', '100.3 7') },
  { bids: levels('99.8 1.5'), asks: levels('100.4 2') },
];

export const TIME = 1_700_000_000_000;
export const ISO = '2024-05-01T10:00:00.250Z';

export function levels(...texts: readonly string[]): LevelText[] {
  return texts.map((text) => {
    const [price = '', size = ''] = text.split(' ');
    return [price, size];
  });
}

export const named = (list: readonly LevelText[], price: string, size: string): object[] =>
  list.map((level) => ({ [price]: level[0], [size]: level[1] }));

export const alternating = ({ bids, asks }: Sides, askSign = ''): number => {
  const parts: string[] = [];
  for (let i = 0; i < 25; i++) {
    if (bids[i] !== undefined) parts.push(bids[i]!.join(':'));
    if (asks[i] !== undefined) parts.push(`${asks[i]![0]}:${askSign}${asks[i]![1]}`);
  }
  return crc32(parts.join(':')) | 0;
};
const floatText = (text: string): string => (text.includes('.') ? text : `${text}.0`);
const asFloat = (list: readonly LevelText[]): LevelText[] =>
  list.map(([price, size]) => [floatText(price), floatText(size)]);
const ofFtx = ({ bids, asks }: Sides): number => alternating({ bids: asFloat(bids), asks: asFloat(asks) }) >>> 0;
const padded = (list: readonly LevelText[]): LevelText[] =>
  list.map(([price, size]) => [price, Number(size).toFixed(8)]);
const ofKraken = ({ bids, asks }: Sides): number =>
  crc32(
    [...padded(asks), ...padded(bids)]
      .flat()
      .map((text) => text.replace('.', '').replace(/^0+/, ''))
      .join(''),
  );

export const binanceUpdate = (last: number, { bids, asks }: Sides, previous?: number): object => ({
  stream: 'ab@depth',
  data: {
    e: 'depthUpdate',
    E: TIME,
    s: 'AB',
    U: last,
    u: last,
    ...(previous !== undefined && { pu: previous }),
    b: bids,
    a: asks,
  },
});
export const advanced = (number: number, type: string, { bids, asks }: Sides): object => ({
  channel: 'l2_data',
  timestamp: ISO,
  sequence_num: number,
  events: [
    {
      type,
      product_id: 'A-B',
      updates: [
        ...bids.map(([price, size]) => ({ side: 'bid', price_level: price, new_quantity: size })),
        ...asks.map(([price, size]) => ({ side: 'offer', price_level: price, new_quantity: size })),
      ],
    },
  ],
});

export const krakenBook = (type: string, sides: Sides, sum: Sides): object => ({
  channel: 'book',
  type,
  data: [
    {
      symbol: 'A/B',
      bids: named(padded(sides.bids), 'price', 'qty'),
      asks: named(padded(sides.asks), 'price', 'qty'),
      checksum: ofKraken(sum),
      timestamp: ISO,
    },
  ],
});

export const timed = (list: readonly LevelText[]): string[][] =>
  padded(list).map((level) => [...level, '1700000000.000000']);
export const krakenV1Update = ({ bids, asks }: Sides, sum: Sides): unknown[] => {
  const c = String(ofKraken(sum));
  const maps: object[] = [];
  if (asks.length > 0) maps.push({ a: timed(asks), ...(bids.length === 0 && { c }) });
  if (bids.length > 0) maps.push({ b: timed(bids), c });
  return [336, ...maps, 'book-10', 'A/B'];
};

export const futuresLevel = (seq: number, side: string, [price, qty]: LevelText): object => ({
  feed: 'book',
  product_id: 'PI_AB',
  side,
  seq,
  price,
  qty,
  timestamp: TIME,
});

type Sums = (sides: Sides) => number;
export const okxBook = (arg: object, action: string, sides: Sides, facts: object): object => ({
  arg,
  action,
  data: [{ asks: sides.asks, bids: sides.bids, ts: String(TIME), ...facts }],
});
export const summedBooks = (arg: object, sum: Sums): unknown[] => [
  okxBook(arg, 'snapshot', STATES[0], { checksum: sum(STATES[0]) }),
  ...CHANGES.map((change, i) => okxBook(arg, 'update', change, { checksum: sum(STATES[i + 1]!) })),
];
export const OKX_ARG = { channel: 'books', instId: 'A-B' };

export const bybitBook = (type: string, u: number, { bids, asks }: Sides): object => ({
  topic: 'orderbook.50.AB',
  ts: TIME,
  type,
  data: { s: 'AB', b: bids, a: asks, u, seq: 1000 + u },
  cts: TIME,
});

export const rowsOf = ({ bids, asks }: Sides, withPrice: boolean): object[] =>
  [...bids.map((level) => ['Buy', level] as const), ...asks.map((level) => ['Sell', level] as const)].map(
    ([side, [price, size]]) => ({
      symbol: 'AB',
      id: Number(price) * 10,
      side,
      ...(size !== '0' && { size }),
      ...(withPrice && { price }),
    }),
  );
export const NONE: Sides = { bids: [], asks: [] };
export const bybitV2Delta = (removed: Sides, changed: Sides, added: Sides): object => ({
  topic: 'orderBookL2_25.AB',
  type: 'delta',
  data: { delete: rowsOf(removed, true), update: rowsOf(changed, true), insert: rowsOf(added, true) },
  timestamp_e6: String(TIME * 1000),
});
export const bitmexTable = (action: string, sides: Sides, withPrice: boolean): object => ({
  table: 'orderBookL2',
  action,
  data: rowsOf(sides, withPrice),
});

/** `[price, count, amount]`. */
const bitfinexRow = (side: 'bid' | 'ask', [price, size]: LevelText): string[] => {
  const sign = side === 'ask' ? '-' : '';
  return size === '0' ? [price, '0', `${sign}1`] : [price, '1', sign + size];
};
export const bitfinexRows = ({ bids, asks }: Sides): string[][] => [
  ...bids.map((level) => bitfinexRow('bid', level)),
  ...asks.map((level) => bitfinexRow('ask', level)),
];
export const deribitBook = (type: string, id: number, bids: readonly unknown[], asks: readonly unknown[]): object => ({
  jsonrpc: '2.0',
  method: 'subscription',
  params: {
    channel: 'book.A-B.100ms',
    data: {
      type,
      timestamp: TIME,
      instrument_name: 'A-B',
      change_id: id,
      ...(type === 'change' && { prev_change_id: id - 7 }),
      bids,
      asks,
    },
  },
});
export const acted = (action: string, ...texts: string[]): string[][] =>
  levels(...texts).map((level) => [action, ...level]);

export const gateioUpdate = (prefix: string, id: number, sides: Sides): object => ({
  channel: `${prefix}.order_book_update`,
  event: 'update',
  result: { t: TIME, s: 'A_B', U: id, u: id, ...gateioSides(prefix, sides, 'b', 'a') },
});
export const gateioSides = (prefix: string, { bids, asks }: Sides, bidName: string, askName: string): object =>
  prefix === 'spot'
    ? { [bidName]: bids, [askName]: asks }
    : { [bidName]: named(bids, 'p', 's'), [askName]: named(asks, 'p', 's') };
export const kucoinUpdate = (id: number, { bids, asks }: Sides): object => ({
  type: 'message',
  topic: '/market/level2:A-B',
  subject: 'trade.l2update',
  data: {
    symbol: 'A-B',
    sequenceStart: id,
    sequenceEnd: id,
    time: TIME,
    changes: { bids: bids.map((level) => [...level, String(id)]), asks: asks.map((level) => [...level, String(id)]) },
  },
});

export const hitbtcBook = (method: string, sequence: number, { bids, asks }: Sides): object => ({
  jsonrpc: '2.0',
  method,
  params: {
    ask: named(asks, 'price', 'size'),
    bid: named(bids, 'price', 'size'),
    symbol: 'AB',
    sequence,
    timestamp: ISO,
  },
});

export const ftxBook = (type: string, { bids, asks }: Sides, sum: Sides): object => ({
  channel: 'orderbook',
  market: 'A-B',
  type,
  data: { time: TIME / 1000, checksum: ofFtx(sum), bids, asks, action: type },
});
