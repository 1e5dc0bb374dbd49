/**
 * The guide's own backend on this machine: its consumer behind daphne and Redis, and a market that moves the prices in its
 * table (test/peer). Nothing of it outlives the process that started it.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../tools/run.mjs';
import { Daemon, freePort, spawnLeashed } from './daemon.js';

const FOLDER = join(root, 'test/peer');
const PACKAGES = 'python3-django python3-django-channels python3-channels-redis daphne redis-server';
/** The system's own Python has the packages where another one comes first. */
const PYTHONS = ['python3', '/usr/bin/python3'];
/** Length of a step of the market, and where in it the time of a row lies. */
const TENTH_MS = 100;
/** Is listed, and never moves. */
export const STILL = 'STILL';
const NAMES = ['SCOM', 'KCB', 'EQTY', 'ABSA', 'NCBA', STILL];

const runs = (command: string, args: readonly string[]): boolean => spawnSync(command, args).status === 0;

const pythonOfPeer = (): string | undefined =>
  PYTHONS.find((python) => runs(python, ['-c', 'import channels, channels_redis, daphne, django']));

/** Why there can be no peer here, in one line; undefined when there can. */
export function peerRefusal(): string | undefined {
  const isThere = runs('setpriv', ['--version']) && runs('redis-server', ['--version']) && pythonOfPeer() !== undefined;
  return isThere ? undefined : `not installed: ${PACKAGES}`;
}

/** A row of the table, as far as tests look at it. */
export interface PeerRow {
  readonly price: number;
  readonly timestamp: number;
}

export class DjangoPeer {
  readonly redis: Daemon;
  readonly daphne: Daemon;
  /** Every stock that is listed. */
  readonly symbols: readonly string[];
  readonly #folder = mkdtempSync(join(tmpdir(), 'touchline-peer-'));
  readonly #market;
  readonly #answers: AsyncIterableIterator<string>;
  #marketWords = '';
  #isResting = false;

  /** Starts all of it. `stocks`: how many are listed, at least six. */
  static async start(stocks = NAMES.length): Promise<DjangoPeer> {
    const peer = new DjangoPeer(stocks, await freePort(), await freePort());
    try {
      await peer.#answer();
      await Promise.all([peer.redis.start(), peer.daphne.start()]);
      return peer;
    } catch (error) {
      await peer.stop();
      throw error;
    }
  }

  private constructor(stocks: number, redisPort: number, port: number) {
    const more = Array.from({ length: stocks - NAMES.length }, (_, i) => `S${String(i).padStart(3, '0')}`);
    this.symbols = [...NAMES, ...more];
    const command = pythonOfPeer() ?? '';
    const env = {
      ...process.env,
      PEER_DATABASE: join(this.#folder, 'peer.sqlite3'),
      PEER_REDIS_PORT: String(redisPort),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONPATH: FOLDER,
    };
    const cwd = this.#folder;
    const server = ['-m', 'daphne', '-b', '127.0.0.1', '-p', String(port), 'peer.asgi:application'];
    const keeper = ['--bind', '127.0.0.1', '--port', String(redisPort), '--save', '', '--appendonly', 'no'];
    this.daphne = new Daemon(port, { command, args: server, cwd, env });
    this.redis = new Daemon(redisPort, { command: 'redis-server', args: keeper, cwd });
    this.#market = spawnLeashed({ command, args: [join(FOLDER, 'move_prices.py'), ...this.symbols], cwd, env });
    this.#market.stderr?.on('data', (data: Buffer) => {
      this.#marketWords = (this.#marketWords + data.toString()).slice(-4_000);
    });
    this.#answers = createInterface({ input: this.#market.stdout! })[Symbol.asyncIterator]();
  }

  /** Whether the prices stand still. */
  get isResting(): boolean {
    return this.#isResting;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.daphne.port}/ws/market/`;
  }

  /** The prices stand still from now on. Says what the table has. */
  rest(): Promise<ReadonlyMap<string, PeerRow>> {
    this.#isResting = true;
    return this.#tell('rest');
  }

  /** The prices move again. */
  async go(): Promise<void> {
    await this.#tell('go');
    this.#isResting = false;
  }

  /** Takes a stock out of the table, or puts it back. */
  async list(symbol: string, isListed: boolean): Promise<void> {
    await this.#tell(`${isListed ? 'list' : 'delist'} ${symbol}`);
  }

  /** Whether the market ever showed this price of a stock under this time. */
  isTrue(symbol: string, { price, timestamp }: PeerRow): boolean {
    const index = this.symbols.indexOf(symbol);
    const tenth = Math.floor(timestamp / TENTH_MS);
    return Math.round(price * 100) === 1_000 + 100 * index + ((7 * tenth + 13 * index) % 997);
  }

  /** Ends everything. Safe to call twice. */
  async stop(): Promise<void> {
    const isOver = this.#market.exitCode !== null || this.#market.signalCode !== null;
    const gone = isOver ? undefined : once(this.#market, 'exit');
    this.#market.kill('SIGKILL');
    await Promise.all([gone, this.daphne.end('SIGKILL'), this.redis.end('SIGKILL')]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #tell(command: string): Promise<ReadonlyMap<string, PeerRow>> {
    this.#market.stdin?.write(`${command}\n`);
    return new Map(Object.entries(await this.#answer()));
  }

  async #answer(): Promise<Record<string, PeerRow>> {
    const { done, value } = await this.#answers.next();
    if (done === true) throw new Error(`the market of the peer ended: ${this.#marketWords}`);
    return JSON.parse(value) as Record<string, PeerRow>;
  }
}
