import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeLines, encodeLine } from '../../server/journal/lines.js';
import type { Act } from '../../src/sim/act.js';

/** Makes of a closed journal one from before prices were kept: the crowd that comes then opens at the reference price. */
export function forgetPrices(folder: string): void {
  const path = join(folder, 'journal.log');
  const [head, ...acts] = decodeLines(readFileSync(path)).values as [unknown, ...Act[]];
  const old = acts.map((act) => ({ ...act, house: { ...act.house, prices: undefined } }));
  writeFileSync(path, Buffer.concat([head, ...old].map(encodeLine)));
}
