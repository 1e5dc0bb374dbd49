/**
 * How long the threads of a browser's pages have run, from outside: the system's own count, so that nothing has to be
 * attached to the browser, and nothing in the page is disturbed. Linux only.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface ThreadTime {
  /** Milliseconds on a processor so far. */
  readonly main: number;
  readonly workers: number;
}

/** The same of two moments: what passed in between. */
export const passed = (from: ThreadTime, to: ThreadTime): ThreadTime => ({
  main: to.main - from.main,
  workers: to.workers - from.workers,
});

/** Of the page of the browser that this process has started; undefined where the system does not tell. */
export function threadTimes(browser: number): ThreadTime | undefined {
  if (!existsSync('/proc/self/schedstat')) return undefined;
  const pages = processes().filter((pid) => isPage(pid) && descendsFrom(pid, browser));
  // A browser keeps a spare process or two that do nothing.
  const times = pages.map((pid) => timeOf(pid)).sort((a, b) => b.main + b.workers - a.main - a.workers);
  return times[0];
}

const processes = (): number[] => readdirSync('/proc').map(Number).filter(Boolean);

/** Empty for what has ended meanwhile. */
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const isPage = (pid: number): boolean => read(`/proc/${pid}/cmdline`).includes('--type=renderer');

const descendsFrom = (pid: number, ancestor: number): boolean => {
  for (let at = pid; at > 1;) {
    if (at === ancestor) return true;
    at = Number(/^PPid:\s*(\d+)/m.exec(read(`/proc/${at}/status`))?.[1] ?? 0);
  }
  return false;
};

const timeOf = (pid: number): ThreadTime => {
  let main = 0;
  let workers = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`;
    const ms = Number(read(`${folder}/schedstat`).split(' ')[0]) / 1e6;
    if (Number(thread) === pid) main += ms;
    else if (/worker/i.test(read(`${folder}/comm`)) && !/pool/i.test(read(`${folder}/comm`))) workers += ms;
  }
  return { main, workers };
};
