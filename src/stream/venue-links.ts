/**
 * Links to a venue. All of a venue's code is loaded with the first of them. The books of a connection outlive its links;
 * each connection of a stream has its own.
 */
import { lazyLink, type LinkFactory } from './any-link.js';
import type { VenueSourceOptions } from './venue/venue-source.js';

/** Asks for the snapshot of a symbol on one connection. False when that is not possible just now. */
export type AskForBook = (symbol: string, now: number) => boolean;

export function venueLinks(
  name: string,
  src: string,
  options: VenueSourceOptions,
): (askForBook: AskForBook) => LinkFactory {
  const load = async () => (await import('./venue/venue-feed.js')).openVenue(name, src, options);
  let opened: ReturnType<typeof load> | undefined;
  const open = (): ReturnType<typeof load> => {
    opened ??= load();
    // What failed may work the next time.
    opened.catch(() => (opened = undefined));
    return opened;
  };
  return (askForBook) => {
    let links: LinkFactory | undefined;
    return lazyLink(() => open().then((linksOf) => (links ??= linksOf(askForBook))));
  };
}
