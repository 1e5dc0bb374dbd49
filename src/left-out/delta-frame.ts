/** In place of `stream/protocol/delta-frame.ts`, in a file for pages with few books: every frame goes the long way, with the same end. */
import type { giveBack as realGiveBack, readDeltas as realReadDeltas } from '../stream/protocol/delta-frame.js';

export const readDeltas: typeof realReadDeltas = () => undefined;
export const giveBack: typeof realGiveBack = () => {};
