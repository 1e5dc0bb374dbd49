/**
 * The README's tables of each element: between `<!-- tables:order-book -->` and the next `<!-- /tables -->` stands
 * what custom-elements.json says of `<order-book>`.
 *
 *   node tools/readme-tables.mjs            writes them
 *   node tools/readme-tables.mjs --check    fails when they are not what it would write
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMain, root } from './run.mjs';

const cell = (text) => (text ?? '').replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
const code = (text) => (text === undefined || text === '' ? '' : `\`${cell(text)}\``);

/** A Markdown table, or nothing when there are no rows. */
function table(head, rows) {
  if (rows.length === 0) return [];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [[line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')];
}

const unquoted = (text) => text?.replace(/^'(.*)'$/, '$1');

/** What the events of an element carry, a row for each field and method of their classes. */
const carriedBy = (events, classes) =>
  events.flatMap(({ name, type }) =>
    (classes.get(type?.text)?.members ?? [])
      .filter((member) => !member.static)
      .map((member) => [
        code(name),
        code(member.kind === 'method' ? `${member.name}()` : member.name),
        code(member.type?.text),
        cell(member.description),
      ]),
  );

/** The tables of one element, as Markdown. `classes`: the classes of events, by name. */
export function tablesOf(element, classes = new Map()) {
  const {
    attributes = [],
    members = [],
    events = [],
    slots = [],
    cssParts = [],
    cssProperties = [],
    cssStates = [],
  } = element;
  const attributeOf = new Map(attributes.map((attribute) => [attribute.fieldName, attribute.name]));
  const fields = members.filter(({ kind, static: isStatic }) => kind === 'field' && !isStatic);
  const methods = members.filter(({ kind, static: isStatic }) => kind === 'method' && !isStatic);
  return [
    ...table(
      ['Attribute', 'Property', 'Type', 'Default', ''],
      fields.map((field) => [
        code(attributeOf.get(field.name)),
        code(field.name),
        code(field.type?.text),
        code(unquoted(field.default)),
        cell(field.description),
      ]),
    ),
    ...table(
      ['Method', ''],
      methods.map((method) => [code(`${method.name}()`), cell(method.description)]),
    ),
    ...table(
      ['Event', 'Class', ''],
      events.map((event) => [code(event.name), code(event.type?.text), cell(event.description)]),
    ),
    ...table(['Event', 'Carries', 'Type', ''], carriedBy(events, classes)),
    ...table(
      ['Slot', ''],
      slots.map((slot) => [slot.name === '' ? '(default)' : code(slot.name), cell(slot.description)]),
    ),
    ...table(
      ['Part', ''],
      cssParts.map((part) => [code(part.name), cell(part.description)]),
    ),
    ...table(
      ['Custom property', 'Default', ''],
      cssProperties.map((property) => [code(property.name), code(property.default), cell(property.description)]),
    ),
    ...table(
      ['State', ''],
      cssStates.map((state) => [code(`:state(${state.name})`), cell(state.description)]),
    ),
  ].join('\n\n');
}

/**
 * The text with its tables made new.
 * @throws {Error} When a marker names an element that the manifest does not know, or is never closed.
 */
export function withTables(text, manifest) {
  const elements = new Map(
    manifest.modules.flatMap(({ declarations = [] }) => declarations.map((one) => [one.tagName, one])),
  );
  const classes = new Map(
    manifest.modules.flatMap(({ declarations = [] }) => declarations.map((one) => [one.name, one])),
  );
  const opened = text.match(/<!-- tables:/g)?.length ?? 0;
  let filled = 0;
  const made = text.replace(/(<!-- tables:([\w-]+) -->)[^]*?(<!-- \/tables -->)/g, (_all, open, tag, close) => {
    const element = elements.get(tag);
    if (element === undefined) throw new Error(`tables:${tag} names no element of the manifest`);
    filled++;
    return `${open}\n\n${tablesOf(element, classes)}\n\n${close}`;
  });
  if (filled !== opened) throw new Error('a <!-- tables:… --> marker has no <!-- /tables --> of its own');
  return made;
}

/**
 * Brings README.md up to date, or with `check` only looks.
 * @returns {boolean} Whether it was out of date.
 */
export function updateReadme(manifest, { check }) {
  const file = join(root, 'README.md');
  if (!existsSync(file)) return false;
  const text = readFileSync(file, 'utf8');
  const made = withTables(text, manifest);
  if (made !== text && !check) writeFileSync(file, made);
  return made !== text;
}

if (isMain(import.meta)) {
  const check = process.argv.includes('--check');
  const manifest = JSON.parse(readFileSync(join(root, 'custom-elements.json'), 'utf8'));
  if (updateReadme(manifest, { check }) && check) {
    console.error('The tables of README.md are stale: run npm run manifest');
    process.exitCode = 1;
  }
}
