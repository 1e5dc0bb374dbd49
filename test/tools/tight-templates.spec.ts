import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tightCss, tightHtml } from '../../tools/build/tight-templates.mjs';

describe('tight css', () => {
  it('PK4 drops comments and spare whitespace, and no space that means something', () => {
    const source = `
      /* a ; comment { */
      :host  :hover , b > i { margin: calc(1px + 2px)   0; color: red; }
      @media (width > 3px) and (hover) { a { --x: ; } }
    `;
    assert.deepEqual(tightCss([source]), [
      ':host :hover ,b > i{margin:calc(1px + 2px) 0;color:red}@media (width > 3px) and (hover){a{--x: }}',
    ]);
  });

  it('PK4 leaves strings alone, with comment marks and escaped quotes in them', () => {
    const strings = [`'  a;  b: c '`, `"/* no */"`, `'it\\'s  '`, `"; }"`];
    for (const text of strings) assert.deepEqual(tightCss([`a { content: ${text}; }`]), [`a{content: ${text}}`]);
  });

  it('PK4 keeps one space beside an expression', () => {
    assert.deepEqual(tightCss(['a { margin: ', '   ', ';  ', ' b { } ']), ['a{margin: ', ' ', ';', ' b{}']);
  });

  it('PK4 gives up on an expression within a string or a comment', () => {
    assert.equal(tightCss([`a { content: 'x`, `  y'; }`]), undefined);
    assert.equal(tightCss(['/* ', ' */']), undefined);
  });
});

describe('tight html', () => {
  it('PK4 folds line breaks into one space and leaves quoted attributes alone', () => {
    const parts = ['\n  <div\n    class="a\n  b"\n    title=', "\n  >\n    <b>it's  so</b>\n    ", '\n  </div>\n'];
    assert.deepEqual(tightHtml(parts), ['<div class="a\n  b" title=', " > <b>it's  so</b> ", ' </div>']);
  });

  it('PK4 remembers over an expression that a quote is open', () => {
    assert.deepEqual(tightHtml(['<i title="a\n ', '\n b">\n</i>']), ['<i title="a\n ', '\n b"> </i>']);
  });

  it('PK4 gives up where whitespace is text', () => {
    assert.equal(tightHtml(['<pre>\n x\n</pre>']), undefined);
    assert.equal(tightHtml(['<i title="never closed>\n']), undefined);
  });
});
