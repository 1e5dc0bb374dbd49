/** Books of any kind, compared level by level. */
interface Levels {
  readonly length: number;
  priceAt(i: number): number;
  sizeAt(i: number): number;
}

interface AnyBook {
  readonly priceScale: number;
  readonly sizeScale: number;
  readonly bids: Levels;
  readonly asks: Levels;
}

/** The best levels of both sides as text, the same whatever the book's scales are. */
export const levelsText = (book: AnyBook | undefined, depth = Infinity): string => {
  if (book === undefined) return '';
  const side = (levels: Levels): string =>
    Array.from(
      { length: Math.min(depth, levels.length) },
      (_, i) => `${levels.priceAt(i) / 10 ** book.priceScale}x${levels.sizeAt(i) / 10 ** book.sizeScale}`,
    ).join(' ');
  return `${side(book.bids)} | ${side(book.asks)}`;
};

/** Whether the best levels of two books of the same scales are the same, and the first has no more. */
export const hasTop = (book: AnyBook | undefined, whole: AnyBook | undefined, depth: number): boolean => {
  if (book === undefined || whole === undefined) return false;
  if (book.priceScale !== whole.priceScale || book.sizeScale !== whole.sizeScale) return false;
  return (['bids', 'asks'] as const).every((name) => {
    const [ours, theirs] = [book[name], whole[name]];
    if (ours.length !== Math.min(depth, theirs.length)) return false;
    for (let i = 0; i < ours.length; i++) {
      if (ours.priceAt(i) !== theirs.priceAt(i) || ours.sizeAt(i) !== theirs.sizeAt(i)) return false;
    }
    return true;
  });
};
