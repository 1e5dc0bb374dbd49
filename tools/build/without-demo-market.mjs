/**
 * Leaves the simulated market out of the plain file for script tags. A single file cannot load it later, since one
 * `integrity` covers one file; so `demo:` there fails with a sentence that names the file which has it.
 */
const STAND_IN = '\0touchline:no-demo-market';
const MESSAGE = 'src="demo:" needs the market simulator: load touchline-demo.js instead of touchline.js';

export const withoutDemoMarket = () => ({
  name: 'touchline:without-demo-market',
  enforce: 'pre',
  resolveId(source, importer) {
    const asksForIt = importer?.endsWith('/src/stream/transport/resolve.ts') && source === './demo.js';
    return asksForIt ? STAND_IN : undefined;
  },
  load: (id) => (id === STAND_IN ? `throw new Error(${JSON.stringify(MESSAGE)});` : undefined),
});
