/**
 * Gate.io v4: updates by socket, numbered from `U` to `u` without holes, and a snapshot with its `id` by HTTP. Spot
 * levels are lists, those of futures objects.
 */
import type { LevelText } from '../../src/stream/protocol/messages.js';
import { isList, member, textAt } from './exact-json.js';
import type { Json } from './exact-json.js';
import { SnapshotBridge } from './snapshot-bridge.js';
import type { BridgeRule } from './snapshot-bridge.js';
import { readId, readLevels, readMillis, readSeconds, readSide, readTrade } from './venue.js';
import type { FrameReader, Venue, VenueOperation } from './venue.js';

const RULE: BridgeRule = {
  isOld: (update, id) => update.last <= id,
  reaches: (update, id) => update.first <= id + 1n && id + 1n <= update.last,
  follows: (update, last) => update.first === last + 1n,
};

export const gateio: Venue = {
  name: 'gateio',
  recognises: (frame) =>
    /^(spot|futures|options)\./.test(textAt(frame, 'channel') ?? '') && textAt(frame, 'event') !== undefined,
  start(): FrameReader {
    const bridge = new SnapshotBridge(RULE);

    const readUpdate = (update: Json): readonly VenueOperation[] => {
      const symbol = textAt(update, 's');
      if (symbol === undefined) return [{ kind: 'refused', reason: 'an update that names no symbol' }];
      const first = readId(textAt(update, 'U'));
      const last = readId(textAt(update, 'u'));
      const bids = readBookSide(member(update, 'b'));
      const asks = readBookSide(member(update, 'a'));
      if (first === undefined || last === undefined || bids === undefined || asks === undefined) {
        return [bridge.void(symbol, 'bad_message', 'an update that cannot be read')];
      }
      const eventTime = readMillis(textAt(update, 't'));
      return bridge.update(symbol, { first, last, previous: undefined, bids, asks, eventTime });
    };

    return (frame, url) => {
      if (url !== undefined) {
        const symbol = /[?&](?:currency_pair|contract)=([^&]+)/.exec(url)?.[1];
        if (symbol === undefined || !url.includes('/order_book')) return [];
        const id = readId(textAt(frame, 'id'));
        const bids = readBookSide(member(frame, 'bids'));
        const asks = readBookSide(member(frame, 'asks'));
        if (id === undefined || bids === undefined || asks === undefined) {
          return [{ kind: 'refused', reason: `a snapshot of ${symbol} that cannot be read` }];
        }
        return bridge.snapshot(symbol, id, bids, asks, readSnapshotTime(textAt(frame, 'current')));
      }
      const channel = textAt(frame, 'channel');
      const result = member(frame, 'result');
      if (result === undefined || textAt(frame, 'event') !== 'update') return [];
      if (channel?.endsWith('.order_book_update')) return readUpdate(result);
      if (channel === 'spot.trades') return [readSpotTrade(result)];
      return [];
    };
  },
};

/** An absent side is an empty one. */
const readBookSide = (levels: Json | undefined): LevelText[] | undefined =>
  levels === undefined || levels === null || (isList(levels) && levels.length === 0)
    ? []
    : (readLevels(levels) ?? readLevels(levels, 'p', 's'));

/** Spot counts milliseconds here, futures seconds with a fraction. */
const readSnapshotTime = (current: string | undefined): number =>
  current?.includes('.') ? readSeconds(current) : readMillis(current);

const readSpotTrade = (trade: Json): VenueOperation =>
  readTrade(
    textAt(trade, 'currency_pair'),
    textAt(trade, 'id'),
    member(trade, 'price'),
    member(trade, 'amount'),
    readSide(textAt(trade, 'side')),
    readMillis(textAt(trade, 'create_time_ms')),
  );
