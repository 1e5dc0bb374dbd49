/**
 * Leaves parts out of the files for script tags that are not theirs. A single file cannot load them later, since one
 * `integrity` covers one file; so each has a stand-in in `src/left-out/`, under the same name and with the same exports,
 * that says which file has the part when it is used.
 */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The one door that each part is reached by: who imports it, and as what. */
const PARTS = {
  demo: { importer: '/src/stream/transport/resolve.ts', source: './demo.js' },
  replay: { importer: '/src/stream/transport/resolve.ts', source: './replay.js' },
  venues: { importer: '/src/stream/market-stream-core.ts', source: './venue-links.js' },
  login: { importer: '/src/stream/market-stream-core.ts', source: './auth.js' },
  recorder: { importer: '/src/stream/market-stream-core.ts', source: './flight.js' },
  resume: { importer: '/src/stream/lane.ts', source: './resume.js' },
  // The worker's own file brings it into the page by itself, where it is loaded before.
  worker: { importer: '/src/stream/shared-stream.ts', source: './late-worker-stream.js' },
  // Makes frames of deltas quicker to read. Whoever has very many has them in a worker, whose file has it.
  deltas: { importer: '/src/stream/link.ts', source: './protocol/delta-frame.js' },
  paper: { importer: '/src/elements/order-panel/paper-trading.ts', source: '../../orders/paper-gateway.js' },
  detail: { importer: '/src/elements/feed-status/feed-status.ts', source: './feed-detail.js' },
};

/** @typedef {keyof typeof PARTS} Part */

/** @param {readonly Part[]} kept The parts that the file has. */
export const withoutParts = (kept) => ({
  name: 'touchline:without-parts',
  enforce: 'pre',
  resolveId(source, importer) {
    const isLeftOut = Object.entries(PARTS).some(
      ([name, part]) => !kept.includes(name) && source === part.source && importer?.endsWith(part.importer),
    );
    if (!isLeftOut) return undefined;
    return fileURLToPath(new URL(`../../src/left-out/${basename(source, '.js')}.ts`, import.meta.url));
  },
});
