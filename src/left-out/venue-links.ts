/** In place of `stream/venue-links.ts`, in a file that has no venues: a stream of one is closed, and says why. */
import type { venueLinks as realVenueLinks } from '../stream/venue-links.js';

export const venueLinks: typeof realVenueLinks = () => () => (_options, _pings, events) => ({
  dialect: undefined,
  welcome: undefined,
  lifeMs: Infinity,
  open: () =>
    events.onUnusable(new Error('venue="…" needs the venues: load touchline-venues.js instead of touchline.js')),
  close() {},
  send: () => false,
  isLate: () => true,
  probe() {},
});
