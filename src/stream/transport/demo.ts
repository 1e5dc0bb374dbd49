/**
 * `demo:` is an exchange inside the page, behind the same interface as a socket: a seeded market, the server's side of
 * the protocol, and a timer in place of a network. `demo:?seed=7&rate=30&symbols=20` sets the seed, the crowd's acts a
 * second and symbol, and how many symbols are listed. The same address gives the same market, act by act.
 */
import { Exchange } from '../../sim/index.js';
import type { Clock } from '../clock.js';
import { ServerSession } from '../protocol/session.js';
import type { TransportFactory } from './transport.js';

/** Short enough for the quickest rate that a session serves. */
const STEP_MS = 20;

interface DemoSettings {
  readonly seed: number;
  readonly ratePerSymbol: number | undefined;
  readonly symbols: number | undefined;
}

const numberIn = (query: URLSearchParams, name: string, least: number, most: number): number | undefined => {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most)) {
    throw new TypeError(`demo: ${name} must be a number from ${least} to ${most}, got "${text}".`);
  }
  return value;
};

/** Reads a demo address. Throws a `TypeError` that says what was expected. */
const settingsOf = (src: string): DemoSettings => {
  const query = new URLSearchParams(src.slice(src.indexOf(':') + 1).replace(/^\?/, ''));
  const symbols = numberIn(query, 'symbols', 1, 500);
  return {
    seed: numberIn(query, 'seed', 0, Number.MAX_SAFE_INTEGER) ?? 1,
    ratePerSymbol: numberIn(query, 'rate', 0.01, 1_000),
    symbols: symbols === undefined ? undefined : Math.floor(symbols),
  };
};

/** One market for each address and clock: who reconnects finds his orders again. */
const markets = new WeakMap<Clock, Map<string, Exchange>>();
let sessions = 0;

const marketOf = (src: string, clock: Clock): Exchange => {
  let byAddress = markets.get(clock);
  if (byAddress === undefined) markets.set(clock, (byAddress = new Map()));
  let market = byAddress.get(src);
  if (market === undefined) {
    const { seed, ratePerSymbol, symbols } = settingsOf(src);
    const startMs = clock.now();
    market = new Exchange({
      seed,
      startMs,
      epoch: `demo-${startMs}`,
      ...(ratePerSymbol !== undefined && { ratePerSymbol }),
      ...(symbols !== undefined && { symbols }),
    });
    byAddress.set(src, market);
  }
  return market;
};

export const demoTransport: TransportFactory = (src, events, clock) => {
  const market = marketOf(src, clock);
  let session: ServerSession | undefined;
  let cancelTimer = (): void => {};

  const end = (): void => {
    cancelTimer();
    session?.dispose();
    session = undefined;
  };
  /** Like a network: nothing arrives during the call that caused it. */
  const later = (act: () => void): void => {
    const served = session;
    queueMicrotask(() => {
      if (session === served) act();
    });
  };
  const run = (): void => {
    market.step(clock.now());
    session?.flush();
    if (session !== undefined) cancelTimer = clock.setTimer(run, STEP_MS);
  };

  return {
    open() {
      sessions += 1;
      session = new ServerSession({
        market,
        sessionId: `demo-${sessions}`,
        now: () => clock.now(),
        send: (text) => later(() => events.onMessage(text)),
        close: (code, reason) =>
          later(() => {
            end();
            events.onClose(code, reason);
          }),
      });
      later(() => events.onOpen());
      cancelTimer = clock.setTimer(run, STEP_MS);
    },
    close: end,
    send(text) {
      if (session === undefined) return false;
      const served = session;
      later(() => served.receive(text));
      return true;
    },
  };
};
