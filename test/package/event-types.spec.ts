import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { tags } from '../../tools/build/entries.mjs';
import { root } from '../../tools/run.mjs';

const run = promisify(execFile);
const compile = (...args: readonly string[]): Promise<string> =>
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...args], { cwd: root }).then(
    ({ stdout }) => stdout,
    ({ stdout }: { stdout: string }) => stdout,
  );

/** What a page writes: no event is cast, and none of them is `any`. */
const LISTENERS = `
const ticket = document.querySelector('order-panel')!;
ticket.addEventListener('order-submit', (event) => {
  event.respondWith(fetch('/orders', { method: 'POST', body: JSON.stringify(event.order) }).then((r) => r.json()));
  // @ts-expect-error it has no such field
  event.nothing;
});
ticket.addEventListener('order-update', ({ order, previousState }) => {
  void [order.filled.length, previousState?.length];
  // @ts-expect-error it has no such field
  order.nothing;
});
const orders = document.querySelector('open-orders')!;
orders.addEventListener('order-update', ({ order, previousState }) => void [order.filled.length, previousState?.length]);
orders.addEventListener('order-reject', ({ order, code, reason }) => void [order.symbol, code.length, reason.length]);
document.addEventListener('order-submit', (event) => event.respondWith(Promise.resolve({ status: 'accepted' })));
window.addEventListener('order-reject', ({ order, code, reason }) => void [order.symbol, code.length, reason.length]);
const book = document.querySelector('order-book')!;
book.addEventListener('level-select', ({ price, sequence }) => void [price.length, sequence.toFixed()]);
book.addEventListener('grouping-change', ({ grouping }) => void grouping.length);
document.addEventListener('level-select', ({ field }) => void (field satisfies 'price' | 'size' | 'total' | 'notional'));
document.querySelector('feed-status')!.addEventListener('feed-reconnect', (event) => event.preventDefault());
const stream = document.querySelector('market-stream')!;
stream.addEventListener('stream-state-change', ({ state, previous }) => void [state.length, previous.length]);
stream.addEventListener('stream-error', ({ code, message }) => void [code.length, message.length]);
`;

describe('the types of the events', () => {
  let folder = '';
  before(async () => {
    mkdirSync(join(root, 'out'), { recursive: true });
    folder = mkdtempSync(join(root, 'out/event-types-'));
    const pack = join(folder, 'node_modules/touchline');
    mkdirSync(pack, { recursive: true });
    writeFileSync(join(pack, 'package.json'), readFileSync(join(root, 'package.json')));
    cpSync(join(root, 'generated'), join(pack, 'generated'), { recursive: true });
    assert.equal(await compile('-p', 'tsconfig.build.json', '--outDir', join(pack, 'dist')), '');
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'all.ts'), `import 'touchline/all.js';\n${LISTENERS}`);
    writeFileSync(
      join(folder, 'class.ts'),
      `import type { OrderSubmitEvent } from 'touchline';
      document.addEventListener('order-submit', (event) => event satisfies OrderSubmitEvent);`,
    );
    writeFileSync(
      join(folder, 'jsx.ts'),
      `import type { CustomElements } from 'touchline/jsx';
      export const ticket: CustomElements['order-panel'] = {
        symbol: 'SCOM',
        'onorder-submit': (event) => event.respondWith(Promise.resolve({ status: 'accepted' })),
      };`,
    );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const problems = (file: string, module: string, moduleResolution: string): Promise<string> => {
    const where = ['--module', module, '--moduleResolution', moduleResolution];
    const how = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,dom,dom.iterable', '--types', ''];
    return compile(join(folder, file), '--ignoreConfig', ...where, ...how);
  };

  for (const [module, resolution] of [
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const) {
    it(`PK22 a page listens without a cast, by the published types, with ${resolution}`, async () => {
      assert.equal(await problems('all.ts', module, resolution), '');
      assert.equal(await problems('class.ts', module, resolution), '');
      assert.equal(await problems('jsx.ts', module, resolution), '');
    });
  }

  it('PK22 each element brings them along by itself', async () => {
    for (const tag of tags()) {
      const text = `import 'touchline/${tag}.js';\ndocument.addEventListener('order-submit', (event) => void event.order);`;
      writeFileSync(join(folder, `${tag}.ts`), text);
      assert.equal(await problems(`${tag}.ts`, 'esnext', 'bundler'), '', tag);
    }
  });

  it('PK22 every event of every element is among them', () => {
    const elements = join(root, 'src/elements');
    const sources = readdirSync(elements, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const map = readFileSync(join(elements, 'event-map.ts'), 'utf8');
    const fired = sources.flatMap((name) => [
      ...readFileSync(join(elements, name), 'utf8').matchAll(/@fires \{(\w+)\} ([\w-]+) /g),
    ]);
    assert.ok(fired.length >= 8);
    for (const [, type, event] of fired) assert.ok(map.includes(`'${event}': ${type};`), `${event}: ${type}`);
  });
});
