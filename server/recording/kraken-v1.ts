/**
 * Kraken's first socket: `[channel, {…}, "book-10", "XBT/USD"]`. The book keeps its best levels only, and levels pushed
 * out are not removed by message. A level with a fourth field `r` is repeated, not new. No numbering.
 */
import type { LevelText } from '../../src/stream/protocol/messages.js';
import { DepthCut } from './depth-cut.js';
import { isList, listAt, member, textAt } from './exact-json.js';
import type { Json } from './exact-json.js';
import { SnapshotFed } from './snapshot-fed.js';
import type { Sides } from './snapshot-fed.js';
import { readLevels, readSeconds, readSide, readTrade } from './venue.js';
import type { Dialect, FrameReader } from './venue.js';

export const krakenV1: Dialect = {
  recognises(frame) {
    if (textAt(frame, 'event') === 'subscriptionStatus') return textAt(frame, 'pair') !== undefined;
    return isList(frame) && frame.length >= 4 && isBookChannel(frame.at(-2));
  },
  start(): FrameReader {
    const books = new SnapshotFed();
    const cuts = new Map<string, DepthCut>();

    return (frame) => {
      if (!isList(frame) || frame.length < 4) return [];
      const channel = frame.at(-2);
      const symbol = frame.at(-1);
      if (typeof symbol !== 'string' || typeof channel !== 'string') return [];
      if (channel === 'trade') {
        return listAt(frame, 1).map((trade) => {
          const side = readSide(textAt(trade, 3));
          // Trades have no identifier here.
          return readTrade(symbol, undefined, member(trade, 0), member(trade, 1), side, readSeconds(textAt(trade, 2)));
        });
      }
      if (!isBookChannel(channel)) return [];

      // An update of both sides comes as two objects in one frame.
      const maps = frame.slice(1, -2);
      const time = newestTime(maps);
      if (maps.some((map) => member(map, 'as') !== undefined || member(map, 'bs') !== undefined)) {
        const depth = Number(channel.slice('book-'.length));
        const cut = new DepthCut(depth);
        cuts.set(symbol, cut);
        return [books.snapshot(symbol, cut.cut({ bids: sideOf(maps, 'bs'), asks: sideOf(maps, 'as') }), time, depth)];
      }
      const sides: Sides = { bids: sideOf(maps, 'b'), asks: sideOf(maps, 'a') };
      return [books.delta(symbol, cuts.get(symbol)?.cut(sides) ?? sides, time)];
    };
  },
};

const isBookChannel = (channel: Json | undefined): boolean =>
  typeof channel === 'string' && /^book-[1-9]\d*$/.test(channel);

/** The levels under a name in all objects of the frame, empty when none has it, undefined when one cannot be read. */
function sideOf(maps: readonly Json[], name: string): LevelText[] | undefined {
  const levels: LevelText[] = [];
  for (const map of maps) {
    const list = member(map, name);
    if (list === undefined) continue;
    const side = readLevels(list);
    if (side === undefined) return undefined;
    levels.push(...side);
  }
  return levels;
}

/** Levels carry their own times, seconds with a fraction, in the third field; they are not in order. */
function newestTime(maps: readonly Json[]): number {
  let newest = 0;
  for (const map of maps) {
    for (const name of ['as', 'bs', 'a', 'b']) {
      for (const level of listAt(map, name)) newest = Math.max(newest, readSeconds(textAt(level, 2)));
    }
  }
  return newest;
}
