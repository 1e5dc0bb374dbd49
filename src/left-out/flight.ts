/** In place of `stream/flight.ts`, in a file that has no flight recorder. */
import type { Flight as RealFlight } from '../stream/flight.js';
import type { TransportFactory } from '../stream/transport/transport.js';

export class Flight implements Pick<RealFlight, keyof RealFlight> {
  tap(make: TransportFactory): TransportFactory {
    return make;
  }

  note(): void {}

  async record(): Promise<string> {
    throw new Error('A recording needs the flight recorder: load touchline-desk.js instead of touchline.js.');
  }
}
