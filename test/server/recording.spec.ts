import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Book } from '../../src/book/book.js';
import type { BookChange, SideView } from '../../src/book/book.js';
import { compare, formatDecimal, parseDecimal, unitsToText } from '../../src/book/decimal.js';
import { openRecording } from '../../server/recording/recording.js';
import type { Recording } from '../../server/recording/recording.js';
import { recordingsFolder } from '../support/recordings.js';

/** What an independent replayer found in the same files. */
interface Expected {
  readonly counts: Readonly<Record<string, number>>;
  readonly perSymbol: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly books: Readonly<Record<string, ExpectedBook>>;
}
interface ExpectedBook {
  readonly bids: readonly [string, string][];
  readonly asks: readonly [string, string][];
  readonly bidLevels: number;
  readonly askLevels: number;
}

const RECORDINGS: readonly [name: string, venue: string, ...files: string[]][] = [
  [
    'binance_spot_ethusdt',
    'binance',
    'binance/hftbt_spot_ethusdt_20240808.gz',
    'binance/hftbt_spot_ethusdt_20240809.gz',
  ],
  ['binance_usdm_ethusdt', 'binance', 'binance/hftbt_usdm_ethusdt_20240808.gz'],
  ['binance_spot_2021', 'binance', 'binance/cf_binance_ws.txt.gz'],
  ['binance_tr_2023', 'binance', 'binance/cf_binance_tr_ws.txt.gz'],
  ['binance_coinm_2021', 'binance', 'binance/cf_binance_delivery_ws.txt.gz'],
  ['coinbase_level2', 'coinbase', 'coinbase/cf_coinbase_ws.txt.gz'],
  ['kraken_v1_book10', 'kraken', 'kraken/pks_kraken_v1_book10.json.gz'],
  ['kraken_v2_book10', 'kraken', 'kraken/pks_kraken_v2_book10.json.gz'],
  ['okx_2022_05_books', 'okx', 'okx/cf_okx_2022-05_ws.txt.gz'],
  ['okex_2021_07_a', 'okx', 'okx/cf_okex_2021-07_ws1.txt.gz'],
  ['okex_2021_07_b', 'okx', 'okx/cf_okex_2021-07_ws2.txt.gz'],
  ['okex_2021_07_c', 'okx', 'okx/cf_okex_2021-07_ws3.txt.gz'],
  ['bybit_v2_linear', 'bybit', 'bybit/cf_bybit_v2_linear_ws.txt.gz'],
  ['deribit_raw', 'deribit', 'deribit/cf_deribit_ws.txt.gz'],
  ['bitget_spot', 'bitget', 'bitget/cf_bitget_spot_ws.txt.gz'],
  ['gateio_spot', 'gateio', 'gateio/cf_gateio_ws.txt.gz'],
  ['bitmex_l2', 'bitmex', 'bitmex/cf_bitmex_ws.txt.gz'],
  ['ftx_2021', 'ftx', 'ftx/cf_ftx_ws.txt.gz'],
  ['hitbtc_v2', 'hitbtc', 'hitbtc/cf_hitbtc_ws.txt.gz'],
];

/**
 * Books with a size of 10,000,000 beside one with nine decimals: no scale holds both as safe integers, so `Book`
 * refuses them. The operations are right all the same, which the naive book shows.
 */
const BEYOND_SAFE_INTEGERS: ReadonlySet<string> = new Set(['gateio_spot INK_USDT']);

const folder = recordingsFolder();
const skip = folder === undefined ? 'the recordings are not here; TL_RECORDINGS names their folder' : false;
const pathOf = (file: string): string => fileURLToPath(new URL(file, folder));

describe('recordings of real exchanges', { skip }, () => {
  for (const [name, venue, ...files] of RECORDINGS) {
    const absent = [`expected/${name}.json`, ...files].filter((file) => folder && !existsSync(new URL(file, folder)));
    const skipOne = absent.length > 0 && `not here: ${absent.join(', ')}`;
    it(`RC1 ${name}: every final book is the venue's, level by level`, { skip: skipOne }, async () => {
      const expected = JSON.parse(readFileSync(new URL(`expected/${name}.json`, folder), 'utf8')) as Expected;
      const recording = await openRecording(files.map(pathOf));
      assert.equal(recording.venue, venue);
      assert.deepEqual(recording.symbols, Object.keys(expected.books).sort());

      const replayed = await replay(recording, (symbol) => BEYOND_SAFE_INTEGERS.has(`${name} ${symbol}`));
      for (const [symbol, book] of Object.entries(expected.books)) {
        const isHeld = !BEYOND_SAFE_INTEGERS.has(`${name} ${symbol}`);
        assert.deepEqual([...replayed.changes.get(symbol)!], [isHeld ? 'applied' : 'bad_level'], symbol);
        assertBook(symbol, isHeld ? levelsOf(replayed.books.get(symbol)!) : replayed.naive.get(symbol)!.levels(), book);
      }
      assertCounts('the whole recording', replayed.counts, expected.counts);
      for (const symbol of recording.symbols) {
        assertCounts(symbol, replayed.perSymbol.get(symbol) ?? {}, expected.perSymbol[symbol] ?? {});
      }
    });
  }

  it('RC3 HTTP answers beside a socket recording are found, and said', async () => {
    const notes: string[] = [];
    await openRecording([pathOf('gateio/cf_gateio_ws.txt.gz')], { onNote: (text) => notes.push(text) });
    assert.deepEqual(notes, ['snapshots by HTTP are taken from cf_gateio_http.txt.gz beside it']);
  });

  it('RC4 every price and size keeps to the tick and the lot that are told', async () => {
    const recording = await openRecording([pathOf('bitmex/cf_bitmex_ws.txt.gz')]);
    const bySymbol = new Map(recording.instruments.map((instrument) => [instrument.symbol, instrument]));
    assert.deepEqual(bySymbol.get('XBTUSD'), { symbol: 'XBTUSD', tickSize: '0.5', lotSize: '100' });
    assert.equal(bySymbol.get('BCHUSD')?.tickSize, '0.05');
    assert.equal(bySymbol.get('TRXU21')?.tickSize, '0.0000000001');
  });

  it('RC5 two connections that recorded the same symbols at once are refused', async () => {
    const files = ['okx/cf_okex_2021-07_ws1.txt.gz', 'okx/cf_okex_2021-07_ws2.txt.gz'].map(pathOf);
    await assert.rejects(openRecording(files), { name: 'RecordingError', code: 'overlap' });
  });

  it('RC6 files of two venues are refused', async () => {
    const files = ['okx/cf_okx_2022-05_ws.txt.gz', 'ftx/cf_ftx_ws.txt.gz'].map(pathOf);
    await assert.rejects(openRecording(files), { name: 'RecordingError', code: 'mixed_venues' });
  });

  it('RC7 times never fall, and begin where the recording says', async () => {
    const recording = await openRecording([pathOf('kraken/pks_kraken_v2_book10.json.gz')]);
    assert.equal(new Date(recording.endMs).toISOString(), '2023-07-30T15:30:49.008Z');
    let last = recording.startMs;
    let first: number | undefined;
    for await (const { atMs } of recording.operations()) {
      first ??= atMs;
      assert.ok(atMs >= last, `${atMs} after ${last}`);
      last = atMs;
    }
    assert.equal(first, recording.startMs);
    assert.ok(recording.endMs - recording.startMs < 3_600_000, 'an hour at most');
  });
});

type Counts = Record<string, number>;
type Levels = Readonly<Record<'bids' | 'asks', readonly (readonly [price: string, size: string])[]>>;

/** Prices to sizes, both canonical text: as simple as a book can be. */
class NaiveBook {
  readonly #sides = { bids: new Map<string, string>(), asks: new Map<string, string>() };

  apply(side: 'bids' | 'asks', levels: readonly (readonly [string, string])[]): void {
    for (const [price, size] of levels) {
      if (Number(size) === 0) this.#sides[side].delete(canonical(price));
      else this.#sides[side].set(canonical(price), canonical(size));
    }
  }

  levels(): Levels {
    const rising = (a: [string, string], b: [string, string]): number =>
      compare(parseDecimal(a[0])!, parseDecimal(b[0])!);
    return { bids: [...this.#sides.bids].sort((a, b) => rising(b, a)), asks: [...this.#sides.asks].sort(rising) };
  }
}

async function replay(recording: Recording, isNaive: (symbol: string) => boolean) {
  const books = new Map(recording.symbols.map((symbol) => [symbol, new Book(symbol)]));
  const changes = new Map(recording.symbols.map((symbol) => [symbol, new Set<BookChange>()]));
  const naive = new Map<string, NaiveBook>();
  const counts: Counts = {};
  const perSymbol = new Map<string, Counts>();
  for await (const operation of recording.operations()) {
    const key = operation.kind === 'skipped' ? `skipped ${operation.reason}` : operation.kind;
    counts[key] = (counts[key] ?? 0) + 1;
    if (operation.kind === 'refused') continue;
    const { symbol } = operation;
    const own = perSymbol.get(symbol) ?? {};
    perSymbol.set(symbol, own);
    own[key] = (own[key] ?? 0) + 1;
    if (operation.kind !== 'snapshot' && operation.kind !== 'delta') continue;
    if (isNaive(symbol)) {
      if (operation.kind === 'snapshot') naive.set(symbol, new NaiveBook());
      naive.get(symbol)!.apply('bids', operation.bids);
      naive.get(symbol)!.apply('asks', operation.asks);
    }
    const book = books.get(symbol)!;
    changes
      .get(symbol)!
      .add(operation.kind === 'snapshot' ? book.applySnapshot(operation) : book.applyDelta(operation));
  }
  return { books, changes, naive, counts, perSymbol };
}

function assertCounts(of: string, found: Counts, expected: Readonly<Record<string, number>>): void {
  const summary = {
    applied: found['delta'] ?? 0,
    old: found['skipped old'] ?? 0,
    snapshots: found['snapshot'] ?? 0,
    gaps: found['gap'] ?? 0,
    refused: found['refused'] ?? 0,
    awaiting: found['skipped awaiting_snapshot'] ?? 0,
  };
  const wanted = {
    applied: expected['deltasApplied'] ?? 0,
    old: expected['deltasDroppedOld'] ?? 0,
    snapshots: expected['snapshotsUsed'] ?? expected['snapshots'] ?? 0,
    gaps: expected['gaps'] ?? 0,
    refused: 0,
    awaiting: 0,
  };
  assert.deepEqual(summary, wanted, of);
}

function assertBook(symbol: string, found: Levels, expected: ExpectedBook): void {
  assert.deepEqual(
    [found.bids.length, found.asks.length],
    [expected.bidLevels, expected.askLevels],
    `levels of ${symbol}`,
  );
  for (const side of ['bids', 'asks'] as const) {
    const wanted = expected[side].map(([price, size]) => [canonical(price), canonical(size)]);
    assert.deepEqual(found[side].slice(0, wanted.length), wanted, `${symbol} ${side}`);
  }
}

function levelsOf(book: Book): Levels {
  const read = (side: SideView): [string, string][] =>
    Array.from({ length: side.length }, (_, i) => [
      canonical(unitsToText(side.priceAt(i), book.priceScale)),
      canonical(unitsToText(side.sizeAt(i), book.sizeScale)),
    ]);
  return { bids: read(book.bids), asks: read(book.asks) };
}

const canonical = (text: string): string => formatDecimal(parseDecimal(text)!);
