/** Links to a venue. All of a venue's code is loaded with the first of them, and its books outlive them. */
import { lazyLink, type LinkFactory } from './any-link.js';
import type { VenueFeedOptions } from './venue/venue-feed.js';

export function venueLinks(name: string, src: string, options: VenueFeedOptions): LinkFactory {
  let opened: Promise<LinkFactory> | undefined;
  return lazyLink(() => {
    opened ??= import('./venue/venue-feed.js').then(({ openVenue }) => openVenue(name, src, options));
    // What failed may work the next time.
    opened.catch(() => (opened = undefined));
    return opened;
  });
}
