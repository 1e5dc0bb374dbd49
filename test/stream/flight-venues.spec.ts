import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isTradable } from '../../src/stream/verdict.js';
import { bookOf, decisionsOf, playFlight, recordingOf, textsOf } from '../support/flight.js';
import { recordedSession } from '../support/recorded-session.js';
import { recordingsFolder } from '../support/recordings.js';
import { makeVenueBench } from '../support/venue-wire.js';

const RECORDINGS: readonly [venue: string, ...files: string[]][] = [
  ['binance-spot', 'binance/cf_binance_ws.txt.gz'],
  ['binance-coinm', 'binance/cf_binance_delivery_ws.txt.gz'],
  ['coinbase', 'coinbase/cf_coinbase_ws.txt.gz'],
  ['kraken-v1', 'kraken/pks_kraken_v1_book10.json.gz'],
  ['kraken', 'kraken/pks_kraken_v2_book10.json.gz'],
  ['okx', 'okx/cf_okx_2022-05_ws.txt.gz'],
  ['bybit-v2', 'bybit/cf_bybit_v2_linear_ws.txt.gz'],
  ['deribit', 'deribit/cf_deribit_ws.txt.gz'],
  ['bitget', 'bitget/cf_bitget_spot_ws.txt.gz'],
  ['gateio', 'gateio/cf_gateio_ws.txt.gz'],
  ['bitmex', 'bitmex/cf_bitmex_ws.txt.gz'],
  ['ftx', 'ftx/cf_ftx_ws.txt.gz'],
  ['hitbtc', 'hitbtc/cf_hitbtc_ws.txt.gz'],
];
/** Frames taken of each: enough for books that have changed a few hundred times. */
const MOST_FRAMES = 3_000;

const folder = recordingsFolder();
const skip = folder === undefined ? 'the recordings are not here; TL_RECORDINGS names their folder' : false;

/** Whether a symbol's book is shown as good before the recording's end closes everything. */
const wasGood = (recording: string, symbol: string): boolean => {
  const verdicts = decisionsOf(recording, 'verdict') as [string, string, string][];
  const last = verdicts.filter(([name, state]) => name === symbol && state !== 'disconnected').at(-1);
  return last?.[1] === 'live' || last?.[1] === 'quiet';
};

/** A stream to a venue that has heard a recorded session. */
async function hear(venue: string, files: readonly string[], recorderSize: number) {
  const session = await recordedSession(
    files.map((file) => new URL(file, folder)),
    venue,
  );
  const symbols = [...session.runs.keys()].slice(0, 40);
  const bench = await makeVenueBench(venue, { recorderSize });
  bench.stream.subscribe(symbols, () => {}, { depth: 10 });
  bench.clock.pass(200);
  for (const { text, url } of session.frames.slice(0, MOST_FRAMES)) {
    bench.wire.last.pushText(text, url);
    bench.clock.pass(1);
  }
  return { bench, symbols };
}

describe('a recording of a venue that is played', { skip }, () => {
  for (const [venue, ...files] of RECORDINGS) {
    const skipOne = folder !== undefined && files.some((file) => !existsSync(new URL(file, folder))) && 'not here';
    it(
      `FR11 ${venue}: ends with the live books while all of it is there (${files[0]})`,
      { skip: skipOne },
      async () => {
        const { bench, symbols } = await hear(venue, files, 1e9);
        const text = await recordingOf(bench);
        const { stream, clock } = await playFlight(text, symbols, { want: { depth: 10 } });
        const again = await recordingOf({ stream, clock });
        assert.deepEqual(textsOf(again), textsOf(text), 'byte for byte');
        const good = symbols.filter((symbol) => isTradable(bench.stream.verdict(symbol)));
        assert.ok(good.length > 0, 'something was live');
        for (const symbol of good) {
          assert.deepEqual(bookOf(stream, symbol), bookOf(bench.stream, symbol), symbol);
          assert.ok(wasGood(again, symbol), symbol);
        }
        bench.stream.dispose();
      },
    );

    it(
      `FR12 ${venue}: of one whose beginning is gone, no book is shown as good that is not the live one (${files[0]})`,
      { skip: skipOne },
      async () => {
        for (const recorderSize of [20_000, 100_000, 400_000]) {
          const { bench, symbols } = await hear(venue, files, recorderSize);
          const text = await recordingOf(bench);
          const { stream, clock } = await playFlight(text, symbols, { want: { depth: 10 } });
          const again = await recordingOf({ stream, clock });
          for (const symbol of symbols) {
            if (!wasGood(again, symbol)) continue;
            const [live, played] = [bookOf(bench.stream, symbol), bookOf(stream, symbol)] as {
              bids: unknown;
              asks: unknown;
            }[];
            assert.deepEqual([played!.bids, played!.asks], [live!.bids, live!.asks], symbol);
          }
          bench.stream.dispose();
        }
      },
    );
  }
});
