/**
 * A venue as all connections of a stream know it: its protocol, what may be asked of it how often, what the page has been
 * told of it. Loaded when a stream names a venue.
 */
import type { Meter } from '../metrics.js';
import type { StreamError } from '../stream-error.js';
import { askText } from '../transport/http.js';
import { nearSymbols } from './near-symbols.js';
import type { SnapshotPace } from './snapshot-desk.js';
import type { AskText, VenueProtocol } from './venue-protocol.js';

export interface VenueSourceOptions {
  readonly meter: Meter;
  /** Default: `fetch`. */
  readonly ask?: AskText | undefined;
  onError(error: StreamError): void;
}

export class VenueSource {
  readonly protocol: VenueProtocol;
  readonly snapshotPace: SnapshotPace = { notBefore: -Infinity };
  readonly meter: Meter;
  readonly #isVenueItself: boolean;
  readonly #options: VenueSourceOptions;
  readonly #told = new Set<string>();
  #epochs = 0;
  #listing: Promise<readonly string[]> | undefined;

  /** `isVenueItself`: we speak to the venue's own address, not to another that the page has named. */
  constructor(protocol: VenueProtocol, isVenueItself: boolean, options: VenueSourceOptions) {
    this.protocol = protocol;
    this.meter = options.meter;
    this.#isVenueItself = isVenueItself;
    this.#options = options;
  }

  get ask(): AskText {
    return this.#options.ask ?? askText;
  }

  /** A name for the numbering of one link. */
  nextEpoch(): string {
    this.#epochs += 1;
    return `venue-${this.#epochs}`;
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
}
