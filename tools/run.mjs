/** Starting other programs: one way, in which a signal to us reaches them and their exit code reaches us. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The environment in which tsx reads the compiler's options that all our files share. It would look into
 * tsconfig.json, which holds only the list of the rooms.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {NodeJS.ProcessEnv}
 */
export const withTsx = (env = process.env) => ({ TSX_TSCONFIG_PATH: join(root, 'tsconfig.all.json'), ...env });

/**
 * Runs a program in the project's root, sharing this terminal unless `options.stdio` says otherwise.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} Its exit code; 128 + n when signal n ended it. Rejects when it cannot be started.
 */
export function run(command, args, options = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options, env: withTsx(options.env) });
    // A terminal sends Ctrl+C to the whole group; a supervisor sends SIGTERM to us alone. Passing on covers both.
    const pass = (signal) => child.kill(signal);
    process.on('SIGINT', pass).on('SIGTERM', pass);
    const tidy = () => process.off('SIGINT', pass).off('SIGTERM', pass);
    child.once('error', (error) => {
      tidy();
      fail(error);
    });
    child.once('close', (code, signal) => {
      tidy();
      done(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** Runs a JavaScript file of ours or of a package with this same Node. */
export const runNode = (args, options) => run(process.execPath, args, options);

/** Whether this module is the program that Node was asked to run. */
export const isMain = (meta) => process.argv[1] !== undefined && fileURLToPath(meta.url) === process.argv[1];
