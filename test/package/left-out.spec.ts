import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { chromeFlags, chromePath } from '../../tools/browsers.mjs';
import { root } from '../../tools/run.mjs';
import { spawnExchange } from '../../tools/test/exchange.mjs';
import { serveFolder } from '../../tools/test/serve-folder.mjs';
import type { FeedStatusElement } from '../../src/elements/feed-status/feed-status.js';
import { STRICT_POLICY, strictPage } from '../../tools/test/strict-pages.mjs';

/** Which parts each file has, and what is said in the others. */
const FILES: Readonly<Record<string, readonly string[]>> = {
  'touchline.js': [],
  'touchline-desk.js': ['login', 'recorder', 'detail'],
  'touchline-venues.js': ['recorder', 'detail', 'venue', 'replay'],
  'touchline-demo.js': ['login', 'recorder', 'detail', 'demo'],
};
const SENTENCES: Readonly<Record<string, RegExp>> = {
  login: /login: load touchline-desk\.js/,
  recorder: /flight recorder: load touchline-desk\.js/,
  detail: /needs touchline-desk\.js/,
  venue: /venues: load touchline-venues\.js/,
  replay: /venues: load touchline-venues\.js/,
  demo: /market simulator: load touchline-demo\.js/,
};

interface Sayings {
  readonly said: readonly string[];
  readonly isOpen: boolean;
  readonly recording: string;
}

describe('what a file for a script tag has not', () => {
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serveFolder>>;
  let exchange: Awaited<ReturnType<typeof spawnExchange>>;

  before(async () => {
    const executablePath = chromePath();
    assert.ok(executablePath, 'no Chromium; set CHROME_PATH');
    [browser, exchange, site] = await Promise.all([
      chromium.launch({ executablePath, args: chromeFlags }),
      spawnExchange({}),
      serveFolder(root, async (path: string, query: URLSearchParams) => {
        const body = await strictPage(path, query);
        return body === undefined ? undefined : { body, headers: { 'content-security-policy': STRICT_POLICY } };
      }),
    ]);
  });
  after(async () => {
    await Promise.all([browser?.close(), exchange?.end('SIGKILL'), site?.close()]);
  });

  async function open(file: string): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`${site.address}/test/pages/any-tag.html?${new URLSearchParams({ file, src: exchange.url })}`);
    for (let tries = 0; tries < 400; tries++) {
      const isLive = await page.evaluate(() => document.querySelector('order-book')?.matches(':state(live)') === true);
      if (isLive) return page;
      await page.waitForTimeout(25);
    }
    throw new Error(`${file}: the book is not live after 10 s`);
  }

  const sayings = (page: Page, file: string, options: object): Promise<Sayings> =>
    page.evaluate(
      ([name, given]) =>
        (globalThis as unknown as { sayings(...asked: unknown[]): Promise<Sayings> }).sayings(name, given),
      [file, options] as const,
    );

  for (const [file, parts] of Object.entries(FILES)) {
    const has = (part: string): boolean => parts.includes(part);

    it(`PK15 is told of by ${file}, and the rest goes on`, async () => {
      const page = await open(file);
      const src = exchange.url;

      const login = await sayings(page, file, { src, hasToken: true });
      assert.equal(login.isOpen, true);
      assert.equal(login.said.filter((text) => SENTENCES['login']!.test(text)).length, has('login') ? 0 : 1);

      for (const [part, address] of Object.entries({
        venue: { src: '', venue: 'kraken' },
        replay: { src: 'replay:/nothing.jsonl' },
        demo: { src: 'demo:' },
      })) {
        const { said } = await sayings(page, file, address);
        assert.equal(
          said.some((text) => SENTENCES[part]!.test(text)),
          !has(part),
          `${part}: ${said.join('; ')}`,
        );
      }

      const { recording } = await sayings(page, file, { src });
      assert.match(recording, has('recorder') ? /^\{"touchline-flight":1,.*\n/ : SENTENCES['recorder']!);

      const detail = await page.evaluate(async (address) => {
        const status = Object.assign(document.createElement('feed-status') as FeedStatusElement, {
          src: address,
          detail: true,
        });
        document.body.append(status);
        await status.updateComplete;
        const shadow = status.shadowRoot;
        return {
          text: shadow?.querySelector('[part=detail]')?.textContent ?? '',
          hasButton: shadow?.querySelector('[part=record]') !== null,
        };
      }, src);
      assert.match(detail.text, has('detail') ? /Received/ : SENTENCES['detail']!);
      assert.equal(detail.hasButton, has('recorder'));
      await page.close();
    });
  }

  const ask = (page: Page, what: string, ...given: unknown[]): Promise<unknown> =>
    page.evaluate(
      ([name, asked]) => (globalThis as unknown as Record<string, (...args: unknown[]) => unknown>)[name]?.(...asked),
      [what, given] as const,
    );

  it('GW34 a ticket on paper says so before anything is pressed, and cannot be sent', async () => {
    const page = await open('touchline-desk.js');
    const sentence = 'Paper orders need touchline-demo.js instead of touchline-desk.js';
    assert.deepEqual(await ask(page, 'pressPaper', exchange.url), [sentence, sentence, 'true', 0]);
    await page.close();
  });

  it('GW50 the files with a ticket export what a gateway of the page’s own is made of', async () => {
    const names = ['parseDecimal', 'formatDecimal', 'createPaperGateway'];
    const desk = await open('touchline-desk.js');
    assert.deepEqual(await ask(desk, 'functionsOf', 'touchline-desk.js', names), names.slice(0, 2));
    await desk.close();
    const page = await open('touchline-demo.js');
    assert.deepEqual(await ask(page, 'functionsOf', 'touchline-demo.js', names), names);
    assert.deepEqual(await ask(page, 'ownPaper', 'touchline-demo.js'), ['AvailableKES 5,000.00', '17.5']);
    await page.close();
  });
});
