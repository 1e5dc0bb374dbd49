import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compare, parseDecimal } from '../../src/book/decimal.js';
import type { SnapshotFacts, VenueProtocol, VenueSink, VenueTrade } from '../../src/stream/venue/venue-protocol.js';
import { BY_NOTHING } from '../../src/stream/verdict.js';
import { openRecording, type Recording } from '../../server/recording/recording.js';
import { ReplayMarket } from '../../server/replay-market.js';
import { recordingsFolder } from '../support/recordings.js';
import { type Message, SessionWire, START } from './session-wire.js';

const RECORDED = 1_600_000_000_000;

/** What a frame of the test's venue tells its session's sink. */
type Telling = (sink: VenueSink) => void;
type Given = readonly [atMs: number, tell: Telling];

const snapshot = (atMs: number, size = '1', more: Partial<SnapshotFacts> = {}): Given => [
  atMs,
  (sink) =>
    sink.snapshot(
      'X',
      { bids: [['10.0', size]], asks: [['10.5', '2']] },
      { eventTime: 0, verified: BY_NOTHING, ...more },
    ),
];
const delta = (atMs: number, size: string, eventTime = RECORDED + atMs - 5): Given => [
  atMs,
  (sink) => sink.delta('X', { bids: [['10.0', size]], asks: [] }, { eventTime }),
];
const gap = (atMs: number): Given => [atMs, (sink) => sink.gap('X', 'sequence', '')];
const trade = (atMs: number, price: string, aggressor: VenueTrade['aggressor']): Given => [
  atMs,
  (sink) => sink.trade?.({ symbol: 'X', tradeId: '', price, size: '1.5', aggressor, eventTime: 0 }),
];

/** A venue whose frames are numbers of what is given. */
const venueOf = (given: readonly Given[]): VenueProtocol => ({
  name: 'test',
  url: '',
  limits: { symbols: 1, messagesPerSecond: 1 },
  verified: BY_NOTHING,
  recognises: () => true,
  start: (sink) => ({
    read: (text) => given[Number(text)]![1](sink),
    subscribe: () => [],
    unsubscribe: () => [],
    resync: () => [],
  }),
});

const recordingOf = (given: readonly Given[]): Recording => ({
  protocol: venueOf(given),
  symbols: ['X'],
  instruments: [{ symbol: 'X', tickSize: '0.1' }],
  startMs: RECORDED,
  endMs: RECORDED + 10_000,
  async *frames() {
    yield given.map(([atMs], i) => ({ text: String(i), atMs: RECORDED + atMs }));
  },
});

/** A replay that has read its first operations. */
const replay = async (recording: Recording, speed = 1, onEnd?: (error?: unknown) => void): Promise<ReplayMarket> => {
  const market = new ReplayMarket({ recording, speed, startMs: START, epoch: 'r1', ...(onEnd && { onEnd }) });
  await new Promise(setImmediate);
  return market;
};

const bid = (market: ReplayMarket): number | undefined => market.listing('X')?.book?.bids.sizeAt(0);

describe('ReplayMarket', () => {
  it('SX110 operations come at the pace of the recording, or so many times faster', async () => {
    for (const speed of [1, 10]) {
      const market = await replay(recordingOf([snapshot(0), delta(1_000, '3'), delta(2_000, '4')]), speed);
      assert.equal(market.listing('X')?.book, undefined);
      const seen = [0, 999, 1_000, 1_999, 2_000].map((ms) => {
        market.step(START + ms / speed);
        return bid(market);
      });
      assert.deepEqual(seen, [1, 1, 3, 3, 4]);
    }
  });

  it('SX111 times are moved to now and never lie ahead', async () => {
    const market = await replay(recordingOf([snapshot(0), delta(1_000, '3', RECORDED + 99_000)]));
    market.step(START);
    assert.equal(market.listing('X')?.book?.eventTime, START);
    market.step(START + 1_500);
    assert.equal(market.listing('X')?.book?.eventTime, START + 1_500);
  });

  it('SX112 it plays once, says so once, and the last books stand', async () => {
    let ends = 0;
    const market = await replay(recordingOf([snapshot(0), delta(10, '7')]), 1, () => ends++);
    for (let ms = 0; ms < 20_000; ms += 100) market.step(START + ms);
    assert.deepEqual([ends, market.isEnded, bid(market)], [1, true, 7]);
  });

  it('SX113 a book that is lost is emptied and halted until the next snapshot, and clients are told both', async () => {
    const market = await replay(recordingOf([snapshot(0), gap(100), delta(150, '9'), snapshot(200, '2')]));
    const wire = new SessionWire({ market }).hello(['book']);
    const at = (ms: number): Message[] => {
      wire.nowMs = START + ms;
      market.step(wire.nowMs);
      wire.session.flush();
      return wire.take();
    };
    market.step(START);
    wire.say({ type: 'subscribe', symbols: ['X'], channels: ['book'] });
    assert.equal(wire.take()[1]?.data.bids.length, 1);
    const lost = at(160);
    assert.deepEqual(
      lost.map(({ type, data }) => [type, data.phase ?? data.bids.length]),
      [
        ['instrument_status', 'halted'],
        ['order_book_snapshot', 0],
      ],
    );
    const back = at(300);
    assert.deepEqual(
      back.map(({ type, data }) => [type, data.phase ?? data.bids.length]),
      [
        ['order_book_snapshot', 1],
        ['instrument_status', 'continuous'],
      ],
    );
  });

  it('SX113 so is a book whose checksum differs, or whose numbers make no sense', async () => {
    const wrong: Given[] = [
      snapshot(0, '1', { checksum: 1, checksumOf: () => 2 }),
      [0, (sink) => sink.delta('X', { bids: [['10.0', '-1']], asks: [] }, { eventTime: 0 })],
      [0, (sink) => sink.delta('X', { bids: [], asks: [] }, { eventTime: 0, checksum: 1, checksumOf: () => 2 })],
    ];
    for (const telling of wrong) {
      const market = await replay(recordingOf([snapshot(0), telling, snapshot(10, '4')]));
      market.step(START);
      const { book, phase } = market.listing('X')!;
      assert.deepEqual([book?.bids.length, book?.asks.length, phase], [0, 0, 'halted']);
      market.step(START + 10);
      assert.deepEqual([bid(market), market.listing('X')?.phase], [4, 'continuous']);
    }
  });

  it('SX114 trades make the ticker; those of an unknown side are not on the tape', async () => {
    const market = await replay(
      recordingOf([trade(1, '10.2', 'buy'), trade(2, '10.4', 'unknown'), trade(3, '10.3', 'buy')]),
    );
    market.step(START + 10);
    const listing = market.listing('X');
    const { price, high, low, volume } = listing?.ticker ?? {};
    assert.deepEqual({ price, high, low, volume }, { price: '10.3', high: '10.4', low: '10.2', volume: '4.5' });
    assert.deepEqual([listing?.trades.lastSequence, listing?.trades.at(2)?.price], [2, '10.3']);
  });

  it('SX115 a recording that breaks off is told, and what was read stands', async () => {
    const broken: Recording = {
      ...recordingOf([snapshot(0)]),
      async *frames() {
        yield [{ text: '0', atMs: RECORDED }];
        throw new Error('the disk is gone');
      },
    };
    const told: unknown[] = [];
    const market = await replay(broken, 1, (error) => told.push(error));
    market.step(START);
    assert.match(String(told), /the disk is gone/);
    assert.equal(bid(market), 1);
  });

  const folder = recordingsFolder();
  const files = [
    ['okx/cf_okx_2022-05_ws.txt.gz', 'okx_2022_05_books'],
    ['kraken/pks_kraken_v2_book10.json.gz', 'kraken_v2_book10'],
    ['bitget/cf_bitget_spot_ws.txt.gz', 'bitget_spot'],
  ] as const;
  for (const [file, name] of files) {
    it(
      `SX116 ${name} played through to the end gives the expected books`,
      { skip: folder === undefined && 'no recordings here' },
      async () => {
        if (folder === undefined) return;
        const recording = await openRecording([fileURLToPath(new URL(file, folder))]);
        const market = new ReplayMarket({ recording, speed: 1_000, startMs: START, epoch: 'r1' });
        for (let at = START; !market.isEnded; at += 1_000) {
          market.step(at);
          await new Promise(setImmediate);
        }
        const expected = JSON.parse(await readFile(new URL(`expected/${name}.json`, folder), 'utf8')) as {
          books: Record<string, Record<'bids' | 'asks', [string, string][]>>;
        };
        const wire = new SessionWire({ market }).hello(['book']);
        for (const [symbol, sides] of Object.entries(expected.books)) {
          wire.say({ type: 'subscribe', symbols: [symbol], channels: ['book'], depth: 25 });
          const sent = wire.take().find(({ type }) => type === 'order_book_snapshot');
          assert.ok(sent, symbol);
          for (const side of ['bids', 'asks'] as const) {
            assert.equal(sent.data[side].length, Math.min(25, sides[side].length), `${symbol} ${side}`);
            sides[side].forEach(([price, size], i) => {
              const level = sent.data[side][i] ?? ['', ''];
              assert.ok(
                isSame(level[0], price) && isSame(level[1], size),
                `${symbol} ${side} ${i}: ${level.join(' ')}`,
              );
            });
          }
        }
      },
    );
  }
});

const isSame = (a: string, b: string): boolean => {
  const [x, y] = [parseDecimal(a), parseDecimal(b)];
  return x !== undefined && y !== undefined && compare(x, y) === 0;
};
