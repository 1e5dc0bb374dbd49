/**
 * Leaves parts out of the files for script tags that are not theirs. A single file cannot load them later, since one
 * `integrity` covers one file; so what needs them fails there with a sentence that names the file which has them. A part
 * that is loaded when it is first used throws the sentence then; any other has a stand-in in `src/left-out/`.
 */
import { fileURLToPath } from 'node:url';

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
  timing: {
    importer: '/src/stream/timing-switch.ts',
    source: './user-timing.js',
    message: 'user-timing needs touchline-desk.js instead of touchline.js',
  },
  venues: { importer: '/src/stream/market-stream-core.ts', source: './venue-links.js' },
  login: { importer: '/src/stream/market-stream-core.ts', source: './auth.js' },
  recorder: { importer: '/src/stream/market-stream-core.ts', source: './flight.js' },
  resume: { importer: '/src/stream/lane.ts', source: './resume.js' },
  detail: { importer: '/src/elements/feed-status/feed-status.ts', source: './feed-detail.js' },
};
const STAND_IN = '\0touchline:without-';

/** @typedef {keyof typeof PARTS} Part */

/** @param {readonly Part[]} kept The parts that the file has. */
export const withoutParts = (kept) => ({
  name: 'touchline:without-parts',
  enforce: 'pre',
  resolveId(source, importer) {
    const asked = Object.entries(PARTS).find(
      ([name, part]) => !kept.includes(name) && source === part.source && importer?.endsWith(part.importer),
    );
    if (asked === undefined) return undefined;
    const [name, { message }] = asked;
    return message === undefined
      ? fileURLToPath(new URL(`../../src/left-out/${source.slice(2, -'.js'.length)}.ts`, import.meta.url))
      : STAND_IN + name;
  },
  load(id) {
    if (!id.startsWith(STAND_IN)) return undefined;
    return `throw new Error(${JSON.stringify(PARTS[id.slice(STAND_IN.length)].message)});`;
  },
});
