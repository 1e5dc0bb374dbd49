/**
 * The files for a script tag: self-contained, minified, without a further import, so that one `integrity` covers all.
 * One run makes one file, named by `--mode`: one of the keys below.
 */
import { defineConfig } from 'vite';
import { ownLitPolicy } from './tools/build/own-lit-policy.mjs';
import { tightTemplates } from './tools/build/tight-templates.mjs';
import { withoutNotes } from './tools/build/without-notes.mjs';
import { withoutParts } from './tools/build/without-parts.mjs';
import { workerAddress } from './tools/build/worker-address.mjs';

interface CdnFile {
  readonly entry: string;
  /** Parts that are loaded when they are first used, and are in this file. */
  readonly parts: readonly ('demo' | 'replay' | 'venues' | 'worker' | 'deltas')[];
  /** Default: `dist/cdn`. */
  readonly folder?: string;
  /** Whether Lit is in it. Default true. */
  readonly withLit?: boolean;
}

const files: Readonly<Record<string, CdnFile>> = {
  touchline: { entry: 'src/cdn.ts', parts: [] },
  'touchline-desk': { entry: 'src/cdn-desk.ts', parts: [] },
  'touchline-venues': { entry: 'src/cdn-venues.ts', parts: ['replay', 'venues'] },
  'touchline-demo': { entry: 'src/cdn-demo.ts', parts: ['demo'] },
  'touchline-worker': {
    entry: 'src/cdn-worker.ts',
    parts: ['demo', 'replay', 'venues', 'worker', 'deltas'],
    withLit: false,
  },
  // What a worker runs is one file in the package too: bundlers copy it as it is.
  'worker-script': {
    entry: 'src/stream/worker/worker-script.ts',
    parts: ['demo', 'replay', 'venues', 'worker', 'deltas'],
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
    plugins: [withLit && ownLitPolicy(), tightTemplates(), withoutParts(parts), workerAddress(), withoutNotes()],
    build: {
      target: 'es2022',
      sourcemap: true,
      minify: 'oxc',
      outDir: folder,
      emptyOutDir: false,
      lib: { entry, formats: ['es'], fileName: () => `${mode}.js` },
      rolldownOptions: {
        // Vite keeps whitespace in ES library output; a file for browsers has no use for it.
        output: { codeSplitting: false, minify: { compress: true, mangle: true, codegen: { removeWhitespace: true } } },
      },
    },
  };
});
