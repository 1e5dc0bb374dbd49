/** `npm run replay`: plays recordings in a terminal. What it found goes to stdout, everything else to stderr. */
import { basename, resolve } from 'node:path';
import { UsageError } from '../command-line.js';
import { RecordingError } from '../recording/recording-error.js';
import { parseReplayCommandLine, USAGE, type ReplayCommandLine } from './command-line.js';
import { play } from './play.js';
import { ProgressBar } from './progress-bar.js';
import { reportOf } from './report.js';
import { summaryOf } from './summary.js';

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** npm runs scripts in the project's folder, and says where it was called itself. */
const folder = process.env['npm_lifecycle_event'] === 'replay' ? process.env['INIT_CWD'] : undefined;

async function replay({ files, isJson, ...options }: ReplayCommandLine): Promise<string> {
  const bar = new ProgressBar(process.stderr);
  const onProgress = (part: number): void => bar.show(part, performance.now());
  try {
    const paths = files.map((file) => resolve(folder ?? '.', file));
    const played = await play(paths, { ...options, onNote: tell, onProgress });
    return isJson ? JSON.stringify(reportOf(nameOf(paths[0]!), played)) : summaryOf(played);
  } finally {
    bar.clear();
  }
}

/** A file's name without what says how it is written. */
const nameOf = (path: string): string => basename(path).replace(/(?:\.(?:gz|txt|json))+$/, '');

// Whoever reads the result may have seen enough of it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

try {
  const commandLine = parseReplayCommandLine(process.argv.slice(2));
  process.stdout.write(`${commandLine === undefined ? USAGE : await replay(commandLine)}\n`);
} catch (error) {
  process.exitCode = 1;
  if (error instanceof UsageError) tell(`${error.message}\n\n${USAGE}`);
  else if (error instanceof RecordingError) tell(error.message);
  else throw error;
}
