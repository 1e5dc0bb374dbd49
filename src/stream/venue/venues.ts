/** All venues by name. Each is loaded when it is first asked for, so that a page pays only for what it names. */
import type { VenueProtocol } from './venue-protocol.js';

const LOADERS = {
  'binance-spot': async () => (await import('../protocol/binance.js')).binanceSpot,
  'binance-usdm': async () => (await import('../protocol/binance.js')).binanceUsdm,
  'binance-coinm': async () => (await import('../protocol/binance.js')).binanceCoinm,
  coinbase: async () => (await import('../protocol/coinbase.js')).coinbase,
  kraken: async () => (await import('../protocol/kraken.js')).kraken,
  'kraken-v1': async () => (await import('../protocol/kraken-v1.js')).krakenV1,
  'kraken-futures': async () => (await import('../protocol/kraken-futures.js')).krakenFutures,
  okx: async () => (await import('../protocol/okx.js')).okx,
  bybit: async () => (await import('../protocol/bybit.js')).bybit,
  'bybit-v2': async () => (await import('../protocol/bybit-v2.js')).bybitV2,
  bitfinex: async () => (await import('../protocol/bitfinex.js')).bitfinex,
  deribit: async () => (await import('../protocol/deribit.js')).deribit,
  bitmex: async () => (await import('../protocol/bitmex.js')).bitmex,
  bitget: async () => (await import('../protocol/bitget.js')).bitget,
  gateio: async () => (await import('../protocol/gateio.js')).gateio,
  'gateio-futures': async () => (await import('../protocol/gateio.js')).gateioFutures,
  kucoin: async () => (await import('../protocol/kucoin.js')).kucoin,
  hitbtc: async () => (await import('../protocol/hitbtc.js')).hitbtc,
  ftx: async () => (await import('../protocol/ftx.js')).ftx,
} satisfies Readonly<Record<string, () => Promise<VenueProtocol>>>;

export type VenueName = keyof typeof LOADERS;

export const VENUE_NAMES = Object.keys(LOADERS) as readonly VenueName[];

/** Other names that people use. */
const ALIASES: Readonly<Record<string, VenueName>> = { binance: 'binance-spot', okex: 'okx', gate: 'gateio' };

/** The name as it stands above, from what a person wrote; undefined when there is no such venue. */
export function venueNamed(text: string): VenueName | undefined {
  const name = text.trim().toLowerCase();
  if (Object.hasOwn(ALIASES, name)) return ALIASES[name];
  return Object.hasOwn(LOADERS, name) ? (name as VenueName) : undefined;
}

/**
 * The venue whose name is made of words of a file's name, the longest such (`cf_okex_ws.txt.gz`, `KRAKEN_FUTURES.ws.1.0`), or
 * undefined.
 */
export function venueInText(text: string): VenueName | undefined {
  const words = text.toLowerCase().split(/[^a-z0-9]+/);
  const pairs = words.slice(1).map((word, i) => `${words[i]}-${word}`);
  for (const candidate of [...pairs, ...words]) {
    const name = venueNamed(candidate);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The venue's protocol. Rejects with a `RangeError` for a name that is none, and as `import` does when its code cannot be had. */
export async function loadVenue(text: string): Promise<VenueProtocol> {
  const name = venueNamed(text);
  if (text === '') throw new RangeError(`Name the venue: venue="…", one of ${VENUE_NAMES.join(', ')}.`);
  if (name === undefined) throw new RangeError(`There is no venue "${text}": known are ${VENUE_NAMES.join(', ')}.`);
  return LOADERS[name]();
}
