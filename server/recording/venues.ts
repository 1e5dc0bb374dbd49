/** All venues whose recordings can be played, and which of them a frame belongs to. */
import { binance } from './binance.js';
import { bitget } from './bitget.js';
import { bitmex } from './bitmex.js';
import { bybit } from './bybit.js';
import { coinbase } from './coinbase.js';
import { deribit } from './deribit.js';
import type { Json } from './exact-json.js';
import { ftx } from './ftx.js';
import { gateio } from './gateio.js';
import { hitbtc } from './hitbtc.js';
import { kraken } from './kraken.js';
import { okx } from './okx.js';
import type { Venue } from './venue.js';

export const VENUES: readonly Venue[] = [
  binance,
  bitget,
  bitmex,
  bybit,
  coinbase,
  deribit,
  ftx,
  gateio,
  hitbtc,
  kraken,
  okx,
];

/** Words of file names and of `--venue` that are not the name itself. */
const ALIASES: ReadonlyMap<string, Venue> = new Map([
  ['okex', okx],
  ['gate', gateio],
]);

/** The venue of that name, or undefined. Case does not matter. */
export function venueNamed(name: string): Venue | undefined {
  const wanted = name.toLowerCase();
  return VENUES.find((venue) => venue.name === wanted) ?? ALIASES.get(wanted);
}

/** The only venue that knows a frame of this shape, or undefined. */
export function venueOfFrame(frame: Json): Venue | undefined {
  const candidates = VENUES.filter((venue) => venue.recognises(frame));
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** The venue whose name is a word of the file's name (`cf_okex_ws.txt.gz`), or undefined. */
export function venueOfFileName(fileName: string): Venue | undefined {
  for (const word of fileName.toLowerCase().split(/[^a-z0-9]+/)) {
    const venue = venueNamed(word);
    if (venue !== undefined) return venue;
  }
  return undefined;
}
