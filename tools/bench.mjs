/** `npm run bench` runs every bench of bench/; `npm run bench -- book-structures` only those named. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies } from './ensure-dependencies.mjs';
import { root, runNode } from './run.mjs';

const all = readdirSync(join(root, 'bench'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -'.ts'.length));
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(', ')}. There are ${all.join(', ')}.`);
  process.exit(1);
}

await ensureDependencies();
for (const name of wanted.length > 0 ? wanted : all) {
  console.log(`\n── ${name}`);
  const code = await runNode(['--import', 'tsx', '--expose-gc', `bench/${name}.ts`]);
  if (code !== 0) process.exitCode = code;
}
