import { parseDecimal, toUnits } from '../../book/decimal.js';
import type { Decimal } from '../../book/decimal.js';
import type { TickTable } from '../../book/tick-table.js';
import { warnOnce } from '../internal/warn.js';
import type { Bar, Column } from './side-picture.js';

/**
 * The attributes as a page wrote them, read into what the picture needs. A value that makes no sense is told once and
 * its default is used; it is never clamped to something that the page did not say.
 */
export const DEFAULT_DEPTH = 10;
const LARGEST_DEPTH = 1000;
const COLUMNS: readonly Column[] = ['price', 'size', 'total', 'notional'];
const DEFAULT_COLUMNS: readonly Column[] = ['price', 'size', 'total'];
const BARS: readonly Bar[] = ['total', 'size', 'notional', 'none'];
const LAYOUTS = ['auto', 'stacked', 'side-by-side'] as const;

export function readDepth(element: Element, depth: number): number {
  if (Number.isInteger(depth) && depth >= 1 && depth <= LARGEST_DEPTH) return depth;
  warnOnce(element, 'depth', depth, `a whole number from 1 to ${LARGEST_DEPTH}`);
  return DEFAULT_DEPTH;
}

export function readColumns(element: Element, text: string): readonly Column[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  const columns = names.filter((name): name is Column => (COLUMNS as readonly string[]).includes(name));
  if (columns.length === names.length && new Set(columns).size === columns.length && columns.length > 0) return columns;
  warnOnce(element, 'columns', text, `some of "${COLUMNS.join(' ')}", each once`);
  return DEFAULT_COLUMNS;
}

/** One of the allowed words; the first of them stands in for any other. */
function readWord<W extends string>(element: Element, name: string, word: string, allowed: readonly W[]): W {
  const found = allowed.find((one) => one === word);
  if (found === undefined) warnOnce(element, name, word, `one of ${allowed.join(', ')}`);
  return found ?? allowed[0]!;
}

export const readBar = (element: Element, bar: string): Bar => readWord(element, 'bar', bar, BARS);

/** Whether the sides stand beside each other. */
export function readLayout(element: Element, layout: string, isWide: boolean): boolean {
  const read = readWord(element, 'layout', layout, LAYOUTS);
  return read === 'auto' ? isWide : read === 'side-by-side';
}

/**
 * The width of a price bucket in the book's price units, 0 for none. It has to be a whole number of ticks in the band of
 * the reference price, else a bucket's price could not be ordered at.
 */
export function readGrouping(
  element: Element,
  text: string,
  priceScale: number,
  table: TickTable | undefined,
  reference: Decimal | undefined,
): number {
  if (text === '') return 0;
  const units = toUnits(text, priceScale);
  const isWidth = Number.isSafeInteger(units) && units > 0;
  const tick = table && reference ? table.tickAt(reference) : undefined;
  const tickUnits = tick ? Number(tick.units) * 10 ** (priceScale - tick.scale) : 1;
  if (isWidth && units % tickUnits === 0) return units;
  const rule = parseDecimal(text) === undefined ? 'a price, as "0.05"' : 'a whole number of ticks';
  warnOnce(element, 'grouping', text, rule);
  return 0;
}
