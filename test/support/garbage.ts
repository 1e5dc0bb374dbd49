import { aTimeout } from '@open-wc/testing';

/** The collector, where the browser was started so that a page may call it. */
export const collector = (globalThis as { gc?: () => void }).gc;

/** Calls the collector, or makes so much garbage that the browser soon will. */
export function askCollector(): void {
  if (collector !== undefined) collector();
  else Array.from({ length: 20 }, () => new Float64Array(1e5).fill(1));
}

/** Until most of what nobody holds is gone, or the engine can't be made to collect. */
export async function collectGarbage(): Promise<void> {
  // Not each of them: a collector that takes whatever lies on the stack for an address keeps some.
  const nobodys = (() => Array.from({ length: 20 }, () => new WeakRef({})))();
  for (let round = 0; round < 100; round += 1) {
    askCollector();
    await aTimeout(5);
    if (nobodys.filter((ref) => ref.deref() !== undefined).length < 10) return;
  }
}
