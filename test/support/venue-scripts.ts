/** One small session for each venue and each way that it proves its books: a snapshot and a few updates of the same book. */
import type { Sides } from '../../src/stream/venue/venue-protocol.js';
import type { VenueName } from '../../src/stream/venue/venues.js';
import {
  STATES,
  CHANGES,
  TIME,
  ISO,
  levels,
  named,
  alternating,
  binanceUpdate,
  advanced,
  krakenBook,
  timed,
  krakenV1Update,
  futuresLevel,
  okxBook,
  summedBooks,
  OKX_ARG,
  bybitBook,
  rowsOf,
  NONE,
  bybitV2Delta,
  bitmexTable,
  bitfinexRows,
  deribitBook,
  acted,
  gateioUpdate,
  gateioSides,
  kucoinUpdate,
  hitbtcBook,
  ftxBook,
} from './venue-frames.js';

export interface ScriptFrame {
  readonly frame: unknown;
  /** The request, where it is an answer by HTTP. */
  readonly url?: string;
}

export interface Script {
  readonly name: string;
  readonly venue: VenueName;
  /** The address that is spoken to, where it matters. */
  readonly address?: string;
  readonly symbol: string;
  readonly frames: readonly ScriptFrame[];
  /** How many of them, at the beginning, are of no book. */
  readonly opening?: number;
  /** Names and, in lists, places under which a book's changes stand: whatever is wrong there must be told. */
  readonly body: readonly (string | number)[];
  /** How the book is proved at the end. */
  readonly proof: 'sequence' | 'checksum' | 'nothing';
  /** All messages of the connection are numbered in one row, so that one of an unknown kind takes up a number. */
  readonly isNumberedAsOne?: boolean;
}

const plain = (frames: readonly unknown[]): ScriptFrame[] => frames.map((frame) => ({ frame }));

const binance = (venue: VenueName, isFutures: boolean): Script => {
  const update = (last: number, sides: Sides): ScriptFrame => ({
    frame: binanceUpdate(last, sides, isFutures ? last - 1 : undefined),
  });
  return {
    name: venue,
    venue,
    symbol: 'AB',
    proof: 'sequence',
    body: ['U', 'u', ...(isFutures ? ['pu'] : []), 'b', 'a', 'lastUpdateId', 'bids', 'asks'],
    frames: [
      update(10, { bids: [], asks: [] }),
      {
        frame: { lastUpdateId: 10, ...STATES[0] },
        url: 'https://api.binance.com/api/v3/depth?symbol=AB&limit=1000',
      },
      ...CHANGES.map((change, i) => update(11 + i, change)),
    ],
  };
};

const gateio = (venue: VenueName, prefix: 'spot' | 'futures', symbolName: string): Script => ({
  name: venue,
  venue,
  symbol: 'A_B',
  proof: 'sequence',
  body: ['U', 'u', 'b', 'a', 'id', 'bids', 'asks'],
  frames: [
    { frame: gateioUpdate(prefix, 10, NONE) },
    {
      frame: { id: 10, current: TIME, ...gateioSides(prefix, STATES[0], 'bids', 'asks') },
      url: `https://api.gateio.ws/api/v4/${prefix}/order_book?${symbolName}=A_B&limit=100&with_id=true`,
    },
    ...CHANGES.map((change, i) => ({ frame: gateioUpdate(prefix, 11 + i, change) })),
  ],
});

const bitfinexFrames = (flags: number): ScriptFrame[] => {
  let number = 0;
  const frames: unknown[] = [
    { event: 'conf', status: 'OK', flags },
    { event: 'subscribed', channel: 'book', chanId: 17, symbol: 'tAB', prec: 'P0', freq: 'F0', len: '25' },
  ];
  const push = (...frame: unknown[]): void => {
    frames.push(flags & 65_536 ? [...frame, ++number] : frame);
  };
  push(17, bitfinexRows(STATES[0]));
  for (const [i, change] of CHANGES.entries()) {
    for (const row of bitfinexRows(change)) push(17, row);
    if (flags & 131_072) push(17, 'cs', alternating(STATES[i + 1]!, '-'));
  }
  return plain(frames);
};

export const SCRIPTS: readonly Script[] = [
  binance('binance-spot', false),
  binance('binance-usdm', true),
  binance('binance-coinm', true),
  {
    name: 'coinbase',
    venue: 'coinbase',
    symbol: 'A-B',
    proof: 'sequence',
    isNumberedAsOne: true,
    opening: 1,
    body: ['sequence_num', 'product_id', 'updates'],
    frames: plain([
      { channel: 'subscriptions', timestamp: ISO, sequence_num: 0, events: [{ subscriptions: { level2: ['A-B'] } }] },
      advanced(1, 'snapshot', STATES[0]),
      ...CHANGES.map((change, i) => advanced(2 + i, 'update', change)),
    ]),
  },
  {
    name: 'coinbase, exchange',
    venue: 'coinbase',
    address: 'wss://ws-feed.exchange.coinbase.com',
    symbol: 'A-B',
    proof: 'nothing',
    body: ['bids', 'asks', 'changes'],
    frames: plain([
      { type: 'snapshot', product_id: 'A-B', ...STATES[0] },
      ...CHANGES.map(({ bids, asks }) => ({
        type: 'l2update',
        product_id: 'A-B',
        time: ISO,
        changes: [...bids.map((level) => ['buy', ...level]), ...asks.map((level) => ['sell', ...level])],
      })),
    ]),
  },
  {
    name: 'kraken',
    venue: 'kraken',
    symbol: 'A/B',
    proof: 'checksum',
    opening: 2,
    body: ['data'],
    frames: plain([
      {
        channel: 'instrument',
        type: 'snapshot',
        data: { pairs: [{ symbol: 'A/B', price_precision: 1, qty_precision: 8 }] },
      },
      { method: 'subscribe', success: true, result: { channel: 'book', depth: 10, symbol: 'A/B' } },
      krakenBook('snapshot', STATES[0], STATES[0]),
      ...CHANGES.map((change, i) => krakenBook('update', change, STATES[i + 1]!)),
    ]),
  },
  {
    name: 'kraken-v1',
    venue: 'kraken-v1',
    symbol: 'A/B',
    proof: 'checksum',
    body: [1, 'as', 'bs', 'a', 'b'],
    frames: plain([
      [336, { as: timed(STATES[0].asks), bs: timed(STATES[0].bids) }, 'book-10', 'A/B'],
      ...CHANGES.map((change, i) => krakenV1Update(change, STATES[i + 1]!)),
    ]),
  },
  {
    name: 'kraken-futures',
    venue: 'kraken-futures',
    symbol: 'PI_AB',
    proof: 'sequence',
    body: ['seq', 'side', 'price', 'qty', 'bids', 'asks'],
    frames: plain([
      {
        feed: 'book_snapshot',
        product_id: 'PI_AB',
        timestamp: TIME,
        seq: 10,
        bids: named(STATES[0].bids, 'price', 'qty'),
        asks: named(STATES[0].asks, 'price', 'qty'),
      },
      futuresLevel(11, 'buy', ['100.1', '4']),
      futuresLevel(12, 'sell', ['100.2', '0']),
      futuresLevel(13, 'sell', ['100.3', '7']),
      futuresLevel(14, 'buy', ['99.8', '1.5']),
      futuresLevel(15, 'sell', ['100.4', '2']),
    ]),
  },
  {
    name: 'okx',
    venue: 'okx',
    symbol: 'A-B',
    proof: 'sequence',
    body: ['data'],
    frames: plain([
      okxBook(OKX_ARG, 'snapshot', STATES[0], { checksum: 0, seqId: 10, prevSeqId: -1 }),
      ...CHANGES.map((change, i) =>
        okxBook(OKX_ARG, 'update', change, { checksum: 0, seqId: 17 + 7 * i, prevSeqId: 10 + 7 * i }),
      ),
    ]),
  },
  {
    name: 'okx, by checksum',
    venue: 'okx',
    symbol: 'A-B',
    proof: 'checksum',
    body: ['data'],
    frames: plain(summedBooks(OKX_ARG, alternating)),
  },
  {
    name: 'bybit',
    venue: 'bybit',
    symbol: 'AB',
    proof: 'sequence',
    body: ['data', 'type'],
    frames: plain([
      bybitBook('snapshot', 10, STATES[0]),
      ...CHANGES.map((change, i) => bybitBook('delta', 11 + i, change)),
    ]),
  },
  {
    name: 'bybit-v2',
    venue: 'bybit-v2',
    symbol: 'AB',
    proof: 'nothing',
    body: ['data', 'type'],
    frames: plain([
      {
        topic: 'orderBookL2_25.AB',
        type: 'snapshot',
        data: { order_book: rowsOf(STATES[0], true) },
        timestamp_e6: String(TIME * 1000),
      },
      bybitV2Delta(NONE, CHANGES[0], NONE),
      bybitV2Delta({ bids: [], asks: levels('100.2 0') }, NONE, { bids: [], asks: levels('100.3 7') }),
      bybitV2Delta(NONE, { bids: [], asks: levels('100.4 2') }, { bids: levels('99.8 1.5'), asks: [] }),
    ]),
  },
  {
    name: 'bitfinex',
    venue: 'bitfinex',
    symbol: 'tAB',
    proof: 'sequence',
    isNumberedAsOne: true,
    opening: 2,
    body: [1],
    frames: bitfinexFrames(65_536),
  },
  {
    name: 'bitfinex, by checksum',
    venue: 'bitfinex',
    symbol: 'tAB',
    proof: 'checksum',
    opening: 2,
    body: [1],
    frames: bitfinexFrames(131_072),
  },
  {
    name: 'deribit',
    venue: 'deribit',
    symbol: 'A-B',
    proof: 'sequence',
    body: ['change_id', 'prev_change_id', 'bids', 'asks'],
    frames: plain([
      deribitBook('snapshot', 10, acted('new', '100.1 1', '99.9 2.5'), acted('new', '100.2 3', '100.4 0.5')),
      deribitBook('change', 17, acted('change', '100.1 4'), []),
      deribitBook('change', 24, [], [...acted('delete', '100.2 0'), ...acted('new', '100.3 7')]),
      deribitBook('change', 31, acted('new', '99.8 1.5'), acted('change', '100.4 2')),
    ]),
  },
  {
    name: 'bitmex',
    venue: 'bitmex',
    symbol: 'AB',
    proof: 'nothing',
    // A table without rows is nobody's.
    body: ['action', 'symbol', 'id', 'side', 'size', 'price'],
    frames: plain([
      { ...bitmexTable('partial', STATES[0], true), filter: { symbol: 'AB' } },
      bitmexTable('update', CHANGES[0], false),
      bitmexTable('delete', { bids: [], asks: levels('100.2 0') }, false),
      bitmexTable('insert', { bids: levels('99.8 1.5'), asks: levels('100.3 7') }, true),
      bitmexTable('update', { bids: [], asks: levels('100.4 2') }, false),
    ]),
  },
  {
    name: 'bitget',
    venue: 'bitget',
    symbol: 'AB',
    proof: 'checksum',
    body: ['data', 'action'],
    frames: plain(summedBooks({ instType: 'sp', channel: 'books', instId: 'AB' }, alternating)),
  },
  gateio('gateio', 'spot', 'currency_pair'),
  gateio('gateio-futures', 'futures', 'contract'),
  {
    name: 'kucoin',
    venue: 'kucoin',
    symbol: 'A-B',
    proof: 'sequence',
    body: ['sequenceStart', 'sequenceEnd', 'changes', 'sequence', 'bids', 'asks'],
    frames: [
      { frame: kucoinUpdate(10, NONE) },
      {
        frame: { code: '200000', data: { time: TIME, sequence: '10', ...STATES[0] } },
        url: 'https://api.kucoin.com/api/v1/market/orderbook/level2_100?symbol=A-B',
      },
      ...CHANGES.map((change, i) => ({ frame: kucoinUpdate(11 + i, change) })),
    ],
  },
  {
    name: 'hitbtc',
    venue: 'hitbtc',
    symbol: 'AB',
    proof: 'sequence',
    body: ['ask', 'bid', 'sequence'],
    frames: plain([
      hitbtcBook('snapshotOrderbook', 10, STATES[0]),
      ...CHANGES.map((change, i) => hitbtcBook('updateOrderbook', 11 + i, change)),
    ]),
  },
  {
    name: 'ftx',
    venue: 'ftx',
    symbol: 'A-B',
    proof: 'checksum',
    body: ['data'],
    frames: plain([
      ftxBook('partial', STATES[0], STATES[0]),
      ...CHANGES.map((change, i) => ftxBook('update', change, STATES[i + 1]!)),
    ]),
  },
];
