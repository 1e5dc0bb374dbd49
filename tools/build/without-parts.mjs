/**
 * Leaves parts that are loaded when they are first used out of the files for script tags that are not theirs. A single
 * file cannot load them later, since one `integrity` covers one file; so they fail there with a sentence that names the
 * file which has them. A stand-in throws as it is loaded, or has the part's exports and does so when it is used. One part
 * only makes what works without it faster: its stand-in says that it takes nothing.
 */
const PARTS = {
  demo: {
    importer: '/src/stream/transport/resolve.ts',
    source: './demo.js',
    message: 'src="demo:" needs the market simulator: load touchline-demo.js instead of touchline.js',
  },
  replay: {
    importer: '/src/stream/transport/resolve.ts',
    source: './replay.js',
    message: 'src="replay:…" needs the venues: load touchline-venues.js instead of touchline.js',
  },
  venues: {
    importer: '/src/stream/market-stream-core.ts',
    source: './venue-links.js',
    message: 'venue="…" needs the venues: load touchline-venues.js instead of touchline.js',
    standIn: (message) => `export const venueLinks = () => () => (options, pings, events) => ({
      open: () => events.onUnusable(new Error(${message})), close() {}, send: () => false, isLate: () => true, probe() {} });`,
  },
  // The worker's own file brings it into the page by itself, where it is loaded before.
  worker: {
    importer: '/src/stream/shared-stream.ts',
    source: './late-worker-stream.js',
    message: 'the feed runs in the page: load touchline-worker.js before this file for one in a worker',
    standIn: (message) => `export const lateWorkerStream = (options, create) => {
        const inWorker = globalThis[Symbol.for('touchline.worker.v1')];
        if (inWorker) return inWorker(options);
        const reason = ${message};
        options.onError({ code: 'worker', message: reason });
        return Object.assign(create(options), { thread: { kind: 'page', reason } });
      };`,
  },
  // Makes frames of deltas quicker to read. Whoever has very many has them in a worker, whose file has it.
  deltas: {
    importer: '/src/stream/link.ts',
    source: './protocol/delta-frame.js',
    message: '',
    standIn: () => 'export const readDeltas = () => undefined, giveBack = () => {};',
  },
};
const STAND_IN = '\0touchline:without-';

/** @param {readonly (keyof typeof PARTS)[]} kept The parts that the file has. */
export const withoutParts = (kept) => ({
  name: 'touchline:without-parts',
  enforce: 'pre',
  resolveId(source, importer) {
    const asked = Object.entries(PARTS).find(
      ([name, part]) => !kept.includes(name) && source === part.source && importer?.endsWith(part.importer),
    );
    return asked && STAND_IN + asked[0];
  },
  load(id) {
    if (!id.startsWith(STAND_IN)) return undefined;
    const { message, standIn = (text) => `throw new Error(${text});` } = PARTS[id.slice(STAND_IN.length)];
    return standIn(JSON.stringify(message));
  },
});
