/** How finely the amounts of a currency are counted. */

/** Decimals of a unit that is no ISO currency, such as a coin: fine enough that rounding never hides a cost. */
const UNLISTED_DECIMALS = 8;

const known = new Map<string, number>();

/** The currencies of ISO 4217 whose minor unit is no hundredth. Intl does not tell them: it has the digits of everyday use. */
const NOT_TWO: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
]);

/** Decimals of a currency's minor unit: 2 for KES, 0 for JPY, 8 for what is not on the ISO list or not told. */
export function minorDecimals(currency: string | undefined): number {
  if (currency === undefined) return UNLISTED_DECIMALS;
  let decimals = known.get(currency);
  if (decimals === undefined) {
    decimals = NOT_TWO.get(currency) ?? (Intl.supportedValuesOf('currency').includes(currency) ? 2 : UNLISTED_DECIMALS);
    known.set(currency, decimals);
  }
  return decimals;
}
