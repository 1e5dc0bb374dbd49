/** Which of a venue's symbols did somebody mean who wrote one that it does not know? */

/** Letters and digits only: venues differ in the rest (`BTC/USD`, `BTC-USD`, `tBTCUSD`). */
const bare = (symbol: string): string => symbol.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** Names that venues give to one and the same asset. */
const SAME: readonly (readonly [RegExp, string])[] = [
  [/XBT/g, 'BTC'],
  [/XDG/g, 'DOGE'],
];

const canonical = (symbol: string): string => SAME.reduce((text, [from, to]) => text.replace(from, to), bare(symbol));

/** The nearest, best first, at most `most`; none when nothing is like it. */
export function nearSymbols(wanted: string, known: readonly string[], most = 3): string[] {
  const target = canonical(wanted);
  const worst = Math.max(1, Math.floor(target.length / 3));
  return known
    .map((symbol) => ({ symbol, distance: distanceOf(target, canonical(symbol)) }))
    .filter(({ distance }) => distance <= worst)
    .sort((a, b) => a.distance - b.distance || a.symbol.length - b.symbol.length || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, most)
    .map(({ symbol }) => symbol);
}

/** How many letters have to be changed, added or left out to make one of the other (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(changed, above[j]! + 1, row[j - 1]! + 1));
    }
    above = row;
  }
  return above[b.length]!;
}
