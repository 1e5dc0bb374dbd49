import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openRecording } from '../../server/recording/recording.js';
import { play } from '../../server/replay/play.js';
import { reportOf } from '../../server/replay/report.js';
import { summaryOf } from '../../server/replay/summary.js';
import { delta, makeBench, snapshot } from '../support/fake-server.js';
import { bookOf, recordingOf } from '../support/flight.js';
import { ServedWire } from '../support/served-wire.js';
import { makeVenueBench, ok, settle } from '../support/venue-wire.js';

describe('a flight recording on the command line', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flight-'));
  });
  after(() => rm(folder, { recursive: true }));
  const file = async (text: string | Uint8Array, name = 'flight.jsonl'): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };

  it('FR15 one of our own protocol gives the usual report, with the live books, wherever it begins', async () => {
    for (const seconds of [5, 200]) {
      const bench = makeBench();
      const served = new ServedWire(bench, { symbols: 2, rate: 20 });
      bench.stream.subscribe(['SCOM', 'KCB'], () => {}, { depth: 10 });
      served.pass(seconds * 1_000);
      const played = await play([await file(gzipSync(await recordingOf(bench)), 'flight.jsonl.gz')]);
      const report = reportOf('flight', played);
      assert.equal(report.venue, 'touchline');
      assert.deepEqual(report.findings, []);
      for (const symbol of ['SCOM', 'KCB']) {
        assert.equal(report.perSymbol[symbol]?.state, 'ok');
        assert.equal(report.perSymbol[symbol]?.verified, 'sequence');
        const { bids, asks } = bookOf(bench.stream, symbol) as { bids: unknown; asks: unknown };
        const { bids: b, asks: a } = report.books[symbol]!;
        assert.deepEqual([b.map((level) => level.map(Number)), a.map((level) => level.map(Number))], [bids, asks]);
      }
      assert.match(summaryOf(played), /^touchline: flight\.jsonl\.gz\n/);
      bench.stream.dispose();
    }
  });

  it('FR15 what was wrong in it is found', async () => {
    const frames = [
      snapshot('SCOM', 1),
      delta('SCOM', 1, 2, [['17.45', '5']], [], { checksum: 1 }),
      snapshot('SCOM', 3),
      delta('SCOM', 4, 5),
      snapshot('SCOM', 4),
      { type: 'market_data_batch', data: [delta('SCOM', 5, 6, [['17.40', '7']]), { symbol: 'SCOM', price: '1' }, 1] },
    ];
    const lines = [
      JSON.stringify({ 'touchline-flight': 1, venue: 'touchline' }),
      ...frames.map((frame, i) => JSON.stringify({ at: 1_700_000_000_000 + i, on: 1, in: JSON.stringify(frame) })),
      JSON.stringify({ at: 1, on: 1, in: 'no json' }),
      JSON.stringify({ at: 1, on: 1, in: 5 }),
      'no line',
    ];
    const { findings, perSymbol, books } = reportOf('x', await play([await file(lines.join('\n'))]));
    assert.deepEqual(findings, [
      '2 lines are no frames; the first: {"at":1,"on":1,"in":5}',
      'SCOM, frame 2: the checksum differs',
      'SCOM, frame 4: gap (sequence): 4 to 5 of e1 does not join 3 of e1',
      'frame 6: refused: not_an_object; it may have held a change of any book',
      'frame 7: refused: bad_json; it may have held a change of any book',
    ]);
    assert.deepEqual([perSymbol['SCOM']?.gaps, perSymbol['SCOM']?.checksumBad, perSymbol['SCOM']?.state], [1, 1, 'ok']);
    assert.deepEqual(books['SCOM']?.bids, [
      ['17.50', '100'],
      ['17.40', '7'],
    ]);
  });

  it('FR15 one of a venue is the venue’s, whatever the file is called, and its HTTP answers are in it', async () => {
    const bench = await makeVenueBench('binance');
    bench.answer = () => ok({ lastUpdateId: 10, bids: [['100.00', '1']], asks: [['100.50', '2']] });
    bench.stream.subscribe(['BTCUSDT'], () => {});
    bench.clock.pass(100);
    bench.wire.last.push({
      e: 'depthUpdate',
      E: bench.clock.now(),
      s: 'BTCUSDT',
      U: 9,
      u: 11,
      b: [['99', '5']],
      a: [],
    });
    for (let i = 0; i < 10; i++, bench.clock.pass(100)) await settle();
    assert.equal(bench.stream.verdict('BTCUSDT').state, 'live');
    const path = await file(await recordingOf(bench), 'kraken.jsonl');
    const report = reportOf('x', await play([path]));
    assert.deepEqual([report.venue, report.counts.snapshotsUsed, report.counts.deltasApplied], ['binance-spot', 1, 1]);
    assert.deepEqual(report.books['BTCUSDT']?.bids, [
      ['100.0', '1'],
      ['99.0', '5'],
    ]);
    // The reference exchange can serve it as a market too.
    assert.deepEqual((await openRecording([path])).symbols, ['BTCUSDT']);
    bench.stream.dispose();
  });
});
