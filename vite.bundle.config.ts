/**
 * The files for a script tag: self-contained, minified, without a further import, so that one `integrity` covers all.
 * One run makes one file, named by `--mode`: one of the keys below.
 */
import { defineConfig } from 'vite';
import { ownLitPolicy } from './tools/build/own-lit-policy.mjs';
import { tightTemplates } from './tools/build/tight-templates.mjs';
import { withoutDemoMarket } from './tools/build/without-demo-market.mjs';

const sources: Readonly<Record<string, string>> = {
  touchline: 'src/cdn.ts',
  'touchline-desk': 'src/cdn-desk.ts',
  'touchline-demo': 'src/cdn-demo.ts',
};

export default defineConfig(({ mode }) => {
  const entry = sources[mode];
  if (entry === undefined) throw new Error(`--mode must be one of ${Object.keys(sources).join(', ')}, got "${mode}"`);
  return {
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [ownLitPolicy(), tightTemplates(), ...(mode === 'touchline-demo' ? [] : [withoutDemoMarket()])],
    build: {
      target: 'es2022',
      sourcemap: true,
      minify: 'oxc',
      outDir: 'dist/cdn',
      emptyOutDir: false,
      lib: { entry, formats: ['es'], fileName: () => `${mode}.js` },
      rolldownOptions: {
        // Vite keeps whitespace in ES library output; a file for browsers has no use for it.
        output: { codeSplitting: false, minify: { compress: true, mangle: true, codegen: { removeWhitespace: true } } },
      },
    },
  };
});
