/**
 * A venue as the far end of a stream: its protocol, and the books of all symbols, which outlive every link. Loaded when a
 * stream names a venue.
 */
import type { AnyLink, LinkFactory } from '../any-link.js';
import { Link } from '../link.js';
import type { Meter } from '../metrics.js';
import { OWN_PROTOCOL } from '../own-protocol.js';
import type { StreamError } from '../stream-error.js';
import { askText } from '../transport/http.js';
import { recordedVenue } from '../transport/replay.js';
import { nearSymbols } from './near-symbols.js';
import type { SnapshotPace } from './snapshot-desk.js';
import { VenueKeeper, type KeeperHost } from './venue-keeper.js';
import { VenueLink } from './venue-link.js';
import type { AskText, VenueProtocol } from './venue-protocol.js';
import { loadVenue, venueInText } from './venues.js';

export interface VenueFeedOptions {
  readonly meter: Meter;
  /** Default: `fetch`. */
  readonly ask?: AskText | undefined;
  onError(error: StreamError): void;
  /** A symbol's snapshot must be asked for. False when that is not possible just now. */
  askForBook(symbol: string, now: number): boolean;
}

export class VenueFeed {
  readonly protocol: VenueProtocol;
  readonly snapshotPace: SnapshotPace = { notBefore: -Infinity };
  readonly #isVenueItself: boolean;
  readonly #options: VenueFeedOptions;
  readonly #keepers = new Map<string, VenueKeeper>();
  readonly #told = new Set<string>();
  #epochs = 0;
  #listing: Promise<readonly string[]> | undefined;

  /** `isVenueItself`: we speak to the venue's own address, not to another that the page has named. */
  constructor(protocol: VenueProtocol, isVenueItself: boolean, options: VenueFeedOptions) {
    this.protocol = protocol;
    this.#isVenueItself = isVenueItself;
    this.#options = options;
  }

  get ask(): AskText {
    return this.#options.ask ?? askText;
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

  /** A name for the numbering of one link. */
  nextEpoch(): string {
    this.#epochs += 1;
    return `venue-${this.#epochs}`;
  }

  /** The last lease of a symbol has gone. */
  forget(symbol: string): void {
    this.#keepers.delete(symbol);
  }

  /** Says, once a symbol, that the venue does not know it, and which ones it may have been meant. */
  async tellUnknown(symbol: string): Promise<void> {
    if (this.#told.has(symbol)) return;
    this.#told.add(symbol);
    const near = nearSymbols(symbol, await this.#known());
    const hint = near.length === 0 ? '' : ` Near ones: ${near.join(', ')}.`;
    this.tell('unknown_symbol', `${this.protocol.name} does not know "${symbol}".${hint}`);
  }

  /** Says something to the page, once. */
  tell(code: StreamError['code'], message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.#options.onError({ code, message });
  }

  /** What the venue lists; empty where it lists nothing, cannot be asked from here, or is not who we speak to. */
  #known(): Promise<readonly string[]> {
    const { listing } = this.protocol;
    if (listing === undefined || !this.#isVenueItself) return Promise.resolve([]);
    this.#listing ??= this.ask(listing.url)
      .then(({ text }) => listing.read(text))
      .catch(() => []);
    return this.#listing;
  }

  #keeperHost(): KeeperHost {
    const options = this.#options;
    return {
      asksForSnapshots: this.protocol.limits.snapshotsPerMinute !== undefined,
      verified: this.protocol.verified,
      ask: (symbol, now) => options.askForBook(symbol, now),
      countFault(isGap) {
        options.meter.counts.resyncs += 1;
        if (isGap) options.meter.counts.gaps += 1;
      },
    };
  }
}

/**
 * Loads a venue. Its links, one after the other, share its books. Where nobody has named it, a recording says whose it is,
 * or the name of its file does; one of ours may be of no venue at all, but of our own protocol.
 */
export async function openVenue(name: string, src: string, options: VenueFeedOptions): Promise<LinkFactory> {
  const named = name || (await recordedVenue(src)) || (venueInText(src) ?? '');
  if (named === OWN_PROTOCOL) return (...link): AnyLink => new Link(...link);
  const feed = new VenueFeed(await loadVenue(named), src === '', options);
  return (linkOptions, _pings, events): AnyLink => new VenueLink(feed, linkOptions, events);
}
