/** A ticker as it is kept: exact text from whatever the wire had. */
import { formatDecimal, fromNumber, parseDecimal } from '../book/decimal.js';
import type { Ticker } from './market-stream.js';
import type { TickerData, WireNumber } from './protocol/messages.js';

/** The optional figures, in the guide's order. */
const FIGURES = ['volume', 'high', 'low', 'change', 'changePercent'] as const;

/** Text stays as it was written. A JSON number becomes the shortest text that means the same number. */
const exactText = (value: WireNumber | null | undefined): string | undefined => {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return parseDecimal(value) === undefined ? undefined : value;
  const decimal = fromNumber(value);
  return decimal === undefined ? undefined : formatDecimal(decimal);
};

/** Undefined when the price is no number that can be kept exactly. Any other figure like that is left out. */
export const readTicker = (data: TickerData, receiveTime: number): Ticker | undefined => {
  const price = exactText(data.price);
  if (price === undefined) return undefined;
  const figures: Partial<Record<(typeof FIGURES)[number], string>> = {};
  for (const name of FIGURES) {
    const text = exactText(data[name]);
    if (text !== undefined) figures[name] = text;
  }
  return { symbol: data.symbol, price, ...figures, eventTime: data.timestamp ?? 0, receiveTime };
};

/** Whether two rows say the same, whenever they came. */
export const isSameRow = (a: Ticker, b: Ticker): boolean =>
  a.price === b.price && a.eventTime === b.eventTime && FIGURES.every((name) => a[name] === b[name]);
