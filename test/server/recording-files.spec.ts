import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { inspectFile } from '../../server/recording/frame-file.js';
import { mergeFrames } from '../../server/recording/merge-frames.js';
import { openRecording, type Recording, type TimedFrame } from '../../server/recording/recording.js';

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
  const framesOf = async (recording: Recording): Promise<TimedFrame[]> => {
    const all: TimedFrame[] = [];
    for await (const frames of recording.frames()) all.push(...frames);
    return all;
  };
  const played = async (...paths: string[]): Promise<TimedFrame[]> => framesOf(await openRecording(paths));

  it('RC10 a plain file and its gzip give the same frames, each time it is played', async () => {
    const lines = `wss://x.y <-> 1618677816.8\nwss://x.y <- 1618677816.9: {"a":1}\n1618677817: ${SNAPSHOT}\n\n1618677818.5: ${CHANGE}`;
    const plain = await openRecording([await file('plain.txt', lines)]);
    const first = await framesOf(plain);
    assert.deepEqual(first, [
      { text: SNAPSHOT, atMs: 1618677817000 },
      { text: CHANGE, atMs: 1618677818500 },
    ]);
    assert.deepEqual(await played(await file('packed', gzipSync(lines))), first);
    assert.deepEqual(
      await played(await file('marked.txt', `\uFEFF${lines}`)),
      first,
      'a byte order mark is no part of it',
    );
    assert.deepEqual(await framesOf(plain), first);
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
      [
        await file('other.txt', '1618677817: {"hello":"world"}\n'),
        'unknown_venue',
        /other\.txt.*known are binance-spot,/,
      ],
      [await file('coinbase.txt', '1618677817: {"hello":"world"}\n'), 'no_books', /no order book of coinbase/],
    ];
    for (const [path, code, says] of cases) {
      await assert.rejects(openRecording([path]), { name: 'RecordingError', code, message: says }, path);
    }
    await assert.rejects(openRecording([]), RangeError);
  });

  it('RC12 a venue can be forced, but not upon the frames of another one', async () => {
    const path = await file('forced.txt', `1618677817: ${SNAPSHOT}\n`);
    assert.equal((await openRecording([path], { venue: 'Coinbase' })).protocol.name, 'coinbase');
    await assert.rejects(openRecording([path], { venue: 'okx' }), {
      code: 'other_venue',
      message: /forced\.txt: a recording of coinbase, not of okx/,
    });
    const strange = await file('strange.txt', '1618677817: {"hello":"world"}\n');
    await assert.rejects(openRecording([strange], { venue: 'okx' }), { code: 'no_books' });
  });

  it('RC12 a venue that does not exist is refused with the names of those that do, those like it first', async () => {
    const path = await file('refused.txt', `1618677817: ${SNAPSHOT}\n`);
    const messageFor = async (venue: string): Promise<string> => {
      const error: unknown = await openRecording([path], { venue }).catch((refusal: unknown) => refusal);
      assert.ok(error instanceof Error);
      return error.message;
    };
    assert.match(await messageFor('nyse'), /^there is no venue "nyse"; known are binance-spot, .*coinbase/);
    assert.match(await messageFor('coinbsae'), /; did you mean coinbase\? known are/);
    assert.match(await messageFor('okx-v5'), /; did you mean okx\? known are/);
    assert.match(await messageFor('binanc'), /did you mean binance-spot or binance-usdm or binance-coinm\?/);
  });

  it('RC12 the first word of a name means any venue that begins with it', async () => {
    const update = (pu: string): string =>
      `1618677817: {"e":"depthUpdate","E":1,"s":"AB","U":1,"u":2,${pu}"b":[],"a":[]}\n`;
    const snapshot = '1618677816: {"lastUpdateId":1,"symbol":"AB","bids":[["1","1"]],"asks":[]}\n';
    for (const [pu, name] of [
      ['', 'binance-spot'],
      ['"pu":0,', 'binance-usdm'],
      ['"pu":0,"ps":"AB",', 'binance-coinm'],
    ] as const) {
      const path = await file(`${name}.txt`, snapshot + update(pu));
      assert.equal((await openRecording([path], { venue: 'binance' })).protocol.name, name);
      assert.equal((await openRecording([path])).protocol.name, name);
    }
    const futures = join(folder, 'binance-usdm.txt');
    await assert.rejects(openRecording([futures], { venue: 'binance-spot' }), { code: 'other_venue' });
  });

  it('RC13 damaged lines and frames are passed over and noted, and the rest is played', async () => {
    const notes: string[] = [];
    const content = `1618677817: ${SNAPSHOT}\nrubbish\n1618677818: {"type":\n1618677819: ${CHANGE}\n`;
    const recording = await openRecording([await file('coinbase-damaged.txt', content)], {
      onNote: (text) => notes.push(text),
    });
    assert.deepEqual(
      (await framesOf(recording)).map(({ text }) => text),
      [SNAPSHOT, '{"type":', CHANGE],
    );
    assert.match(notes[0]!, /^1 lines are no frames; the first: rubbish$/);
    assert.match(notes[1]!, /^1 frames were refused; the first: not JSON/);
  });

  it('RC14 files are one session in the order of time, whatever the order they are named in', async () => {
    const early = await file('one.txt', `1618677817: ${SNAPSHOT}\n1618677819: ${CHANGE}\n`);
    const late = await file('two.txt', `1618677820: ${CHANGE}\n1618677821: ${CHANGE}\n`);
    const forwards = await played(early, late);
    assert.deepEqual(
      forwards.map(({ atMs }) => atMs - 1618677800000),
      [17_000, 19_000, 20_000, 21_000],
    );
    assert.deepEqual(await played(late, early), forwards);
  });

  it('RC14 a file that is named twice is refused: its updates would be played twice', async () => {
    const path = await file('once.txt', `1618677817: ${SNAPSHOT}\n1618677819: ${CHANGE}\n`);
    await assert.rejects(openRecording([path, path]), { code: 'overlap', message: /once\.txt: named twice/ });
  });

  it('RC14 files that overlap are merged, and one without times has its place in the order given', async () => {
    const frame = (number: number): string => `{"number":${number}}`;
    const timed = (...numbers: number[]): string =>
      numbers.map((number) => `${1618677800 + Math.floor(number)}: ${frame(number)}\n`).join('');
    const odd = await file('odd.txt', timed(1, 3, 5, 7));
    const even = await file('even.txt', timed(2, 3.5, 6));
    const untimed = await file('untimed.json', `{"init":${frame(100)},"updates":[${frame(101)}]}`);
    const after = await file('after.txt', timed(4, 9));
    const order = async (...paths: string[]): Promise<number[]> => {
      const numbers: number[] = [];
      for await (const { entries } of mergeFrames(await Promise.all(paths.map(inspectFile)))) {
        for (const entry of entries) numbers.push('text' in entry ? Number(/[\d.]+/.exec(entry.text)) : NaN);
      }
      return numbers;
    };
    assert.deepEqual(await order(odd, even, untimed, after), [1, 2, 3, 3.5, 5, 6, 7, 100, 101, 4, 9]);
    assert.deepEqual(await order(untimed, even, odd), [100, 101, 1, 2, 3.5, 3, 5, 6, 7]);
  });

  it('RC3 HTTP answers are found for each way in which recordings are named', async () => {
    const answer =
      'https://api.binance.com/api/v3/depth?symbol=AB -> 1618677816: {"lastUpdateId":1,"bids":[["1","1"]],"asks":[]}\n';
    const update = '1618677817: {"e":"depthUpdate","E":1,"s":"AB","U":2,"u":2,"b":[],"a":[]}\n';
    const names = [
      ['a_ws.txt', 'a_http.txt'],
      ['b_ws2.txt', 'b_http.txt.gz'],
      ['c_ws.txt.gz', 'c_http.txt'],
      ['D.ws.1.0', 'D.http.0.0'],
      ['E.ws.5.0', 'E.http.4.0'],
      ['f.ws.txt', 'f.http.txt'],
      ['G.ws.3.0.gz', 'G.http.0.0.gz'],
    ] as const;
    for (const [socket, http] of names) {
      await file(http, http.endsWith('.gz') ? gzipSync(answer) : answer);
      const path = await file(socket, socket.endsWith('.gz') ? gzipSync(update) : update);
      assert.deepEqual((await openRecording([path])).symbols, ['AB'], socket);
    }
    await file('h_http.txt', answer);
    const given = await file('other_http.txt', answer.replace('"1","1"', '"2","2"'));
    const frames = await played(await file('h_ws.txt', update), given);
    assert.match(frames[0]!.text, /"2","2"/, 'none is looked for when one was given');
  });

  it('RC5 HTTP answers among the updates are no second recording', async () => {
    const answers = [6, 8].map(
      (second) =>
        `https://api.binance.com/api/v3/depth?symbol=AB -> 161867781${second}: {"lastUpdateId":${second},"bids":[["1","1"]],"asks":[]}\n`,
    );
    const updates = [7, 8, 9].map(
      (id) => `161867781${id}.5: {"e":"depthUpdate","E":1,"s":"AB","U":${id},"u":${id},"b":[],"a":[]}\n`,
    );
    const paths = [await file('among_http.txt', answers.join('')), await file('among_ws.txt', updates.join(''))];
    assert.deepEqual((await openRecording(paths)).symbols, ['AB']);
  });

  it('RC15 a frame is not cut at line ends inside a chunk, nor at separators that JSON text may hold', async () => {
    const frame = SNAPSHOT.replace('{', '{"note":"a\u2028b \\" 1.10 <- c",');
    const [snapshot] = await played(await file('coinbase-odd.txt', `1618677817: ${frame}\r\n`));
    assert.equal(snapshot?.text, frame);
  });
});
