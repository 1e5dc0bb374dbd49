import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import { parseAst } from 'vite';
import { chromeFlags, chromePath } from '../../tools/browsers.mjs';
import { cdnFiles } from '../../tools/build.mjs';
import { POLICY } from '../../tools/build/own-lit-policy.mjs';
import { root } from '../../tools/run.mjs';
import { spawnExchange } from '../../tools/test/exchange.mjs';
import { serveFolder } from '../../tools/test/serve-folder.mjs';
import { STRICT_POLICY, strictPage } from '../../tools/test/strict-pages.mjs';

const textOf = (name: string): string => readFileSync(join(root, `dist/cdn/${name}`), 'utf8');
const hashes = (): Record<string, string> => JSON.parse(textOf('sri.json')) as Record<string, string>;

/** The specifiers that a module loads, at once or later. */
function imports(code: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as { type?: string; source?: { value?: string } | null };
    const loads = ['ImportDeclaration', 'ImportExpression', 'ExportNamedDeclaration', 'ExportAllDeclaration'];
    if (loads.includes(node.type ?? '') && node.source) found.push(node.source.value ?? 'computed');
    Object.values(value).forEach(visit);
  };
  visit(parseAst(code));
  return found;
}

for (const file of cdnFiles.map((name) => `${name}.js`)) {
  describe(`dist/cdn/${file}`, () => {
    it('PK9 loads nothing more, so that one hash covers it', () => {
      assert.deepEqual(imports(textOf(file)), []);
    });

    it('PK9 has the hash that sri.json says', () => {
      const hash = createHash('sha384')
        .update(readFileSync(join(root, `dist/cdn/${file}`)))
        .digest('base64');
      assert.equal(hashes()[file], `sha384-${hash}`);
    });

    it("PK10 has a Trusted Types policy of its own and not Lit's", () => {
      const policies = [...textOf(file).matchAll(/createPolicy\((["'`])(.*?)\1/g)].map(([, , name]) => name);
      assert.deepEqual(policies, [POLICY]);
    });

    it('PK9 runs without eval', () => {
      assert.doesNotMatch(textOf(file), /\beval\(|new Function\(|\bFunction\(["'`]/);
    });
  });
}

describe('a page of one script tag and one <order-book>', () => {
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

  async function open(query: Record<string, string>): Promise<{ page: Page; said: string[] }> {
    const page = await browser.newPage();
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text())).on('pageerror', (error) => said.push(error.message));
    await page.goto(`${site.address}/test/pages/one-tag.html?${new URLSearchParams(query)}`);
    return { page, said };
  }
  const health = (page: Page): Promise<string[]> =>
    page.evaluate(() => (window as unknown as { health: string[] }).health);

  /** Milliseconds from navigation until the book says that it is live. Asked again and again: the policy forbids eval. */
  async function whenLive(page: Page): Promise<number> {
    for (let tries = 0; tries < 400; tries++) {
      const at = await page.evaluate(() =>
        document.querySelector('order-book')?.matches(':state(live)') ? performance.now() : undefined,
      );
      if (at !== undefined) return at;
      await page.waitForTimeout(25);
    }
    throw new Error(`not live after 10 s: ${(await health(page)).join('; ')}`);
  }

  it('PK11 shows live rows under the strictest policy, says nothing and shifts nothing', async (context) => {
    const { page, said } = await open({ src: exchange.url, integrity: hashes()['touchline.js'] ?? '' });
    const shownAt = await whenLive(page);
    context.diagnostic(`live ${shownAt.toFixed(0)} ms after navigation`);
    const text = await page.evaluate(() => document.querySelector('order-book')?.shadowRoot?.textContent ?? '');
    assert.match(text, /\d+\.\d{2}/);
    await page.waitForTimeout(1500);
    assert.deepEqual(said, []);
    assert.deepEqual(await health(page), []);
    await page.close();
  });

  it('PK9 is not defined when one character of the hash is another', async () => {
    const right = hashes()['touchline.js'] ?? '';
    const wrong = right.replace(/.(?=.{4}$)/, (character) => (character === 'A' ? 'B' : 'A'));
    const { page, said } = await open({ src: exchange.url, integrity: wrong });
    await page.waitForLoadState('networkidle');
    assert.match(said.join(), /integrity/);
    assert.equal(await page.evaluate(() => customElements.get('order-book') === undefined), true);
    await page.close();
  });
});
