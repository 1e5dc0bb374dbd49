/** In place of `stream/transport/demo.ts`, in a file without a market: an address of one can't be used. */
import type { TransportFactory } from '../stream/transport/transport.js';

export const demoTransport: TransportFactory = () => {
  throw new Error('src="demo:" needs the market simulator: load touchline-demo.js instead of touchline.js');
};
