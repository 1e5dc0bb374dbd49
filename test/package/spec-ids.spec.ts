import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseAst } from 'vite';
import { root } from '../../tools/run.mjs';

/** The part of a syntax tree's node that is looked at here. */
interface Node {
  readonly type?: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly callee?: Node;
  readonly object?: Node;
  readonly arguments?: readonly Node[];
  readonly quasis?: readonly { readonly value: { readonly cooked: string } }[];
}

/** A rule: an item of a list that begins with its id. */
const RULE = /^- \*\*([A-Z]+\d+)\*\* (.+)$/gm;
const RULE_ID = /^[A-Z]+\d+(?= )/;

/** The names of the tests in a file; of one that is put together, its fixed beginning. */
function testNames(code: string): string[] {
  const names: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as Node;
    // `it.skip(…)` is a test too.
    const callee = node.callee?.object ?? node.callee;
    if (node.type === 'CallExpression' && (callee?.name === 'it' || callee?.name === 'test')) {
      const name = node.arguments?.[0];
      names.push(String(name?.quasis?.[0]?.value.cooked ?? name?.value));
    }
    Object.values(value).forEach(visit);
  };
  visit(parseAst(code, { lang: 'ts' }));
  return names;
}

const page = readFileSync(join(root, 'docs/SPEC.md'), 'utf8');
const rules = [...page.matchAll(RULE)].map(([, id = '', text = '']) => ({ id, text }));
const ids = rules.map(({ id }) => id);

const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(spec|test)\.ts$/.test(file))
  .flatMap((file) => testNames(readFileSync(join(root, 'test', file), 'utf8')).map((name) => ({ file, name })));
const idOf = (name: string): string => RULE_ID.exec(name)?.[0] ?? '';

describe('docs/SPEC.md', () => {
  it('PK20 has each id once, and each rule is a sentence', () => {
    const repeated = ids.filter((id, i) => ids.indexOf(id) !== i);
    const unfinished = rules.filter(({ text }) => !text.endsWith('.'));
    assert.deepEqual({ repeated, unfinished }, { repeated: [], unfinished: [] });
    // An item that is written otherwise would be no rule below.
    assert.equal(page.match(/^\s*[-*] /gm)?.length, rules.length);
  });

  it('PK20 has the rule that each test names', () => {
    const strangers = tests.filter(({ name }) => !ids.includes(idOf(name))).map(({ file, name }) => `${file}: ${name}`);
    assert.deepEqual(strangers, []);
  });

  it('PK20 has no rule without a test', () => {
    const named = new Set(tests.map(({ name }) => idOf(name)));
    const idle = ids.filter((id) => !named.has(id));
    assert.deepEqual(idle, []);
  });
});
