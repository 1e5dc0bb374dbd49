/** Starts and ends reference exchanges for tests. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { root, withTsx } from '../run.mjs';

const CHILD = fileURLToPath(new URL('./exchange-child.mjs', import.meta.url));
const START_MS = 20_000;

/**
 * @param {Record<string, unknown>} options For the server's `startExchange`; `port` 0 is any free one.
 * @returns {Promise<{url: string, port: number, end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>}>}
 */
export function spawnExchange(options) {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, JSON.stringify({ port: 0, ...options })], {
    cwd: root,
    env: withTsx(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint = (complaint + text).slice(-4000);
  });
  const ended = new Promise((done) => child.once('close', () => done()));
  const end = (signal) => {
    child.kill(signal);
    return ended;
  };
  return new Promise((done, fail) => {
    const timer = setTimeout(() => {
      fail(new Error(`the exchange did not start in ${START_MS} ms\n${complaint}`));
      void end('SIGKILL');
    }, START_MS);
    child.once('message', ({ url, port }) => {
      clearTimeout(timer);
      done({ url, port, end });
    });
    child.once('error', fail);
    child.once('close', (code) => {
      clearTimeout(timer);
      fail(new Error(`the exchange ended with ${code} before it listened\n${complaint}`));
    });
  });
}

/**
 * A Web Test Runner plugin with the commands `exchange:start` (options, answers `{url, port}`), `exchange:kill` (at
 * once, without a goodbye), `exchange:restart` (on the same port, with the same options) and `exchange:stop`.
 * One exchange for each test file; none outlives the run.
 */
export function exchangePlugin() {
  const bySession = new Map();
  const known = (session) => {
    const entry = bySession.get(session.id);
    if (entry === undefined) throw new Error('exchange:start comes first');
    return entry;
  };
  const halt = async (entry, signal) => {
    await entry?.exchange?.end(signal);
    if (entry !== undefined) entry.exchange = undefined;
  };
  const begin = async (entry) => {
    entry.exchange = await spawnExchange(entry.options);
    const { url, port } = entry.exchange;
    entry.options = { ...entry.options, port };
    return { url, port };
  };
  return {
    name: 'touchline:exchange',
    async executeCommand({ command, payload, session }) {
      switch (command) {
        case 'exchange:start': {
          await halt(bySession.get(session.id), 'SIGKILL');
          const entry = { options: payload ?? {}, exchange: undefined };
          bySession.set(session.id, entry);
          return begin(entry);
        }
        case 'exchange:kill':
          await halt(known(session), 'SIGKILL');
          return true;
        case 'exchange:stop':
          await halt(known(session), 'SIGTERM');
          return true;
        case 'exchange:restart': {
          const entry = known(session);
          await halt(entry, 'SIGKILL');
          return begin(entry);
        }
        default:
          return undefined;
      }
    },
    async serverStop() {
      await Promise.all([...bySession.values()].map((entry) => halt(entry, 'SIGKILL')));
    },
  };
}
