/**
 * The files for a script tag: self-contained, minified, without a further import, so that one `integrity` covers all.
 * One run makes one file, named by `--mode`: one of the keys below.
 */
import { defineConfig } from 'vite';
import { allAtOnce } from './tools/build/all-at-once.mjs';
import { ownLitPolicy } from './tools/build/own-lit-policy.mjs';
import { tightTemplates } from './tools/build/tight-templates.mjs';
import { type Part, withoutParts } from './tools/build/without-parts.mjs';
import { workerAddress } from './tools/build/worker-address.mjs';

interface CdnFile {
  readonly entry: string;
  /** The parts that not every file has, and this one has. */
  readonly parts: readonly Part[];
  /** Default: `dist/cdn`. */
  readonly folder?: string;
  /** Whether Lit is in it. Default true. */
  readonly withLit?: boolean;
}

/** What whoever watches over a feed needs, rather than whoever shows a price. */
const watching: readonly Part[] = ['detail', 'recorder'];

const files: Readonly<Record<string, CdnFile>> = {
  touchline: { entry: 'src/cdn.ts', parts: [] },
  'touchline-desk': { entry: 'src/cdn-desk.ts', parts: ['login', 'resume', ...watching] },
  'touchline-venues': { entry: 'src/cdn-venues.ts', parts: ['replay', 'venues', ...watching] },
  'touchline-demo': { entry: 'src/cdn-demo.ts', parts: ['demo', 'paper', 'login', 'resume', ...watching] },
  'touchline-worker': {
    entry: 'src/cdn-worker.ts',
    parts: ['demo', 'replay', 'venues', 'worker', 'login', 'resume', 'deltas', ...watching],
    withLit: false,
  },
  // What a worker runs is one file in the package too: bundlers copy it as it is.
  'worker-script': {
    entry: 'src/stream/worker/worker-script.ts',
    parts: ['demo', 'replay', 'venues', 'worker', 'login', 'resume', 'deltas', ...watching],
    folder: 'dist/stream/worker',
    withLit: false,
  },
};

export default defineConfig(({ mode }) => {
  const file = files[mode];
  if (file === undefined) throw new Error(`--mode must be one of ${Object.keys(files).join(', ')}, got "${mode}"`);
  const { entry, parts, folder = 'dist/cdn', withLit = true } = file;
  return {
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [withLit && ownLitPolicy(), tightTemplates(), withoutParts(parts), workerAddress(), allAtOnce()],
    build: {
      target: 'es2022',
      sourcemap: true,
      minify: 'oxc',
      outDir: folder,
      emptyOutDir: false,
      lib: { entry, formats: ['es'], fileName: () => `${mode}.js` },
      rolldownOptions: {
        output: {
          codeSplitting: false,
          // Notes for a bundler: such a file is at its journey's end.
          comments: false,
          // Vite keeps whitespace in ES library output; a file for browsers has no use for it.
          minify: { compress: true, mangle: true, codegen: { removeWhitespace: true } },
        },
      },
    },
  };
});
