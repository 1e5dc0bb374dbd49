/** Ways to damage a frame: one place of its JSON, or its text. */
import fc from 'fast-check';

export type Path = readonly (string | number)[];

/** What is put in the place of something else. */
export const STRANGE_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  '',
  ' ',
  '-1',
  '-0',
  '0',
  '0.0',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e400',
  '1e-8',
  '1e-400',
  '00012',
  '1,5',
  '1.5.5',
  '.5',
  '5.',
  '+5',
  '0x10',
  '٣',
  '1234567890123456789012345678901234567890',
  '0.0000000000000000000000000000000000000001',
  '9007199254740993',
  '18446744073709551616',
  '11',
  'constructor',
  '__proto__',
  '💥',
  -1,
  0,
  -0,
  1e-8,
  1e21,
  11,
  9007199254740991,
  [],
  {},
  [[]],
  [null],
  [['1']],
  [['1', '1']],
  [{ price: '1' }],
  { length: 1 },
  { __proto__: null, constructor: 'x' },
];

export type Damage =
  | { readonly kind: 'replace'; readonly value: unknown }
  | { readonly kind: 'remove' }
  /** The entry of a list twice. */
  | { readonly kind: 'double' }
  | { readonly kind: 'reverse' };

export const DAMAGES: readonly Damage[] = [
  ...STRANGE_VALUES.map((value) => ({ kind: 'replace', value }) as const),
  { kind: 'remove' },
  { kind: 'double' },
  { kind: 'reverse' },
];

/** Any value at all in the place of something else. */
export const anything: fc.Arbitrary<Damage> = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => ({ kind: 'replace', value }) as const);

/** All places of a frame but the whole of it. */
export function pathsOf(value: unknown, above: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? value.map((_, i) => i) : Object.keys(value);
  return keys.flatMap((key) => {
    const path = [...above, key];
    return [path, ...pathsOf((value as Record<string | number, unknown>)[key], path)];
  });
}

/** The frame with one place damaged, as text. */
export function damaged(frame: unknown, path: Path, damage: Damage): string {
  const copy: unknown = structuredClone(frame);
  const key = path.at(-1)!;
  const parent = path.slice(0, -1).reduce((at, step) => (at as Record<string | number, unknown>)[step], copy) as
    Record<string | number, unknown> | unknown[];
  const list = Array.isArray(parent) ? parent : undefined;
  const own = (parent as Record<string | number, unknown>)[key];
  if (damage.kind === 'replace') (parent as Record<string | number, unknown>)[key] = damage.value;
  else if (damage.kind === 'reverse' && Array.isArray(own)) own.reverse();
  else if (damage.kind === 'double' && list !== undefined) list.splice(Number(key), 0, structuredClone(own));
  else if (list !== undefined) list.splice(Number(key), 1);
  else delete (parent as Record<string | number, unknown>)[key];
  return JSON.stringify(copy);
}

const DEEP = 100_000;
const LARGE = 2_000_000;

/** Texts that are no frame of anybody's, or have become none. */
export function strangeTexts(frame: unknown): string[] {
  const text = JSON.stringify(frame);
  const inside = text.indexOf('"') === -1 ? 1 : text.indexOf('"');
  return [
    '',
    ' ',
    'null',
    'true',
    '0',
    '""',
    '[]',
    '{}',
    'NaN',
    'undefined',
    '<html></html>',
    '\u0000',
    '\uFEFF' + text,
    text + text,
    `${text},`,
    `[${text}]`,
    text.replaceAll('"', "'"),
    '['.repeat(DEEP) + ']'.repeat(DEEP),
    '{"a":'.repeat(DEEP) + '1' + '}'.repeat(DEEP),
    text.slice(0, inside) + `"x":${'['.repeat(DEEP)}${']'.repeat(DEEP)},` + text.slice(inside),
    `"${'\\'.repeat(LARGE)}"`,
    '9'.repeat(LARGE),
    `[${'1,'.repeat(LARGE / 2)}1]`,
    text.replace(/"(\d[\d.]*)"/, `"${'9'.repeat(LARGE)}"`),
    text.replace(/"(\d[\d.]*)"/, `"0.${'0'.repeat(LARGE)}1"`),
  ];
}

/** The frame with more names in its objects: inherited ones, and its own once more, before or after. */
export function namedTwice(frame: unknown): string[] {
  const text = JSON.stringify(frame);
  return [
    text.replaceAll('{', '{"__proto__":{"x":1},"constructor":null,"toString":"x","hasOwnProperty":0,'),
    text.replaceAll('}', ',"__proto__":[["1","1"]]}'),
    ...[...text.matchAll(/"([a-zA-Z_]+)":/g)].flatMap(([whole, name]) => [
      text.replace(whole, `"${name}":null,${whole}`),
      text.replace(/\}([^}]*)$/, `,"${name}":"NaN"}$1`),
    ]),
  ].filter((changed) => !changed.includes(',}') && !changed.includes('{,'));
}
