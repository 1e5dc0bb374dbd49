import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../tools/run.mjs';

/** A project of our rules and nothing else, with these files in it. */
function plant(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'touchline-borders-'));
  for (const name of ['.oxlintrc.json', 'tsconfig.base.json', 'tsconfig.room.json', 'tools/lint']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** File name to what it holds and the words that the linter must say of it; no words means it must pass. */
const lintCases: Readonly<Record<string, readonly [text: string, complaint?: string]>> = {
  'src/book/up.ts': [`import '../stream/clock.js';`, `book/ may not import 'src/stream/clock'`],
  'src/book/up-again.ts': [`export * from '../sim/random.js';`, `book/ may not import 'src/sim/random'`],
  'src/book/package.ts': [`import { html } from 'lit'; html;`, `book/ may not import the package 'lit'`],
  'src/book/clock.ts': [`export const now = () => Date.now();`, `book/ may not use 'Date'`],
  'src/book/global-this.ts': [
    `export const now = () => globalThis.setTimeout(String);`,
    `book/ may not use 'globalThis.setTimeout'`,
  ],
  'src/book/speaks.ts': [`console.log(1);`, `book/ may not use 'console'`],
  'src/book/promises.ts': [`export async function later() {}`, `book/ may not use 'async'`],
  'src/book/random.ts': [`export const r = () => Math.random();`, `book/ may not use 'Math.random'`],
  'src/book/fine.ts': [`import './side.js'; export const f = (Date: number) => Math.floor(Date);`],
  'src/sim/up.ts': [`import '../stream/clock.js';`, `sim/ may not import 'src/stream/clock'`],
  'src/sim/fine.ts': [`import '../book/side.js';`],
  'src/stream/lit.ts': [`import 'lit';`, `stream/ may not import the package 'lit'`],
  'src/stream/page.ts': [`export const t = () => document.title;`, `stream/ may not use 'document'`],
  'src/stream/type-only.ts': [`export type D = Document | HTMLElement;`],
  'src/stream/sim.ts': [`await import('../sim/exchange.js');`, `stream/ may not import 'src/sim/exchange'`],
  'src/stream/transport/demo.ts': [`await import('../../sim/exchange.js');`],
  'src/stream/timer.ts': [`setTimeout(String, 1);`, `stream/ may not use 'setTimeout'`],
  'src/stream/clock.ts': [`setTimeout(String, Date.now());`],
  'src/stream/socket.ts': [`new WebSocket('ws://h');`, `stream/ may not use 'WebSocket'`],
  'src/orders/internals.ts': [
    `import { Conflator } from '../stream/conflate.js'; new Conflator();`,
    `orders/ may only import types from 'src/stream/conflate', not Conflator`,
  ],
  'src/orders/fine.ts': [
    `import type { MarketStream } from '../stream/market-stream.js';
     import { RequestError, type Reply } from '../stream/market-stream.js';
     export type A = MarketStream | Reply; export { RequestError };`,
  ],
  'src/context/socket.ts': [`new globalThis.WebSocket('ws://h');`, `context/ may not use 'globalThis.WebSocket'`],
  'src/context/parse.ts': [`JSON.parse('1');`, `context/ may not use 'JSON.parse'`],
  'src/context/up.ts': [`import '../elements/order-book/order-book.js';`, `context/ may not import 'src/elements/`],
  'src/elements/x/stream.ts': [
    `import { createMarketStream } from '../../stream/create.js'; createMarketStream();`,
    `elements/ may not import 'src/stream/create'`,
  ],
  'src/elements/x/value.ts': [
    `import { RequestError } from '../../stream/market-stream.js'; new RequestError();`,
    `elements/ may only import types from 'src/stream/market-stream', not RequestError`,
  ],
  'src/elements/x/fetch.ts': [`void fetch('/');`, `elements/ may not use 'fetch'`],
  'src/elements/x/interval.ts': [`setInterval(String, 1);`, `elements/ may not use 'setInterval'`],
  'src/elements/x/registers.ts': [`customElements.define('x-y', class {});`, `elements/ may not use 'customElements'`],
  'src/elements/x/style.ts': [
    'import { html } from "lit"; export const t = html`<i style="width:${1}px"></i>`;',
    `'style=' in a template is refused by a strict page`,
  ],
  'src/elements/x/handler.ts': [
    'import { html } from "lit"; export const t = html`<i onclick="go()"></i>`;',
    `'onclick=' in a template is refused by a strict page`,
  ],
  'src/elements/x/style-map.ts': [
    `import { styleMap } from 'lit/directives/style-map.js'; styleMap({});`,
    'style-map is refused by a strict page',
  ],
  'src/elements/x/fine.ts': [
    `import { html } from 'lit';
     import { isTradable } from '../../stream/verdict.js';
     import type { MarketStream } from '../../stream/market-stream.js';
     import '../../context/contexts.js';
     export const t = (s: MarketStream) => html\`<i class="style" @click=\${() => isTradable(undefined) && s}></i>\`;`,
  ],
  'src/define/up.ts': [`import '../stream/index.js';`, `define/ may not import 'src/stream/index'`],
  'src/define/fine.ts': [`import '../elements/x/fine.js'; customElements.get('x-y');`],
  'src/index.ts': [`import '../test/support/fake-clock.js';`, 'src/ may not import from outside itself'],
};

describe('the linter', () => {
  let folder: string;
  let said: ReadonlyMap<string, readonly string[]>;

  before(() => {
    folder = plant(Object.fromEntries(Object.entries(lintCases).map(([name, [text]]) => [name, text])));
    const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
    const rules = ['room-imports', 'room-globals', 'strict-templates'].flatMap((rule) => ['-D', `touchline/${rule}`]);
    const { stdout, stderr } = spawnSync(process.execPath, [oxlint, '-A', 'all', ...rules, '--format', 'json', 'src'], {
      cwd: folder,
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly { filename: string; message: string }[] };
    said = group(diagnostics);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [name, [, complaint]] of Object.entries(lintCases)) {
    it(`PK1 ${complaint === undefined ? 'passes' : 'refuses'} ${name}`, () => {
      const messages = said.get(name) ?? [];
      if (complaint === undefined) assert.deepEqual(messages, []);
      else
        assert.ok(
          messages.some((message) => message.includes(complaint)),
          `said: ${messages.join('; ')}`,
        );
    });
  }
});

function group(diagnostics: readonly { filename: string; message: string }[]): Map<string, string[]> {
  const byFile = new Map<string, string[]>();
  for (const { filename, message } of diagnostics) byFile.set(filename, [...(byFile.get(filename) ?? []), message]);
  return byFile;
}

describe('the compiler', () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const room = (...references: string[]): string =>
    JSON.stringify({
      extends: '../../tsconfig.room.json',
      include: ['**/*.ts'],
      references: references.map((path) => ({ path: `../${path}` })),
    });

  /** What the compiler says of `src/book/<planted>`, in a project where `stream` may see `book`, not the other way. */
  function build(planted: string): string {
    const folder = plant({
      'tsconfig.json': JSON.stringify({ files: [], references: [{ path: 'src/book' }, { path: 'src/stream' }] }),
      'src/book/tsconfig.json': room(),
      'src/stream/tsconfig.json': room('book'),
      'src/book/side.ts': `export const side: string = 'bid';\n`,
      'src/stream/feed.ts': `import { side } from '../book/side.js';\nexport const feed: string = side;\n`,
      'src/book/planted.ts': planted,
    });
    try {
      execFileSync(process.execPath, [tsc, '-b'], { cwd: folder, encoding: 'utf8' });
      return '';
    } catch (error) {
      return String((error as { stdout: string }).stdout);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  it('PK2 refuses an import upwards, even of a type', () => {
    assert.match(build(`import type { feed } from '../stream/feed.js';\nexport type F = typeof feed;\n`), /TS6307/);
  });

  it('PK2 knows neither page nor timers in book/', () => {
    const said = build(`export const t: unknown = [document, setTimeout, console];\n`);
    for (const name of ['document', 'setTimeout', 'console']) assert.ok(said.includes(`'${name}'`), said);
  });

  it('PK2 accepts what points downwards', () => {
    assert.equal(build(`import { side } from './side.js';\nexport const s: string = side;\n`), '');
  });
});

describe('the real room configurations', () => {
  it('PK2 book/ and sim/ see no library of the page, and no room refers upwards', async () => {
    const order = ['book', 'sim', 'stream', 'orders', 'context', 'elements', 'define'];
    for (const name of order) {
      const { default: config } = await import(`../../src/${name}/tsconfig.json`, { with: { type: 'json' } });
      const { compilerOptions = {}, references = [] } = config as {
        compilerOptions?: { lib?: readonly string[] };
        references?: readonly { path: string }[];
      };
      const upwards = references.filter(({ path }) => order.indexOf(path.slice(3)) >= order.indexOf(name));
      assert.deepEqual(upwards, [], name);
      if (name === 'book' || name === 'sim') assert.equal(compilerOptions.lib, undefined, name);
    }
  });
});
