import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { tags } from '../../tools/build/entries.mjs';
import { root, withTsx } from '../../tools/run.mjs';

const pack = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, string | Record<string, string>>;
  dependencies: Record<string, string>;
  sideEffects: readonly string[];
};

/** The file that a file of dist/ is built from, or the file itself. */
const sourceOf = (file: string): string => file.replace('./dist/', 'src/').replace(/\.d\.ts$|\.js$/, '.ts');

describe('the package', () => {
  for (const [entry, target] of Object.entries(pack.exports)) {
    it(`PK7 ${entry} leads to files that are built or there`, () => {
      const files = typeof target === 'string' ? [target] : Object.values(target);
      for (const file of files) {
        const source = file.startsWith('./dist/') ? sourceOf(file) : file;
        assert.ok(existsSync(join(root, source)), `${file} would come from ${source}`);
      }
      if (typeof target !== 'string') assert.equal(Object.keys(target)[0], 'types');
    });
  }

  it('PK7 each element has an entry that registers it and one that does not', () => {
    for (const tag of tags()) {
      assert.ok(pack.exports[`./${tag}.js`], tag);
      assert.ok(pack.exports[`./${tag}/class.js`], tag);
    }
  });

  it('PK7 needs three packages at run time and no more', () => {
    assert.deepEqual(Object.keys(pack.dependencies).sort(), ['@lit/context', '@shoelace-style/localize', 'lit']);
  });

  /** The tags that are registered after these files of ours were imported where there is no page. */
  function registeredBy(...files: readonly string[]): unknown {
    const script = `
      for (const file of ${JSON.stringify(files.map((file) => join(root, file)))}) await import(file);
      const tags = ${JSON.stringify(tags())};
      console.log(JSON.stringify(tags.filter((tag) => globalThis.customElements?.get(tag))));
    `;
    const args = ['--import', 'tsx', '--input-type', 'module', '-e', script];
    const { NODE_TEST_CONTEXT: _, ...env } = withTsx();
    const said = execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8', env });
    return JSON.parse(said.trim().split('\n').at(-1) ?? '');
  }

  it('PK8 registers nothing by its index, its stream and its classes, not even where there is no page', () => {
    const classes = tags().map((tag) => `src/elements/${tag}/${tag}.ts`);
    assert.deepEqual(registeredBy('src/index.ts', 'src/stream/index.ts', ...classes), []);
  });

  it('GW51 the modules of orders import nothing by a bare name: a page can import them by address', () => {
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(join(root, file), 'utf8');
      for (const [, to = ''] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)';/gms)) {
        assert.match(to, /^\.{1,2}\//, `${file} imports ${to}`);
        visit(join(dirname(file), to.replace(/\.js$/, '.ts')));
      }
    };
    visit('src/orders/index.ts');
    assert.ok(seen.has('src/book/decimal.ts') && seen.has('src/orders/http-gateway.ts'), [...seen].join());
  });

  it('PK8 registers every element by define/all', () => {
    assert.deepEqual(registeredBy('src/define/all.ts'), tags());
  });
});
