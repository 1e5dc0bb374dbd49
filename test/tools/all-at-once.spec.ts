import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importsAtOnce } from '../../tools/build/all-at-once.mjs';

describe('a module of a file for a script tag', () => {
  it('PK9 imports at once what it would import when that is first used', () => {
    const code = [
      'const loaders = { a: async () => (await import("./a.js")).first };',
      "async () => { const { second } = await import('./b.js'); return second(); };",
    ].join('\n');
    assert.equal(
      importsAtOnce(code),
      [
        'import { first as atOnce0 } from "./a.js"; import { second as atOnce1 } from \'./b.js\';' +
          'const loaders = { a: async () => atOnce0 };',
        'async () => { const second = atOnce1; return second(); };',
      ].join('\n'),
    );
  });

  it('PK9 is not made of imports in a form that would stay', () => {
    for (const code of ['import("./a.js").then(({ a }) => a)', 'await import(name)']) {
      assert.equal(importsAtOnce(code), undefined);
    }
  });
});
