/**
 * `npm run manifest`: writes custom-elements.json, the editors' and JSX types' files in generated/, and the tables of
 * the README, all from the comments in src/elements/. With `--check` it writes nothing and fails when one of them
 * differs from what it would have written.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isMain, root, runNode } from './run.mjs';
import { updateReadme } from './readme-tables.mjs';

/** Every file that is generated, from the root. */
const filesIn = (folder) => [
  'custom-elements.json',
  ...(existsSync(join(folder, 'generated'))
    ? readdirSync(join(folder, 'generated')).map((name) => `generated/${name}`)
    : []),
];

/** Where an exported class is, as its built file seen from generated/. */
function builtFileOf(className) {
  const pattern = new RegExp(`^export class ${className}\\b`, 'm');
  const files = readdirSync(join(root, 'src/elements'), { recursive: true }).filter((name) => name.endsWith('.ts'));
  const file = files.find((name) => pattern.test(readFileSync(join(root, 'src/elements', name), 'utf8')));
  if (file === undefined) throw new Error(`@fires names {${className}}, but no file of src/elements/ exports it`);
  return `../dist/elements/${file.replace(/\.ts$/, '.js')}`;
}

/** The generator of JSX types names the events' classes without importing them. */
function importEvents(folder) {
  const file = join(folder, 'generated/jsx.d.ts');
  const { modules } = JSON.parse(readFileSync(join(folder, 'custom-elements.json'), 'utf8'));
  const types = modules.flatMap(({ declarations }) =>
    declarations.flatMap(({ events = [] }) => events.map(({ type }) => type?.text)),
  );
  const classes = [
    ...new Set(types.filter((name) => /^\w+$/.test(name ?? '') && name !== 'CustomEvent' && name !== 'Event')),
  ].sort();
  const imports = classes.map((name) => `import type { ${name} } from "${builtFileOf(name)}";\n`);
  writeFileSync(file, imports.join('') + readFileSync(file, 'utf8'));
}

async function generate(folder) {
  const cli = 'node_modules/@custom-elements-manifest/analyzer/cem.js';
  const outdir = relative(root, folder) || '.';
  // It speaks at length of success; only its complaints matter.
  const code = await runNode([cli, 'analyze', '--quiet'], {
    env: { ...process.env, TOUCHLINE_GENERATED: outdir },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (code !== 0) throw new Error(`the manifest could not be made: exit code ${code}`);
  importEvents(folder);
}

/** Names of generated files that are missing, different, or no longer made. */
async function stale() {
  mkdirSync(join(root, 'out'), { recursive: true });
  const folder = mkdtempSync(join(root, 'out/manifest-'));
  try {
    await generate(folder);
    const read = (base, name) => (existsSync(join(base, name)) ? readFileSync(join(base, name), 'utf8') : undefined);
    const names = [...new Set([...filesIn(root), ...filesIn(folder)])];
    const differing = names.filter((name) => read(root, name) !== read(folder, name));
    const manifest = JSON.parse(readFileSync(join(folder, 'custom-elements.json'), 'utf8'));
    return updateReadme(manifest, { check: true }) ? [...differing, 'README.md'] : differing;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (isMain(import.meta)) {
  if (process.argv.includes('--check')) {
    const names = await stale();
    if (names.length > 0) {
      console.error(`Stale, run npm run manifest: ${names.join(', ')}`);
      process.exitCode = 1;
    }
  } else {
    await generate(root);
    updateReadme(JSON.parse(readFileSync(join(root, 'custom-elements.json'), 'utf8')), { check: false });
  }
}
