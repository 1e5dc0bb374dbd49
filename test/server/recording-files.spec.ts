import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openRecording } from '../../server/recording/recording.js';
import type { RecordedOperation } from '../../server/recording/recorded-operation.js';

const SNAPSHOT = '{"type":"snapshot","product_id":"A-B","bids":[["1.10","2"]],"asks":[["1.20","3"]]}';
const CHANGE =
  '{"type":"l2update","product_id":"A-B","changes":[["buy","1.15","4"]],"time":"2021-04-17T16:43:37.075687Z"}';

describe('openRecording', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recording-'));
  });
  after(() => rm(folder, { recursive: true }));

  const file = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  const operationsOf = async (paths: readonly string[]): Promise<RecordedOperation[]> => {
    const recording = await openRecording(paths);
    const operations: RecordedOperation[] = [];
    for await (const operation of recording.operations()) operations.push(operation);
    return operations;
  };

  it('RC10 a plain file and its gzip give the same operations, each time it is played', async () => {
    const lines = `wss://x.y <-> 1618677816.8\nwss://x.y <- 1618677816.9: {"a":1}\n1618677817: ${SNAPSHOT}\n\n1618677818.5: ${CHANGE}`;
    const plain = await openRecording([await file('plain.txt', lines)]);
    const packed = await operationsOf([await file('packed', gzipSync(lines))]);
    const first: RecordedOperation[] = [];
    for await (const operation of plain.operations()) first.push(operation);
    assert.deepEqual(
      first.map(({ kind, atMs }) => [kind, atMs]),
      [
        ['snapshot', 1618677817000],
        ['delta', 1618677818500],
      ],
    );
    assert.deepEqual(packed, first);
    const again: RecordedOperation[] = [];
    for await (const operation of plain.operations()) again.push(operation);
    assert.deepEqual(again, first);
  });

  it('RC11 a file that is missing, a folder, empty, of no known form or cut short is refused with its name and the reason', async () => {
    const packed = gzipSync(`1618677817: ${SNAPSHOT}\n`.repeat(2000));
    const cases: [path: string, code: string, says: RegExp][] = [
      [join(folder, 'nothing.gz'), 'missing', /nothing\.gz: there is no such file/],
      [folder, 'unreadable', /a folder/],
      [await file('empty.txt', ''), 'empty', /empty\.txt: the file is empty/],
      [await file('blank.txt', '\n\n \n'), 'empty', /the file is empty/],
      [await file('novel.txt', 'It was a dark night\n'), 'unknown_format', /novel\.txt.*It was a dark night/],
      [await file('cut.gz', packed.subarray(0, packed.length - 20)), 'truncated', /cut\.gz.*ends too early/],
      [await file('head.gz', packed.subarray(0, 5)), 'truncated', /head\.gz.*ends too early/],
      [
        await file('cut.json', '{"init":{"channel":"book","type":"snapshot","data":[]},"upd'),
        'truncated',
        /ends too early/,
      ],
      [await file('other.txt', '1618677817: {"hello":"world"}\n'), 'unknown_venue', /other\.txt.*known are binance,/],
      [await file('coinbase.txt', '1618677817: {"hello":"world"}\n'), 'no_books', /no order book of coinbase/],
    ];
    for (const [path, code, says] of cases) {
      await assert.rejects(openRecording([path]), { name: 'RecordingError', code, message: says }, path);
    }
    await assert.rejects(openRecording([]), RangeError);
  });

  it('RC12 a venue can be forced, and one that does not exist is refused with the names of those that do', async () => {
    const path = await file('forced.txt', `1618677817: ${SNAPSHOT}\n`);
    assert.equal((await openRecording([path], { venue: 'Coinbase' })).venue, 'coinbase');
    await assert.rejects(openRecording([path], { venue: 'okx' }), { code: 'no_books' });
    await assert.rejects(openRecording([path], { venue: 'nyse' }), {
      code: 'unknown_venue',
      message: /"nyse".*coinbase/,
    });
  });

  it('RC13 damaged lines and frames are passed over and noted, and the rest is played', async () => {
    const notes: string[] = [];
    const content = `1618677817: ${SNAPSHOT}\nrubbish\n1618677818: {"type":\n1618677819: ${CHANGE}\n`;
    const recording = await openRecording([await file('coinbase-damaged.txt', content)], {
      onNote: (text) => notes.push(text),
    });
    const kinds: string[] = [];
    for await (const { kind } of recording.operations()) kinds.push(kind);
    assert.deepEqual(kinds, ['snapshot', 'refused', 'delta']);
    assert.match(notes[0]!, /^1 lines are no frames; the first: rubbish$/);
    assert.match(notes[1]!, /^1 frames were refused; the first: not JSON/);
  });

  it('RC14 files are one session in the order of time, whatever the order they are named in', async () => {
    const early = await file('one.txt', `1618677817: ${SNAPSHOT}\n`);
    const late = await file('two.txt', `1618677818: ${CHANGE}\n1618677819: ${CHANGE}\n`);
    const forwards = await operationsOf([early, late]);
    assert.deepEqual(
      forwards.map(({ kind }) => kind),
      ['snapshot', 'delta', 'delta'],
    );
    assert.deepEqual(await operationsOf([late, early]), forwards);
  });

  it('RC15 a frame is not cut at line ends inside a chunk, nor at separators that JSON text may hold', async () => {
    const frame = SNAPSHOT.replace('{', '{"note":"a\u2028b \\" 1.10 <- c",');
    const [snapshot] = await operationsOf([await file('coinbase-odd.txt', `1618677817: ${frame}\r\n`)]);
    assert.deepEqual(snapshot?.kind === 'snapshot' && snapshot.bids, [['1.10', '2']]);
  });
});
