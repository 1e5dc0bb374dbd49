import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { LevelText } from '../../src/book/book.js';
import { formatDecimal, parseDecimal } from '../../src/book/decimal.js';
import { openRecording } from '../../server/recording/recording.js';
import { play } from '../../server/replay/play.js';
import { reportOf, type BookReport } from '../../server/replay/report.js';
import { recordingsFolder } from '../support/recordings.js';

type Counts = Readonly<Record<string, number>>;

/** What an independent replayer found in the same files. */
interface Expected {
  readonly counts: Counts;
  readonly perSymbol: Readonly<Record<string, Counts>>;
  readonly findings: readonly string[];
  readonly books: Readonly<Record<string, BookReport>>;
}

const RECORDINGS: readonly [name: string, venue: string, ...files: string[]][] = [
  [
    'binance_spot_ethusdt',
    'binance-spot',
    'binance/hftbt_spot_ethusdt_20240808.gz',
    'binance/hftbt_spot_ethusdt_20240809.gz',
  ],
  ['binance_usdm_ethusdt', 'binance-usdm', 'binance/hftbt_usdm_ethusdt_20240808.gz'],
  ['binance_spot_2021', 'binance-spot', 'binance/cf_binance_ws.txt.gz'],
  ['binance_tr_2023', 'binance-spot', 'binance/cf_binance_tr_ws.txt.gz'],
  ['binance_coinm_2021', 'binance-coinm', 'binance/cf_binance_delivery_ws.txt.gz'],
  ['coinbase_level2', 'coinbase', 'coinbase/cf_coinbase_ws.txt.gz'],
  ['kraken_v1_book10', 'kraken-v1', 'kraken/pks_kraken_v1_book10.json.gz'],
  ['kraken_v2_book10', 'kraken', 'kraken/pks_kraken_v2_book10.json.gz'],
  ['okx_2022_05_books', 'okx', 'okx/cf_okx_2022-05_ws.txt.gz'],
  ['okex_2021_07_a', 'okx', 'okx/cf_okex_2021-07_ws1.txt.gz'],
  ['okex_2021_07_b', 'okx', 'okx/cf_okex_2021-07_ws2.txt.gz'],
  ['okex_2021_07_c', 'okx', 'okx/cf_okex_2021-07_ws3.txt.gz'],
  ['bybit_v2_linear', 'bybit-v2', 'bybit/cf_bybit_v2_linear_ws.txt.gz'],
  ['deribit_raw', 'deribit', 'deribit/cf_deribit_ws.txt.gz'],
  ['bitget_spot', 'bitget', 'bitget/cf_bitget_spot_ws.txt.gz'],
  ['gateio_spot', 'gateio', 'gateio/cf_gateio_ws.txt.gz'],
  ['bitmex_l2', 'bitmex', 'bitmex/cf_bitmex_ws.txt.gz'],
  ['ftx_2021', 'ftx', 'ftx/cf_ftx_ws.txt.gz'],
  ['hitbtc_v2', 'hitbtc', 'hitbtc/cf_hitbtc_ws.txt.gz'],
];

/** Counts of the independent replayer that are none of ours; and the empty updates of FTX, which it does not count. */
const STRANGE: ReadonlySet<string> = new Set(['republished', 'full25Levels', 'lastUpdateId', 'lastChangeId']);
const isStrange = (key: string, name: string): boolean =>
  STRANGE.has(key) || (key === 'emptyUpdates' && name === 'ftx_2021');

const folder = recordingsFolder();
const skip = folder === undefined ? 'the recordings are not here; TL_RECORDINGS names their folder' : false;
const pathOf = (file: string): string => fileURLToPath(new URL(file, folder));

describe('recordings of real exchanges', { skip }, () => {
  for (const [name, venue, ...files] of RECORDINGS) {
    const absent = [`expected/${name}.json`, ...files].filter((file) => folder && !existsSync(new URL(file, folder)));
    const skipOne = absent.length > 0 && `not here: ${absent.join(', ')}`;
    it(`RC1 ${name}: every count and every final book is the venue's`, { skip: skipOne }, async () => {
      const expected = JSON.parse(readFileSync(new URL(`expected/${name}.json`, folder), 'utf8')) as Expected;
      const found = reportOf(name, await play(files.map(pathOf)));
      assert.equal(found.venue, venue);
      assert.deepEqual(found.findings, expected.findings);

      assertCounts(name, found.counts, expected.counts);
      // The independent replayer does not tell every count by symbol.
      for (const [symbol, counts] of Object.entries(expected.perSymbol)) {
        const { verified: _, state, ...own } = found.perSymbol[symbol]!;
        assert.equal(state, 'ok', symbol);
        const isTold = (key: string): boolean => key in counts;
        assertCounts(symbol, Object.fromEntries(Object.entries(own).filter(([key]) => isTold(key))), counts);
      }

      assert.deepEqual(Object.keys(found.books), Object.keys(expected.books));
      for (const [symbol, book] of Object.entries(expected.books)) {
        assert.deepEqual(canonicalBook(found.books[symbol]!), canonicalBook(book), symbol);
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

  it('RC5 two connections that recorded the same symbols at once are no market to serve', async () => {
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
    for await (const frames of recording.frames()) {
      for (const { atMs } of frames) {
        first ??= atMs;
        assert.ok(atMs >= last, `${atMs} after ${last}`);
        last = atMs;
      }
    }
    assert.equal(first, recording.startMs);
    assert.equal(last, recording.endMs);
    assert.ok(recording.endMs - recording.startMs < 3_600_000, 'an hour at most');
  });
});

/** A count that is absent is 0; but that all snapshots were used is told by the independent replayer only now and then. */
function assertCounts(of: string, found: Readonly<Record<string, number | undefined>>, expected: Counts): void {
  for (const key of new Set([...Object.keys(found), ...Object.keys(expected)])) {
    if (isStrange(key, of)) continue;
    const wanted = expected[key] ?? 0;
    assert.equal(found[key] ?? 0, wanted, `${key} of ${of}`);
  }
}

function canonicalBook({ bids, asks, bidLevels, askLevels }: BookReport): BookReport {
  const canonical = (levels: readonly LevelText[]): LevelText[] =>
    levels.map(([price, size]) => [formatDecimal(parseDecimal(price)!), formatDecimal(parseDecimal(size)!)]);
  return { bids: canonical(bids), asks: canonical(asks), bidLevels, askLevels };
}
