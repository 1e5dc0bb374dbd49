/**
 * Leaves the address of the worker's script as it is written, for the bundler of the page that uses the package. Our own
 * build would take it for a small file, and put its source text in.
 */
const ADDRESS = "new URL('./worker-script.js', import.meta.url)";
const HIDDEN = '__TOUCHLINE_WORKER_ADDRESS__';

export const workerAddress = () => ({
  name: 'touchline:worker-address',
  enforce: 'pre',
  transform: {
    filter: { id: /\/open-worker\.ts$/ },
    handler(code) {
      return { code: code.replace(ADDRESS, () => HIDDEN), map: null };
    },
  },
  renderChunk: { order: 'post', handler: (code) => ({ code: code.replace(HIDDEN, () => ADDRESS), map: null }) },
});
