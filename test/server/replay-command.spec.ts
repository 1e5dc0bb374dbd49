import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { UsageError } from '../../server/command-line.js';
import { parseReplayCommandLine, USAGE } from '../../server/replay/command-line.js';
import { root, withTsx } from '../../tools/run.mjs';

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as npm runs it, its arguments after it. */
async function replay(args: readonly string[], env: NodeJS.ProcessEnv = {}, input?: string): Promise<Outcome> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'server/replay/main.ts', ...args], {
    cwd: root,
    env: withTsx({ ...process.env, npm_lifecycle_event: undefined, ...env }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // Nobody may be there to read it.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

const SNAPSHOT = '1700000000: {"type":"snapshot","product_id":"X-Y","bids":[["1.10","2"]],"asks":[["1.20","3"]]}\n';
const CHANGE = '1700000001: {"type":"l2update","product_id":"X-Y","changes":[["buy","1.15","4"]]}\n';
const ANSWER = 'https://api.binance.com/api/v3/depth?symbol=AB -> 1700000000: {"lastUpdateId":1,"bids":[],"asks":[]}\n';
const UPDATE = '1700000001: {"e":"depthUpdate","E":1,"s":"AB","U":2,"u":2,"b":[["1","1"]],"a":[]}\n';

describe('the replay command', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'replay-'));
  });
  after(() => rm(folder, { recursive: true }));
  const file = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };

  it('RP20 its options are read', () => {
    assert.deepEqual(parseReplayCommandLine(['a', '--venue', 'okx', 'b', '--depth', '25', '--json']), {
      files: ['a', 'b'],
      venue: 'okx',
      depth: 25,
      isJson: true,
    });
    assert.deepEqual(parseReplayCommandLine(['a']), { files: ['a'], isJson: false });
    assert.equal(parseReplayCommandLine(['--help']), undefined);
    for (const line of USAGE.split('\n')) assert.ok(line.length <= 120, line);
  });

  it('RP20 a mistake is explained', () => {
    const mistakes: [string[], RegExp][] = [
      [[], /at least one file/],
      [['--json'], /at least one file/],
      [['a', '--depth', '0'], /--depth is a whole number from 1 to/],
      [['a', '--depth', 'ten'], /got "ten"/],
      [['a', '--deep'], /--deep/],
    ];
    for (const [args, message] of mistakes) {
      assert.throws(
        () => parseReplayCommandLine(args),
        (error) => error instanceof UsageError && message.test(error.message),
        args.join(' '),
      );
    }
  });

  it('RP21 with --json exactly one document is on stdout, and notes are on stderr', async () => {
    await file('x_http.txt', ANSWER);
    const { code, stdout, stderr } = await replay(['--json', await file('x_ws.txt.gz', gzipSync(UPDATE))]);
    assert.equal(code, 0, stderr);
    const { name, venue, counts } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual([name, venue], ['x_ws', 'binance-spot']);
    assert.deepEqual(counts, {
      frames: 1,
      otherFrames: 0,
      snapshots: 1,
      snapshotsUsed: 1,
      deltas: 1,
      deltasApplied: 1,
      levelSets: 1,
    });
    assert.equal(stderr, 'snapshots by HTTP are taken from x_http.txt beside it\n');
  });

  it('RP22 what it found is not its exit code, and a path is taken from where npm was called', async () => {
    await file('crossed.txt', SNAPSHOT + CHANGE.replace('1.15', '1.25'));
    const { code, stdout, stderr } = await replay(['crossed.txt'], { npm_lifecycle_event: 'replay', INIT_CWD: folder });
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^coinbase: crossed\.txt\n2 frames in .*\n\nsymbol .*\n.*crossed_book\n\nFindings: 1\n/);
  });

  it('RP23 what cannot be played is one sentence on stderr, nothing on stdout and 1', async () => {
    const packed = gzipSync(SNAPSHOT + CHANGE.repeat(5_000));
    const coinbase = await file('coinbase.txt', SNAPSHOT + CHANGE);
    const cases: [string[], RegExp][] = [
      [[await file('cut.gz', packed.subarray(0, packed.length - 30))], /cut\.gz: the gzip file ends too early/],
      [[coinbase, '--venue', 'okx'], /coinbase\.txt: a recording of coinbase, not of okx/],
      [[coinbase, '--venue', 'nyse'], /there is no venue "nyse"; known are binance-spot, /],
      [[join(folder, 'nothing.txt')], /nothing\.txt: there is no such file/],
    ];
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = await replay(['--json', ...args]);
      assert.deepEqual([code, stdout], [1, ''], stderr);
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    }
    const { code, stdout, stderr } = await replay(['--depth', '0', coinbase]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^--depth is .*\n\nUsage: npm run --silent replay/);
  });

  it('RP23 a pipe is refused with a sentence: a recording is read more than once', async () => {
    const { code, stdout, stderr } = await replay(['--json', '/dev/stdin'], {}, SNAPSHOT);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^\/dev\/stdin: a pipe; .*\n$/);
  });

  it('RP24 help is on stdout', async () => {
    const { code, stdout, stderr } = await replay(['--help']);
    assert.deepEqual([code, stdout, stderr], [0, `${USAGE}\n`, '']);
  });
});
