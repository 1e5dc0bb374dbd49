/** Recordings of real exchanges in which single updates are lost, repeated, swapped or late. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  BrokenPlay,
  KINDS,
  LOSSES,
  noOutcome,
  WINDOW,
  type Break,
  type Outcome,
  type Proof,
} from '../support/broken-play.js';
import { recordedSession, type RecordedSession } from '../support/recorded-session.js';
import { recordingsFolder } from '../support/recordings.js';

type Recording = readonly [name: string, venue: string, proof: Proof, ...files: string[]];

const RECORDINGS: readonly Recording[] = [
  [
    'binance_spot_ethusdt',
    'binance-spot',
    'sequence',
    'binance/hftbt_spot_ethusdt_20240808.gz',
    'binance/hftbt_spot_ethusdt_20240809.gz',
  ],
  ['binance_usdm_ethusdt', 'binance-usdm', 'sequence', 'binance/hftbt_usdm_ethusdt_20240808.gz'],
  ['binance_spot_2021', 'binance-spot', 'sequence', 'binance/cf_binance_ws.txt.gz'],
  ['binance_tr_2023', 'binance-spot', 'sequence', 'binance/cf_binance_tr_ws.txt.gz'],
  ['binance_coinm_2021', 'binance-coinm', 'sequence', 'binance/cf_binance_delivery_ws.txt.gz'],
  ['deribit_raw', 'deribit', 'sequence', 'deribit/cf_deribit_ws.txt.gz'],
  ['gateio_spot', 'gateio', 'sequence', 'gateio/cf_gateio_ws.txt.gz'],
  ['hitbtc_v2', 'hitbtc', 'sequence', 'hitbtc/cf_hitbtc_ws.txt.gz'],
  ['kraken_v1_book10', 'kraken-v1', 'checksum', 'kraken/pks_kraken_v1_book10.json.gz'],
  ['kraken_v2_book10', 'kraken', 'checksum', 'kraken/pks_kraken_v2_book10.json.gz'],
  ['okx_2022_05_books', 'okx', 'checksum', 'okx/cf_okx_2022-05_ws.txt.gz'],
  ['okex_2021_07_a', 'okx', 'checksum', 'okx/cf_okex_2021-07_ws1.txt.gz'],
  ['okex_2021_07_b', 'okx', 'checksum', 'okx/cf_okex_2021-07_ws2.txt.gz'],
  ['okex_2021_07_c', 'okx', 'checksum', 'okx/cf_okex_2021-07_ws3.txt.gz'],
  ['bitget_spot', 'bitget', 'checksum', 'bitget/cf_bitget_spot_ws.txt.gz'],
  ['ftx_2021', 'ftx', 'checksum', 'ftx/cf_ftx_ws.txt.gz'],
  ['coinbase_level2', 'coinbase', 'nothing', 'coinbase/cf_coinbase_ws.txt.gz'],
  ['bitmex_l2', 'bitmex', 'nothing', 'bitmex/cf_bitmex_ws.txt.gz'],
  ['bybit_v2_linear', 'bybit-v2', 'nothing', 'bybit/cf_bybit_v2_linear_ws.txt.gz'],
];

/** A short run has room for few breaks at a time, and not in every round for one. */
const MOST_ROUNDS = 40;
/** Breaks of one round at most, and of all rounds at least, where there is room for them. */
const MOST_A_ROUND = 140;
const ENOUGH = 90;

const folder = recordingsFolder();
const skip = folder === undefined ? 'the recordings are not here; TL_RECORDINGS names their folder' : false;

const recordingsProvedBy = (proof: Proof): Recording[] => RECORDINGS.filter((recording) => recording[2] === proof);

function missing([, , , ...files]: Recording): string | false {
  const absent = files.filter((file) => folder && !existsSync(new URL(file, folder)));
  return absent.length > 0 && `not here: ${absent.join(', ')}`;
}

describe('broken recordings', { skip }, () => {
  for (const recording of recordingsProvedBy('sequence')) {
    it(`VB1 ${recording[0]}: what is lost or late shows at once`, { skip: missing(recording) }, async () => {
      const outcome = await breakAll(recording);
      for (const kind of LOSSES) assert.equal(outcome[kind].noticed, outcome[kind].broken, kind);
    });
  }

  for (const recording of recordingsProvedBy('checksum')) {
    it(`VB2 ${recording[0]}: no wrong top passes its checksum`, { skip: missing(recording) }, async () => {
      const outcome = await breakAll(recording);
      for (const kind of LOSSES)
        assert.ok(outcome[kind].noticed > 0, `of ${outcome[kind].broken} no ${kind} was noticed`);
    });
  }

  for (const recording of recordingsProvedBy('nothing')) {
    it(`VB3 ${recording[0]}: never called proved, and put right`, { skip: missing(recording) }, async () => {
      await breakAll(recording);
    });
  }
});

/** Breaks updates all over the recording, in as many rounds as it takes to have broken enough of them. */
async function breakAll([name, venue, proof, ...files]: Recording): Promise<Outcome> {
  const recorded = await recordedSession(
    files.map((file) => new URL(file, folder)),
    venue,
  );
  const random = randomFrom(seedOf(name));
  const total = noOutcome();
  let count = 0;
  for (let round = 0; round < MOST_ROUNDS && count < ENOUGH; round++) {
    const play = new BrokenPlay(recorded, proof);
    const breaks = chooseBreaks(recorded, random);
    play.run(breaks);
    count += breaks.length;
    for (const kind of KINDS) {
      total[kind].broken += play.outcome[kind].broken;
      total[kind].noticed += play.outcome[kind].noticed;
    }
  }
  for (const kind of KINDS) assert.ok(total[kind].broken > 0, `no ${kind} was tried`);
  return total;
}

/** Windows that do not overlap, at random places of every run of updates. */
function chooseBreaks({ runs }: RecordedSession, random: (below: number) => number): Break[] {
  const breaks: Break[] = [];
  const updates = [...runs.values()].flat().reduce((sum, run) => sum + run.length, 0);
  const spacing = Math.max(WINDOW, Math.floor((2 * updates) / MOST_A_ROUND));
  for (const [symbol, own] of runs) {
    for (const run of own) {
      // The first update after a snapshot may join it in a way of its own, and is left alone.
      for (let at = 1 + random(spacing); at + WINDOW <= run.length; at += WINDOW + random(spacing)) {
        const window = run.slice(at, at + WINDOW);
        breaks.push({ kind: KINDS[random(KINDS.length)]!, symbol, window, answerAfter: random(4) });
      }
    }
  }
  return breaks;
}

/** Another one for each name. */
function seedOf(name: string): number {
  let seed = 7;
  for (let i = 0; i < name.length; i++) seed = (seed * 31 + name.charCodeAt(i)) | 0;
  return seed;
}

/** Whole numbers below a bound, the same ones for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
