/** How finely the amounts of a currency are counted. */

/** Decimals of a unit that is no ISO currency, such as a coin: fine enough that rounding never hides a cost. */
const UNLISTED_DECIMALS = 8;

const known = new Map<string, number>();

/** Decimals of a currency's minor unit: 2 for KES, 0 for JPY, 8 for what is not on the ISO list or not told. */
export function minorDecimals(currency: string | undefined): number {
  if (currency === undefined) return UNLISTED_DECIMALS;
  let decimals = known.get(currency);
  if (decimals === undefined) {
    // Asked first, because Intl makes up two decimals for every three letters, and throws for four.
    decimals = Intl.supportedValuesOf('currency').includes(currency)
      ? (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2)
      : UNLISTED_DECIMALS;
    known.set(currency, decimals);
  }
  return decimals;
}
