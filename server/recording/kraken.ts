/** Kraken, either socket: frames of the first are lists, those of the second objects. */
import { isList } from './exact-json.js';
import { krakenV1 } from './kraken-v1.js';
import { krakenV2 } from './kraken-v2.js';
import type { FrameReader, Venue } from './venue.js';

export const kraken: Venue = {
  name: 'kraken',
  recognises: (frame) => krakenV1.recognises(frame) || krakenV2.recognises(frame),
  start(): FrameReader {
    const readV1 = krakenV1.start();
    const readV2 = krakenV2.start();
    return (frame) => (isList(frame) ? readV1(frame) : readV2(frame));
  },
};
