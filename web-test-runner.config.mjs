/** Tests of the page, in one or more engines named by BROWSERS: chromium (default), firefox, webkit. */
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';
import { defaultReporter } from '@web/test-runner';
import { a11ySnapshotPlugin } from '@web/test-runner-commands/plugins';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import { chromeFlags, chromePath, firefoxPath, webkitDriverPath } from './tools/browsers.mjs';
import { exchangePlugin } from './tools/test/exchange.mjs';
import { mediaPlugin } from './tools/test/media.mjs';
import { strictPages } from './tools/test/strict-pages.mjs';
import { webkitLauncher } from './tools/test/webkit-launcher.mjs';
import { tallyReporter } from './tools/test/wtr-reporter.mjs';

const launchers = {
  chromium: () =>
    chromeLauncher({ launchOptions: { executablePath: chromePath(), headless: true, args: chromeFlags }, puppeteer }),
  firefox: () =>
    chromeLauncher({
      launchOptions: { browser: 'firefox', executablePath: firefoxPath(), headless: true },
      puppeteer,
      concurrency: 1,
    }),
  webkit: () => webkitLauncher({ driverPath: webkitDriverPath() }),
};

/** Every test file watches over the page it runs on. On the first line, so that line numbers stay. */
const pageHealth = {
  name: 'touchline:page-health',
  transform: ({ path, body }) =>
    path.endsWith('.test.ts') ? `import '/test/support/page-health.ts';${body}` : undefined,
};

export default {
  files: 'test/**/*.test.ts',
  nodeResolve: { exportConditions: ['development', 'browser'] },
  concurrency: 1,
  middleware: [strictPages()],
  plugins: [
    pageHealth,
    a11ySnapshotPlugin(),
    exchangePlugin(),
    mediaPlugin(),
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('./tsconfig.base.json', import.meta.url)),
    }),
  ],
  browsers: (process.env.BROWSERS || 'chromium').split(',').map((name) => {
    const launcher = launchers[name.trim()];
    if (launcher === undefined) throw new Error(`BROWSERS: "${name}" is none of ${Object.keys(launchers).join(', ')}`);
    return launcher();
  }),
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: false }), tallyReporter()],
  coverageConfig: { include: ['src/**/*.ts'], reporters: ['lcovonly', 'text-summary'], reportDir: 'out/coverage' },
  testFramework: { config: { ui: 'bdd', timeout: 10_000 } },
};
