/** `npm start`: makes ready what is missing, then runs the reference exchange in this terminal. Arguments go to it. */
import { ensureDependencies } from './ensure-dependencies.mjs';
import { runNode } from './run.mjs';

await ensureDependencies();
try {
  await (await import('./build.mjs')).ensureCdn();
} catch (error) {
  console.error(`The page's files could not be built: ${error.message}`);
  process.exit(1);
}
process.exitCode = await runNode(['--import', 'tsx', 'server/main.ts', ...process.argv.slice(2)]);
