/** In the page: the same run as in Node. The frames come as one text, a frame a line. */
import { binanceUsdm } from '../../src/stream/protocol/binance.js';
import { runVenue, type VenueRun } from '../support/venue-run.js';

Object.assign(globalThis, {
  async runFrames(url: string, rounds: number): Promise<VenueRun> {
    const text = await (await fetch(url)).text();
    return runVenue(binanceUsdm, text.split('\n'), rounds);
  },
});
