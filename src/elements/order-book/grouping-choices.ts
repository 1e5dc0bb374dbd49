import { formatDecimal, type Decimal } from '../../book/decimal.js';
import type { TickTable } from '../../book/tick-table.js';

/** Multiples of the smallest step that are offered where no tick table is known. */
const STEPS = [1n, 2n, 5n, 10n, 20n, 50n, 100n];

/** The bucket widths that a user may choose from, as price text, the finest first. The first one means: no grouping. */
export function groupingChoices(
  priceScale: number,
  table: TickTable | undefined,
  reference: Decimal | undefined,
): string[] {
  if (reference === undefined) return [];
  const widths = table ? table.groupings(reference) : STEPS.map((units) => ({ units, scale: priceScale }));
  return widths.map((width) => formatDecimal(width));
}
