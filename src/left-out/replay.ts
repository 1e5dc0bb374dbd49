/** In place of `stream/transport/replay.ts`, in a file that plays no recordings: an address of one can't be used. */
import type { TransportFactory } from '../stream/transport/transport.js';

export const replayTransport: TransportFactory = () => {
  throw new Error('src="replay:…" needs the venues: load touchline-venues.js instead of touchline.js');
};
