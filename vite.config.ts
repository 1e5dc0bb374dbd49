/** The package by modules: one ES module for each source module, Lit left to the page's own build. */
import { defineConfig } from 'vite';
import { moduleEntries } from './tools/build/entries.mjs';
import { workerAddress } from './tools/build/worker-address.mjs';

export default defineConfig({
  plugins: [workerAddress()],
  build: {
    target: 'es2022',
    sourcemap: true,
    minify: false,
    emptyOutDir: true,
    lib: { formats: ['es'], entry: moduleEntries() },
    rolldownOptions: {
      external: [/^lit($|\/)/, /^@lit\//, /^@shoelace-style\//],
      output: {
        preserveModules: true,
        preserveModulesRoot: 'src',
        // The compiler's decorator helper would otherwise carry the compiler's version in its name.
        entryFileNames: ({ name }) => (name.includes('decorate') ? 'internal/decorate.js' : '[name].js'),
      },
    },
  },
});
