/**
 * `POST /api/phase`, for drills: puts a symbol into a phase. It has no login, so only this computer may ask, and only a program
 * or a page of this very server: a page of another origin is refused, also one whose name was made to lead here.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TradingPhase } from '../src/book/instrument.js';
import { JournalError } from './journal/journal-error.js';

const MAX_BYTES = 1_024;
const PHASES: readonly TradingPhase[] = ['pre_open', 'auction', 'continuous', 'halted', 'closed'];

/** A market whose phases can be set. Throws a RangeError for a symbol that is not listed. */
export interface PhasedMarket {
  setPhase(symbol: string, phase: TradingPhase, nowMs: number): void;
}

/** Answers a request to the path. Rejects with a JournalError when nobody can tell whether the phase was kept. */
export type PhaseRoute = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Whether a name or address is this computer and no other can reach it. */
export const isLoopbackHost = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

export const phaseRoute =
  (market: PhasedMarket): PhaseRoute =>
  async (request, response) => {
    const say = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
      response.end(JSON.stringify(value));
    };
    if (!isFromHere(request)) return say(403, { error: 'only from this computer, and from no page of another origin' });
    // A page can send this type to another origin only after asking, which is refused.
    const [type] = (request.headers['content-type'] ?? '').split(';');
    if (type?.trim().toLowerCase() !== 'application/json') return say(415, { error: 'the body is application/json' });
    const text = await bodyOf(request);
    if (text === undefined) return say(413, { error: `the body has at most ${MAX_BYTES} bytes` });
    const wish = read(text);
    if (wish === undefined) return say(400, { error: `the body is {"symbol", "phase"}, of ${PHASES.join(', ')}` });
    try {
      market.setPhase(wish.symbol, wish.phase, Date.now());
    } catch (error) {
      if (error instanceof JournalError) throw error;
      return say(error instanceof RangeError ? 404 : 503, { error: (error as Error).message });
    }
    say(200, wish);
  };

const isFromHere = ({ socket, headers: { host, origin } }: IncomingMessage): boolean => {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const name = (host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return isLoopbackHost(address) && isLoopbackHost(name) && (origin === undefined || origin === `http://${host}`);
};

/** Undefined when it is too long. */
const bodyOf = async (request: IncomingMessage): Promise<string | undefined> => {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length <= MAX_BYTES) parts.push(part);
  }
  return length > MAX_BYTES ? undefined : Buffer.concat(parts).toString();
};

const read = (text: string): { readonly symbol: string; readonly phase: TradingPhase } | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { symbol, phase } = value as Readonly<Record<string, unknown>>;
  const known = PHASES.find((name) => name === phase);
  return typeof symbol === 'string' && known !== undefined ? { symbol, phase: known } : undefined;
};
