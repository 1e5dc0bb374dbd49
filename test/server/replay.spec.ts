import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { coinbase } from '../../src/stream/protocol/coinbase.js';
import type { VenueOptions, VenueProtocol, VenueSink } from '../../src/stream/venue/venue-protocol.js';
import { play } from '../../server/replay/play.js';
import { ProgressBar } from '../../server/replay/progress-bar.js';
import { reportOf, type ReplayReport } from '../../server/replay/report.js';
import { summaryOf } from '../../server/replay/summary.js';
import { Tally } from '../../server/replay/tally.js';

/** Frames of Binance, spot, of the symbol `AB`. */
const update = (first: number, last: number, bids: readonly [string, string][] = [['10.0', '1']]): object => ({
  e: 'depthUpdate',
  E: 5,
  s: 'AB',
  U: first,
  u: last,
  b: bids,
  a: [],
});
const answer = (lastUpdateId: number): object => ({
  lastUpdateId,
  symbol: 'AB',
  bids: [['9.50', '1.0']],
  asks: [['11', '2']],
});
const quote = (id: number, bid: string, bidSize: string): object => ({
  u: id,
  s: 'AB',
  b: bid,
  B: bidSize,
  a: '11',
  A: '2',
});
/** Frames of Coinbase. */
const whole = (product = 'X-Y'): object => ({
  type: 'snapshot',
  product_id: product,
  bids: [['1.10', '2']],
  asks: [['1.20', '3']],
});
const change = (price: string, size: string, product = 'X-Y'): object => ({
  type: 'l2update',
  product_id: product,
  changes: [['buy', price, size]],
});

describe('replay', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'replay-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** A recording of frames, or of lines as they are, a second between them. */
  const file = async (name: string, frames: readonly (object | string)[], fromMs = 0): Promise<string> => {
    const path = join(folder, name);
    const lines = frames.map((frame, i) =>
      typeof frame === 'string' ? frame : `${1_700_000_000 + fromMs / 1_000 + i}: ${JSON.stringify(frame)}`,
    );
    const text = `${lines.join('\n')}\n`;
    await writeFile(path, name.endsWith('.gz') ? gzipSync(text) : text);
    return path;
  };
  const reportFor = async (...frames: (object | string)[]): Promise<ReplayReport> =>
    reportOf('test', await play([await file('recording.txt', frames)]));

  it('RP1 tells the counts of all symbols and of each, and the books by symbol as exact decimals', async () => {
    const report = await reportFor(update(1, 2), answer(2), update(3, 4), update(5, 5, [['10.0', '0']]), {
      e: 'other',
    });
    assert.deepEqual(report, {
      name: 'test',
      venue: 'binance-spot',
      counts: {
        frames: 5,
        otherFrames: 1,
        snapshots: 1,
        snapshotsUsed: 1,
        deltas: 3,
        deltasApplied: 2,
        deltasDroppedOld: 1,
        levelSets: 1,
        levelDeletes: 1,
      },
      perSymbol: {
        AB: {
          snapshots: 1,
          snapshotsUsed: 1,
          deltas: 3,
          deltasApplied: 2,
          deltasDroppedOld: 1,
          levelSets: 1,
          levelDeletes: 1,
          verified: 'sequence',
          state: 'ok',
        },
      },
      findings: [],
      books: { AB: { bids: [['9.5', '1']], asks: [['11.0', '2']], bidLevels: 1, askLevels: 1 } },
    });
  });

  it('RP1 of a book the best 25 levels a side are told, and how many there are; symbols are sorted', async () => {
    const many = Array.from({ length: 40 }, (_, i) => [String(100 - i), '1']);
    const report = await reportFor(
      { type: 'snapshot', product_id: 'X-Y', bids: many, asks: [] },
      whole('B-C'),
      whole('__proto__'),
    );
    assert.deepEqual(Object.keys(report.books), ['B-C', 'X-Y', '__proto__']);
    const book = report.books['X-Y']!;
    assert.deepEqual([book.bids.length, book.bids[24], book.bidLevels, book.askLevels], [25, ['76', '1'], 40, 0]);
    assert.equal(report.perSymbol['X-Y']?.verified, 'unverifiable');
  });

  it('RP2 a book that lost a message keeps its last levels, and its state and a finding say so', async () => {
    const report = await reportFor(answer(2), update(3, 4), update(7, 8, [['10.5', '9']]), update(9, 9));
    const { state, gaps, deltas, deltasApplied } = report.perSymbol['AB']!;
    assert.deepEqual(
      { state, gaps, deltas, deltasApplied },
      { state: 'sequence_gap', gaps: 1, deltas: 3, deltasApplied: 1 },
    );
    assert.equal(report.findings.length, 1);
    assert.match(report.findings[0]!, /^AB, frame 3: gap \(sequence\): 7 to 8/);
    assert.deepEqual(report.books['AB']?.bids, [
      ['10.0', '1'],
      ['9.5', '1'],
    ]);
  });

  it('RP2 so does one that a message without sense made void', async () => {
    const report = await reportFor(whole(), change('1.15', 'NaN'), change('1.16', '1'));
    assert.equal(report.perSymbol['X-Y']?.state, 'bad_message');
    assert.deepEqual(report.books['X-Y']?.bids, [['1.1', '2']]);
    assert.equal(report.findings.length, 1);
  });

  it('RP2 a first snapshot without sense is no book', async () => {
    const report = await reportFor({ ...whole(), bids: [['1.10', '-2']] }, change('1.15', '4'));
    assert.equal(report.perSymbol['X-Y']?.state, 'bad_message');
    assert.deepEqual(report.books, {});
  });

  it('RP3 a crossed book is counted and found, and played on', async () => {
    const report = await reportFor(whole(), change('1.30', '1'), change('1.05', '5'), change('1.30', '0'));
    const { state, crossedStates, deltasApplied } = report.perSymbol['X-Y']!;
    assert.deepEqual({ state, crossedStates, deltasApplied }, { state: 'ok', crossedStates: 2, deltasApplied: 3 });
    assert.match(report.findings[0]!, /^X-Y, frame 2: the best bid is not below the best ask$/);
    assert.equal((await reportFor(whole(), change('1.30', '1'))).perSymbol['X-Y']?.state, 'crossed_book');
  });

  it('RP4 a symbol whose snapshot is not there is no finding and has no book', async () => {
    const report = await reportFor(update(1, 2), update(3, 4));
    assert.deepEqual(report.perSymbol, {
      AB: { snapshots: 0, deltas: 2, deltasApplied: 0, verified: 'sequence', state: 'awaiting_snapshot' },
    });
    assert.deepEqual([report.findings, report.books], [[], {}]);
  });

  it('RP5 updates kept for a snapshot are counted once, when they come', async () => {
    const early = Array.from({ length: 1_200 }, (_, i) => update(i + 1, i + 1));
    const { counts, findings } = await reportFor(...early, answer(900));
    assert.deepEqual(
      [counts.deltas, counts.deltasApplied, counts.deltasDroppedOld, findings],
      [1_200, 300, 700, []],
      '200 had to make room',
    );
  });

  it('RP6 the newest quote within an update is compared with the top of the book after it', async () => {
    const { counts } = await reportFor(
      update(1, 2),
      answer(2),
      quote(3, '9', '9'),
      quote(4, '10', '1.00'),
      update(3, 4),
      update(5, 6, [['10.1', '2']]),
      quote(6, '10.1', '3'),
      update(7, 8),
      quote(9, '10.1', '4'),
    );
    const { bookTickers, topVsBookTickerEqual, topVsBookTickerDiffer } = counts;
    assert.deepEqual([bookTickers, topVsBookTickerEqual, topVsBookTickerDiffer], [4, 1, 1]);
    const outside = await reportFor(update(1, 2), answer(2), quote(2, '9.5', '1'), update(3, 4), quote(5, '10', '1'));
    assert.equal(outside.counts.topVsBookTickerEqual, undefined);
    assert.equal(outside.counts.topVsBookTickerDiffer, undefined);
  });

  it('RP7 lines and frames that cannot be read are findings, and the rest is played', async () => {
    const report = await reportFor(whole(), 'rubbish', '1700000001: {"type":', change('1.15', '4'));
    assert.deepEqual(report.findings, [
      '1 lines are no frames; the first: rubbish',
      'frame 2: refused: not JSON; it may have held a change of any book',
    ]);
    assert.equal(report.counts.deltasApplied, 1);
  });

  it('RP7 of one kind and symbol 20 findings are told, and that there are more', async () => {
    const crossed = Array.from({ length: 30 }, (_, i) => change('1.30', String(i + 1)));
    const report = await reportFor(whole(), whole('B-C'), ...crossed, change('9', '1', 'B-C'));
    assert.equal(report.findings.length, 22);
    assert.equal(report.findings[20], 'X-Y, further findings of this kind are left out');
    assert.match(report.findings[21]!, /^B-C/);
    assert.equal(report.counts.crossedStates, 31);
  });

  it('RP7 frames that say nothing of any book are a finding', async () => {
    const path = await file('strange.txt', [{ hello: 'world' }]);
    const { counts, findings } = reportOf('test', await play([path], { venue: 'okx' }));
    assert.deepEqual(findings, ['none of the 1 frames says anything of a book of okx']);
    assert.deepEqual(counts, { frames: 1, otherFrames: 1, snapshots: 0, deltas: 0, deltasApplied: 0 });
  });

  it('RP8 files are one session: overlapping ones are merged, and a later one may go on without a snapshot', async () => {
    const odd = await file('odd.txt', [answer(1), update(3, 3)]);
    const even = await file('even.txt.gz', [update(2, 2), update(4, 4)], 500);
    const later = await file('later.txt', [update(5, 5)], 60_000);
    const { counts, findings } = reportOf('test', await play([later, even, odd]));
    assert.deepEqual([counts.deltasApplied, counts.gaps, findings], [4, undefined, []]);
  });

  it('RP9 the depth is handed to the venue, and a bar is told how far it is', async () => {
    const seen: VenueOptions[] = [];
    const venue: VenueProtocol = {
      ...coinbase,
      start(sink: VenueSink, options: VenueOptions = {}) {
        seen.push(options);
        return coinbase.start(sink, options);
      },
    };
    assert.equal(new Tally(venue, { depth: 10 }).frames, 0);
    assert.deepEqual(seen, [{ depth: 10 }]);

    const parts: number[] = [];
    await play([await file('long.txt', [whole(), change('1.15', '4')])], { onProgress: (part) => parts.push(part) });
    assert.ok(parts.length > 0 && parts.every((part) => part >= 0 && part <= 1), String(parts));
  });

  it('RP10 the summary names the venue, the files, the rates, each symbol and each finding', async () => {
    const path = await file('for-people.txt', [whole(), whole('LONG-NAME'), change('1.15', '4'), change('1.16', 'x')]);
    const text = summaryOf(await play([path]));
    const [title, rates, , headings, first, second] = text.split('\n');
    assert.equal(title, 'coinbase: for-people.txt');
    assert.match(
      rates!,
      /^4 frames in \d+\.\d\d s \([\d,]+ a second\); protocol and books alone \d+\.\d\d s \([\d,]+ a second\)$/,
    );
    assert.match(headings!, /^symbol +updates +applied +verified by +gaps +checksums +levels +state$/);
    assert.match(first!, /^LONG-NAME +0 +0 +unverifiable +0 +- +1 x 1 +ok$/);
    assert.match(second!, /^X-Y +2 +1 +unverifiable +0 +- +2 x 1 +bad_message$/);
    assert.equal(first!.indexOf('0'), headings!.indexOf('updates') + 'updates'.length - 1, 'numbers end in line');
    assert.match(text, /\nFindings: 1\n {2}X-Y, frame 4: a level that makes no sense$/);
    assert.match(summaryOf(await play([await file('good.txt', [whole()])])), /\nNo findings\.$/);
  });

  it('RP10 nothing in a recording reaches the terminal as a command to it', async () => {
    const path = await file('binary.txt', [whole(), '\u001b[2J\u009b31m\u007f']);
    const text = summaryOf(await play([path]));
    assert.match(text, /the first: \\u001b\[2J\\u009b31m\\u007f$/);
  });

  it('RP4 where snapshots come by HTTP and none is there, a note says what is missing', async () => {
    const notes: string[] = [];
    const onNote = (text: string): void => void notes.push(text);
    const { findings, tally } = await play([await file('alone.txt', [update(1, 2), update(3, 4)])], { onNote });
    assert.deepEqual([findings, tally.symbols.get('AB')?.state.suspicion], [[], 'awaiting_snapshot']);
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, /^binance-spot gives snapshots by HTTP, and none is here/);
  });

  it('RP11 the bar is drawn on a terminal only, not more often than one sees, and leaves nothing', () => {
    const written: string[] = [];
    const write = (text: string): void => void written.push(text);
    const nowhere = new ProgressBar({ write });
    nowhere.show(0.5, 0);
    nowhere.clear();
    assert.deepEqual(written, []);
    const bar = new ProgressBar({ isTTY: true, write });
    for (let ms = 0; ms < 250; ms += 10) bar.show(ms / 250, ms);
    bar.clear();
    assert.equal(written.length, 4);
    assert.match(written[2]!, /^\r█+░+ +80 %$/);
    assert.equal(written[3], '\r\u001b[K');
  });

  it('RP12 a checksum is told by how many levels it covers, and a wrong one voids the book', () => {
    const tally = new Tally({
      ...coinbase,
      start: (sink) => ({
        read: (text) =>
          text === 'snapshot'
            ? sink.snapshot(
                'A',
                { bids: [['1', '1']], asks: [] },
                { eventTime: 0, verified: { by: 'checksum', depth: 10 } },
              )
            : sink.delta(
                'A',
                { bids: [['2', '1']], asks: [] },
                { eventTime: 0, checksum: Number(text), checksumOf: () => 7 },
              ),
        subscribe: () => [],
        unsubscribe: () => [],
        resync: () => [],
      }),
    });
    for (const text of ['snapshot', '7', '8']) tally.read(text);
    const played = { protocol: coinbase, files: [], tally, findings: tally.findings, overallMs: 1, playingMs: 1 };
    const { perSymbol, findings } = reportOf('test', played);
    const { verified, state, checksumOk, checksumBad } = perSymbol['A']!;
    assert.deepEqual(
      { verified, state, checksumOk, checksumBad },
      {
        verified: 'checksum to 10',
        state: 'bad_checksum',
        checksumOk: 1,
        checksumBad: 1,
      },
    );
    assert.deepEqual(findings, ['A, frame 3: the checksum differs']);
    assert.match(summaryOf(played), /checksum to 10 +0 +1, 1 bad/);
  });
});
