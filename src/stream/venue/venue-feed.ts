/** One connection to a venue: the books of its symbols, which outlive every link. */
import type { AnyLink, LinkFactory } from '../any-link.js';
import { Link } from '../link.js';
import { OWN_PROTOCOL } from '../own-protocol.js';
import { recordedVenue } from '../transport/replay.js';
import { VenueKeeper, type KeeperHost } from './venue-keeper.js';
import { VenueLink } from './venue-link.js';
import { VenueSource, type VenueSourceOptions } from './venue-source.js';
import { loadVenue, venueInText } from './venues.js';

export class VenueFeed {
  readonly source: VenueSource;
  readonly #askForBook: KeeperHost['ask'];
  readonly #keepers = new Map<string, VenueKeeper>();

  constructor(source: VenueSource, askForBook: KeeperHost['ask']) {
    this.source = source;
    this.#askForBook = askForBook;
  }

  /** The keeper of a symbol's book, made when it is first asked for. */
  keeperOf(symbol: string): VenueKeeper {
    let keeper = this.#keepers.get(symbol);
    if (keeper === undefined) this.#keepers.set(symbol, (keeper = new VenueKeeper(symbol, this.#keeperHost())));
    return keeper;
  }

  /** The keeper of a symbol that somebody wants on this link. */
  wantedKeeper(symbol: string): VenueKeeper | undefined {
    const keeper = this.#keepers.get(symbol);
    return keeper?.isExpected === true ? keeper : undefined;
  }

  /** The last lease of a symbol has gone. */
  forget(symbol: string): void {
    this.#keepers.delete(symbol);
  }

  #keeperHost(): KeeperHost {
    const { protocol, meter } = this.source;
    return {
      asksForSnapshots: protocol.limits.snapshotsPerMinute !== undefined,
      verified: protocol.verified,
      ask: this.#askForBook,
      countFault(isGap) {
        meter.counts.resyncs += 1;
        if (isGap) meter.counts.gaps += 1;
      },
    };
  }
}

/**
 * Loads a venue, and makes the links of one connection after the other; those of one connection share its books. Where
 * nobody has named it, a recording says whose it is, or the name of its file does; one of ours may be of no venue at all,
 * but of our own protocol.
 */
export async function openVenue(
  name: string,
  src: string,
  options: VenueSourceOptions,
): Promise<(askForBook: KeeperHost['ask']) => LinkFactory> {
  const named = name || (await recordedVenue(src)) || (venueInText(src) ?? '');
  if (named === OWN_PROTOCOL) {
    return () =>
      (...link): AnyLink =>
        new Link(...link);
  }
  const source = new VenueSource(await loadVenue(named), src === '', options);
  return (askForBook) => {
    const feed = new VenueFeed(source, askForBook);
    return (linkOptions, _pings, events): AnyLink => new VenueLink(feed, linkOptions, events);
  };
}
