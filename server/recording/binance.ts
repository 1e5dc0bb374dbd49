/**
 * Binance: spot, its national sisters, USD-M and COIN-M futures. Updates by socket, the snapshot by HTTP. Sizes are
 * absolute, and removing a level that the snapshot did not reach is normal.
 *
 * Spot numbers every event, so the first id of an update is the last of the one before plus one. Futures skip numbers
 * and send `pu`, the last id of the update before, instead.
 */
import type { LevelText } from '../../src/stream/protocol/messages.js';
import { member, textAt } from './exact-json.js';
import type { Json } from './exact-json.js';
import { SnapshotBridge } from './snapshot-bridge.js';
import type { BridgeRule } from './snapshot-bridge.js';
import { readId, readLevels, readMillis, readTrade } from './venue.js';
import type { FrameReader, Venue, VenueOperation } from './venue.js';

const RULE: BridgeRule = {
  isOld: (update, id) => (update.previous === undefined ? update.last <= id : update.last < id),
  // A futures update may also begin exactly where the snapshot ends; the venue's text forgets that.
  reaches: (update, id) =>
    update.previous === undefined
      ? update.first <= id + 1n && id + 1n <= update.last
      : (update.first <= id && id <= update.last) || update.previous === id,
  follows: (update, last) => (update.previous === undefined ? update.first === last + 1n : update.previous === last),
};

export const binance: Venue = {
  name: 'binance',
  recognises(frame) {
    const event = member(frame, 'data') ?? frame;
    if (textAt(frame, 'stream')?.includes('@')) return true;
    return textAt(event, 'e') === 'depthUpdate' || textAt(frame, 'lastUpdateId') !== undefined;
  },
  start(): FrameReader {
    const bridge = new SnapshotBridge(RULE);
    const symbols = new Set<string>();
    const withTrades = new Set<string>();
    let unnamed: Json | undefined;

    const readSnapshot = (frame: Json, symbol: string): readonly VenueOperation[] => {
      const id = readId(textAt(frame, 'lastUpdateId'));
      const bids = readLevels(member(frame, 'bids'));
      const asks = readLevels(member(frame, 'asks'));
      if (id === undefined || bids === undefined || asks === undefined) {
        return [{ kind: 'refused', reason: `a snapshot of ${symbol} that cannot be read` }];
      }
      return bridge.snapshot(symbol, id, bids, asks, readMillis(textAt(frame, 'E')));
    };

    const readUpdate = (event: Json, symbol: string): readonly VenueOperation[] => {
      symbols.add(symbol);
      const first = readId(textAt(event, 'U'));
      const last = readId(textAt(event, 'u'));
      const previous = readId(textAt(event, 'pu'));
      const bids: readonly LevelText[] | undefined = readLevels(member(event, 'b'));
      const asks: readonly LevelText[] | undefined = readLevels(member(event, 'a'));
      if (first === undefined || last === undefined || bids === undefined || asks === undefined) {
        return [bridge.void(symbol, 'bad_message', 'an update that cannot be read')];
      }
      const update = { first, last, previous, bids, asks, eventTime: readMillis(textAt(event, 'E')) };
      const operations = bridge.update(symbol, update);
      if (unnamed === undefined) return operations;
      const held = unnamed;
      unnamed = undefined;
      return [...operations, ...readSnapshot(held, symbol)];
    };

    return (frame, url) => {
      if (textAt(frame, 'lastUpdateId') !== undefined && textAt(frame, 'stream') === undefined) {
        const symbol = symbolOf(frame, url) ?? onlyOne(symbols);
        if (symbol !== undefined) return readSnapshot(frame, symbol);
        if (symbols.size > 1)
          return [{ kind: 'refused', reason: 'a snapshot that names no symbol, among several symbols' }];
        // A recording of one symbol may begin with its snapshot: the first update will name it.
        unnamed = frame;
        return [];
      }
      const event = member(frame, 'data') ?? frame;
      const symbol = textAt(event, 's');
      const type = textAt(event, 'e');
      if (symbol === undefined) return [];
      if (type === 'depthUpdate') return readUpdate(event, symbol);
      if (type === 'trade') withTrades.add(symbol);
      // Aggregated trades repeat the single ones: of a symbol that has both, only the single ones count.
      if (type !== 'trade' && (type !== 'aggTrade' || withTrades.has(symbol))) return [];
      const aggressor = member(event, 'm') === true ? 'sell' : 'buy';
      const tradeId = textAt(event, type === 'trade' ? 't' : 'a');
      return [
        readTrade(symbol, tradeId, member(event, 'p'), member(event, 'q'), aggressor, readMillis(textAt(event, 'T'))),
      ];
    };
  },
};

const symbolOf = (frame: Json, url: string | undefined): string | undefined =>
  textAt(frame, 'symbol') ?? /[?&]symbol=([^&]+)/.exec(url ?? '')?.[1];

function onlyOne(symbols: ReadonlySet<string>): string | undefined {
  const [first] = symbols;
  return symbols.size === 1 ? first : undefined;
}
