/**
 * Fails any test of a page in which something went wrong that no assertion looked at: a refused style or script, an
 * uncaught error, a word on the console, a layout shift. Every `*.test.ts` gets it without asking.
 *
 * A test that means one of them to happen says which, before it does: `expectTrouble(/must be a whole number/)`.
 * The trouble must then really come. Chromium reports no layout shift in the first half second of a page or after a
 * resize, so a test whose point is a shift waits that long before it begins.
 */

const troubles: string[] = [];
const expected = new Set<RegExp>();

/** Allows, and demands, trouble whose sentence matches, until the end of the running test. */
export function expectTrouble(pattern: RegExp): void {
  expected.add(pattern);
}

/** What went wrong in the running test so far, as sentences. */
export const troublesSoFar = (): readonly string[] => [...troubles];

addEventListener('securitypolicyviolation', (event) => {
  troubles.push(`csp: ${event.violatedDirective} refused ${event.blockedURI || event.sample}`);
});
addEventListener('error', (event) => troubles.push(`error: ${event.message}`));
addEventListener('unhandledrejection', (event) => troubles.push(`rejection: ${String(event.reason)}`));

for (const level of ['error', 'warn'] as const) {
  const original = console[level].bind(console);
  console[level] = (...args: unknown[]) => {
    const text = args.map(String).join(' ');
    troubles.push(`console.${level}: ${text}`);
    // What is expected need not be read in the log of a good run.
    if (![...expected].some((pattern) => pattern.test(text))) original(...args);
  };
}

// The development build of Lit greets once a page; what it says after that is meant.
const lit = globalThis as { litIssuedWarnings?: Set<string | undefined> };
(lit.litIssuedWarnings ??= new Set()).add('dev-mode');

interface LayoutShift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources: readonly {
    readonly node: Node | null;
    readonly previousRect: DOMRectReadOnly;
    readonly currentRect: DOMRectReadOnly;
  }[];
}

const noteShift = (entry: PerformanceEntry): void => {
  const { value, hadRecentInput, sources } = entry as LayoutShift;
  if (hadRecentInput) return;
  // A node inside a shadow root is kept from us; where it was and where it went tells which one it is.
  const place = (box: DOMRectReadOnly): string => `${box.x},${box.y} ${box.width}x${box.height}`;
  const moved = sources.map(
    ({ node, previousRect, currentRect }) =>
      `${node?.nodeName.toLowerCase() ?? 'a hidden node'} from ${place(previousRect)} to ${place(currentRect)}`,
  );
  troubles.push(`layout shift: ${value.toFixed(4)} of ${moved.join(', ')}`);
};
const shifts = new PerformanceObserver((list) => list.getEntries().forEach(noteShift));
if (PerformanceObserver.supportedEntryTypes.includes('layout-shift')) shifts.observe({ type: 'layout-shift' });

/** Until what the test did has been painted: shifts are only known then. A hidden page paints nothing. */
const painted = (): Promise<void> =>
  new Promise((done) => {
    const give = setTimeout(done, 100);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(give);
        setTimeout(done);
      }),
    );
  });

/** The verdict on the running test: a sentence, or undefined when all is well. */
async function judge(): Promise<string | undefined> {
  await painted();
  shifts.takeRecords().forEach(noteShift);
  const patterns = [...expected];
  const surprises = troubles.filter((text) => !patterns.some((pattern) => pattern.test(text)));
  const missing = patterns.filter((pattern) => !troubles.some((text) => pattern.test(text)));
  troubles.length = 0;
  expected.clear();
  if (surprises.length > 0) return `the page was not well:\n  ${surprises.join('\n  ')}`;
  return missing.length > 0 ? `expected trouble did not come: ${missing.join(', ')}` : undefined;
}

// A root hook that throws would end the whole file. The test itself must fail, so its running is what is extended.
type Run = (this: unknown, done: (error?: unknown) => void) => void;
const prototype = Mocha.Test.prototype as unknown as { run: Run };
const runTest = prototype.run;
prototype.run = function (done) {
  runTest.call(this, (error) => {
    void judge().then((verdict) => done(error ?? (verdict === undefined ? undefined : new Error(verdict))));
  });
};
