import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isList, listAt, member, parseExact, textAt, type Json } from '../../../src/stream/venue/exact-json.js';

/** What the platform makes of a text; undefined when it refuses it. */
function platform(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function readOrRefused(text: string): { readonly value: Json } | undefined {
  try {
    return { value: parseExact(text) };
  } catch (error) {
    assert.ok(error instanceof SyntaxError);
    return undefined;
  }
}

/** The same value with every number that was kept as text read, where the platform has a number. */
function numbersRead(value: unknown, like: unknown, text: string): unknown {
  if (typeof like === 'number' && typeof value === 'string') {
    assert.ok(text.includes(value), `${value} stands so in ${text}`);
    return Number(value);
  }
  if (typeof value !== 'object' || value === null || typeof like !== 'object' || like === null) return value;
  if (Array.isArray(value) && Array.isArray(like)) return value.map((item, i) => numbersRead(item, like[i], text));
  const others = new Map(Object.entries(like));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, numbersRead(item, others.get(name), text)]),
  );
}

/** Asserts that both take a text, as the same value, or both refuse it. */
function assertSame(text: string): void {
  const expected = platform(text);
  const actual = readOrRefused(text);
  assert.deepEqual(actual && { value: numbersRead(actual.value, expected?.value, text) }, expected, text);
}

const anyText = fc
  .jsonValue({ maxDepth: 4 })
  .chain((value) =>
    fc.constantFrom(
      JSON.stringify(value),
      JSON.stringify(value, undefined, 1),
      JSON.stringify({ value, 'a"1\\': [value] }),
    ),
  );
const anyNumeral = fc.stringMatching(/^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?$/);
/** Characters that matter to JSON, so that a change often leaves something that is nearly right. */
const anyCharacter = fc.constantFrom(...Array.from('{}[]:,"\\ \n\t-+.eE0123456789tfnu/'));
const anyDamage = fc.array(
  fc.record({ at: fc.nat(), cut: fc.integer({ min: 0, max: 2 }), put: fc.array(anyCharacter, { maxLength: 2 }) }),
  { minLength: 1, maxLength: 3 },
);

const damaged = (text: string, damage: readonly { at: number; cut: number; put: string[] }[]): string =>
  damage.reduce((left, { at, cut, put }) => {
    const start = at % (left.length + 1);
    return left.slice(0, start) + put.join('') + left.slice(start + cut);
  }, text);

describe('parseExact', () => {
  it('VE1 keeps every number as the text that it was written in', () => {
    assert.deepEqual(parseExact('{"p":1.10,"q":-0,"r":[1e5,0.000,12E-30],"id":9007199254740993,"x":null,"y":true}'), {
      p: '1.10',
      q: '-0',
      r: ['1e5', '0.000', '12E-30'],
      id: '9007199254740993',
      x: null,
      y: true,
    });
    assert.equal(parseExact(' 1.50 '), '1.50');
    assert.deepEqual(parseExact('[]'), []);
  });

  it('VE1 keeps numerals of any length and form', () => {
    fc.assert(
      fc.property(fc.array(anyNumeral), (numerals) => {
        const text = `{"a" : [ ${numerals.join(' ,')}]}`;
        assert.deepEqual(parseExact(text), { a: numerals });
      }),
    );
  });

  it('VE1 leaves digits in strings and names alone, behind any number of backslashes', () => {
    for (const text of [
      '{"1":"2","a\\"3":"\\\\","b":"\\\\\\"4"}',
      '["\\u0031","-5","x:6,"]',
      '"7\\\\"',
      '{"8":{"9":[]}}',
    ]) {
      assert.deepEqual(parseExact(text), JSON.parse(text));
    }
  });

  it('VE1 reads all JSON as the platform does, numbers apart', () => {
    fc.assert(fc.property(anyText, assertSame), { numRuns: 300 });
  });

  it('VE2 refuses what JSON refuses', () => {
    const bad = [
      '',
      '01',
      '1.',
      '.5',
      '+1',
      '--1',
      '-',
      '1e',
      '1e+',
      '1 2',
      '[1 2]',
      '[1,]',
      '{"a":1,}',
      '"a"1',
      '1"a"',
    ];
    const worse = [
      '{1:2}',
      '{"a":1,2:3}',
      '{1 :2}',
      '{-1.5e3\n:2}',
      'NaN',
      'Infinity',
      '{"a',
      '"\\',
      '[1',
      "{'a':1}",
      '1_000',
    ];
    for (const text of [...bad, ...worse]) {
      assert.throws(() => JSON.parse(text) as unknown, SyntaxError);
      assert.throws(() => parseExact(text), SyntaxError, text);
    }
  });

  it('VE2 takes and refuses damaged JSON exactly as the platform does', () => {
    fc.assert(
      fc.property(anyText, anyDamage, (text, damage) => {
        assertSame(damaged(text, damage));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('Looking into a parsed value', () => {
  const value = parseExact('{"a":"text","n":1.0,"list":[["1"]],"none":null,"__proto__":"own"}');

  it('VE3 gives what is there, and undefined for anything else, whatever is looked into', () => {
    assert.deepEqual([textAt(value, 'a'), textAt(value, 'n'), textAt(value, '__proto__')], ['text', '1.0', 'own']);
    assert.deepEqual([textAt(value, 'list'), textAt(value, 'none'), textAt(value, 'absent')], Array(3).fill(undefined));
    assert.equal(member(listAt(value, 'list')[0], 0), '1');
    assert.deepEqual([listAt(value, 'a'), listAt(value, 'absent')], [[], []]);
    for (const odd of [undefined, null, true, 'text', [], {}] as const) {
      for (const name of ['__proto__', 'constructor', 'length', 'toString', '0']) {
        assert.equal(textAt(odd, name), undefined);
        assert.equal(listAt(odd, name).length, 0);
      }
    }
    assert.deepEqual([isList([]), isList({}), isList(undefined)], [true, false, false]);
  });
});
