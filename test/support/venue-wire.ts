/** A stream on a fake wire to a venue, in fake time, with HTTP answers that a test hands in. */
import type { MarketStreamOptions } from '../../src/stream/market-stream-core.js';
import type { AskText, HttpAnswer } from '../../src/stream/venue/venue-protocol.js';
import { loadVenue } from '../../src/stream/venue/venues.js';
import { makeBench, type Bench } from './fake-server.js';

export interface VenueBench extends Bench {
  /** Requests by HTTP, oldest first. */
  readonly asked: string[];
  /** What to answer; by default nothing ever comes. */
  answer: (url: string) => Promise<HttpAnswer> | HttpAnswer;
}

/** Lets promises that are settled go on. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
};

export async function makeVenueBench(venue: string, options: Partial<MarketStreamOptions> = {}): Promise<VenueBench> {
  // Loaded beforehand, so that a test need not wait for files.
  await import('../../src/stream/venue/venue-feed.js');
  await loadVenue(venue);
  const asked: string[] = [];
  const ask: AskText = async (url) => {
    asked.push(url);
    return bench.answer(url);
  };
  const plain = makeBench({ src: '', venue, ask, ...options });
  const { wire } = plain;
  const bench: VenueBench = {
    ...plain,
    asked,
    answer: () => new Promise(() => {}),
  };
  bench.wire.onConnect = (socket) => socket.accept();
  bench.stream.connect();
  for (let i = 0; i < 20_000 && wire.sockets.length === 0; i++) await settle();
  return bench;
}

export const ok = (body: unknown): HttpAnswer => ({ status: 200, text: JSON.stringify(body), retryAfterMs: 0 });
