/**
 * What the market lists: five shares of the Nairobi Securities Exchange and a fictional sixth, or as many made-up ones
 * as a load test wants. Names and prices are fixed, never drawn, so that every run lists the same.
 */
import { unitsToText } from '../book/decimal.js';
import type { Instrument } from '../book/instrument.js';

/** Prices have cents, sizes are whole shares. */
export const PRICE_SCALE = 2;
export const LOT_SIZE = 100;
export const CURRENCY = 'KES';

/** The exchange's price steps: from this price on, this tick. */
export const NSE_TICK_TABLE = [
  ['0', '0.01'],
  ['5', '0.02'],
  ['10', '0.05'],
  ['50', '0.25'],
  ['500', '1'],
  ['1000', '5'],
] as const satisfies Instrument['tickTable'];

/** Orders further than this from the reference price are refused, in percent. */
const PRICE_BAND_PERCENT = 10;

/** An instrument and the price of the day before, in cents, from which its change and its band are counted. */
export interface Offering {
  readonly instrument: Instrument;
  readonly referencePrice: number;
}

const KENYAN: readonly (readonly [symbol: string, name: string, cents: number])[] = [
  ['SCOM', 'Safaricom PLC', 17_50],
  ['KCB', 'KCB Group PLC', 32_00],
  ['EQTY', 'Equity Group Holdings PLC', 48_00],
  ['NCBA', 'NCBA Group PLC', 47_00],
  ['ABSA', 'Absa Bank Kenya PLC', 15_00],
  ['SAFCOM', 'Safcom Towers PLC (fictional)', 28_00],
];

/**
 * The first `count` offerings: the six, then `SYM001` and on. Their reference prices walk through every band of the
 * tick table, so that a load test meets all of them.
 */
export const offerings = (count: number = KENYAN.length): Offering[] => {
  const list = KENYAN.slice(0, count).map(([symbol, name, cents]) => offering(symbol, name, cents, OFFERED));
  for (let i = list.length; i < count; i++) {
    const number = i - KENYAN.length + 1;
    const symbol = `SYM${String(number).padStart(3, '0')}`;
    list.push(offering(symbol, `Listed Company ${number}`, madeUpPrice(number)));
  }
  return list;
};

/** From 2.50 to about 1,700, growing by a seventh each time and starting again. All of them lie on a tick. */
const madeUpPrice = (number: number): number => {
  const raw = 2_50 * (8 / 7) ** ((number * 7) % 50);
  const tick = raw < 10_00 ? 2 : raw < 50_00 ? 5 : raw < 500_00 ? 25 : raw < 1000_00 ? 100 : 500;
  return Math.round(raw / tick) * tick;
};

/** What the six offer beyond the plain orders. */
const OFFERED = { postOnly: true, icebergMinShare: '0.25', bracket: 'buy' } as const satisfies Partial<Instrument>;

const offering = (
  symbol: string,
  name: string,
  referencePrice: number,
  offered: Partial<Instrument> = {},
): Offering => {
  const reach = Math.floor((referencePrice * PRICE_BAND_PERCENT) / 100);
  return {
    referencePrice,
    instrument: {
      symbol,
      name,
      currency: CURRENCY,
      tickTable: NSE_TICK_TABLE,
      lotSize: String(LOT_SIZE),
      priceBand: [unitsToText(referencePrice - reach, PRICE_SCALE), unitsToText(referencePrice + reach, PRICE_SCALE)],
      phase: 'continuous',
      orderTypes: ['market', 'limit', 'stop', 'stop_limit'],
      timesInForce: ['day', 'gtc', 'ioc', 'fok'],
      takerFee: '0.0012',
      makerFee: '0',
      ...offered,
    },
  };
};
