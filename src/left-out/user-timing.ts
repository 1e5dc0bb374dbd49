/** In place of `stream/user-timing.ts`, in a file that tells the browser's profiler nothing. */
import type { userTiming as realUserTiming } from '../stream/user-timing.js';

export const userTiming: typeof realUserTiming = () => {
  throw new Error('user-timing needs touchline-desk.js instead of touchline.js');
};
