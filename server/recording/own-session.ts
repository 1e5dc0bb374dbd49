/**
 * Our own protocol in the shape of a venue's, so that a recording of it is read, played and counted like any other. Its
 * books are numbered: a change that does not follow the one before is a gap, and the book is void until its next snapshot.
 */
import { isRecord } from '../../src/stream/protocol/shape.js';
import { checkServerMessage, parseServerMessage } from '../../src/stream/protocol/guards-server.js';
import type { BookDeltaMessage, BookSnapshotMessage, ServerMessage } from '../../src/stream/protocol/messages.js';
import { OWN_PROTOCOL } from '../../src/stream/own-protocol.js';
import { BY_SEQUENCE } from '../../src/stream/verdict.js';
import type { VenueProtocol, VenueSession, VenueSink } from '../../src/stream/venue/venue-protocol.js';

/** Where a book stands; `early`: changes kept while its snapshot is awaited. */
interface Place {
  epoch: string;
  seq: number;
  isGood: boolean;
  early: BookDeltaMessage[];
}

/** Changes that are kept for a snapshot, as many as a stream keeps. */
const MOST_EARLY = 1_000;

class OwnSession implements VenueSession {
  readonly #sink: VenueSink;
  readonly #places = new Map<string, Place>();

  constructor(sink: VenueSink) {
    this.#sink = sink;
  }

  read(text: string): void {
    const result = parseServerMessage(text);
    if (result.ok) this.#take(result.message);
    else if (result.reason !== 'unknown_type') this.#sink.refused(result.reason, result.suspect !== undefined);
  }

  subscribe(): readonly string[] {
    return [];
  }

  unsubscribe(): readonly string[] {
    return [];
  }

  resync(): readonly string[] {
    return [];
  }

  #take(message: ServerMessage): void {
    switch (message.type) {
      case 'market_data_batch':
        for (const entry of message.data) this.#takeEntry(entry);
        break;
      case 'subscription_confirmed':
        for (const { symbol, code } of message.data.rejected ?? []) this.#sink.rejected(symbol, code, code);
        break;
      case 'order_book_snapshot':
        this.#snapshot(message);
        break;
      case 'order_book_delta':
        this.#delta(message);
        break;
      case 'trade': {
        const { symbol, tradeId, price, quantity: size, aggressor, timestamp: eventTime } = message.data;
        this.#sink.trade?.({ symbol, tradeId, price, size, aggressor, eventTime });
        break;
      }
      case 'error':
        this.#sink.complained(message.data.code, message.data.message);
        break;
      default:
    }
  }

  /** A bare row is no book's. */
  #takeEntry(entry: unknown): void {
    if (isRecord(entry) && !Object.hasOwn(entry, 'type')) return;
    const result = checkServerMessage(entry);
    if (result.ok) this.#take(result.message);
    else if (result.reason !== 'unknown_type') this.#sink.refused(result.reason, result.suspect !== undefined);
  }

  #snapshot({ epoch, seq, data }: BookSnapshotMessage): void {
    const { symbol, depth, timestamp: eventTime } = data;
    const place = this.#placeOf(symbol);
    if (place.isGood && epoch === place.epoch && seq < place.seq) return this.#sink.skipped(symbol, 'old_snapshot');
    const change = this.#sink.snapshot(symbol, data, { eventTime, verified: BY_SEQUENCE, depth });
    const { early } = place;
    Object.assign(place, { epoch, seq, isGood: change === 'applied' || change === 'crossed', early: [] });
    for (const message of early) if (message.epoch === epoch) this.#delta(message);
  }

  #delta(message: BookDeltaMessage): void {
    const { epoch, prevSeq, seq, data } = message;
    const { symbol, timestamp: eventTime, checksum } = data;
    const place = this.#placeOf(symbol);
    if (!place.isGood) return this.#keep(place, message);
    if (epoch === place.epoch && seq <= place.seq) return this.#sink.skipped(symbol, 'old');
    if (epoch !== place.epoch || prevSeq !== place.seq) {
      place.isGood = false;
      this.#sink.gap(
        symbol,
        'sequence',
        `${prevSeq} to ${seq} of ${epoch} does not join ${place.seq} of ${place.epoch}`,
      );
      return this.#keep(place, message);
    }
    const change = this.#sink.delta(symbol, data, { eventTime, checksum });
    place.seq = seq;
    place.isGood = change === 'applied' || change === 'crossed';
  }

  #keep(place: Place, message: BookDeltaMessage): void {
    place.early.push(message);
    this.#sink.skipped(message.data.symbol, 'early');
    if (place.early.length <= MOST_EARLY) return;
    place.early.shift();
    this.#sink.skipped(message.data.symbol, 'overrun');
  }

  #placeOf(symbol: string): Place {
    let place = this.#places.get(symbol);
    if (place === undefined) this.#places.set(symbol, (place = { epoch: '', seq: 0, isGood: false, early: [] }));
    return place;
  }
}

export const ownProtocol: VenueProtocol = {
  name: OWN_PROTOCOL,
  url: '',
  limits: { symbols: Infinity, messagesPerSecond: Infinity },
  verified: BY_SEQUENCE,
  recognises: () => false,
  start: (sink) => new OwnSession(sink),
};
