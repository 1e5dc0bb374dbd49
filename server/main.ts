/** `npm start`: the reference exchange in a terminal. */
import { basename } from 'node:path';
import { type CommandLine, parseCommandLine, USAGE, UsageError } from './command-line.js';
import { type ExchangeServer, newEpoch, startExchange, type SteppedMarket } from './exchange-server.js';
import { JournalError } from './journal/journal-error.js';
import { openRecording } from './recording/recording.js';
import { RecordingError } from './recording/recording-error.js';
import { ReplayMarket } from './replay-market.js';

/** Ports tried after the one asked for. */
const MORE_PORTS = 20;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const fail = (text: string): never => {
  process.stderr.write(`${text}\n`);
  process.exit(1);
};

const readCommandLine = (): CommandLine => {
  try {
    const commandLine = parseCommandLine(process.argv.slice(2));
    if (commandLine !== undefined) return commandLine;
  } catch (error) {
    if (error instanceof UsageError) return fail(`${error.message}\n\n${USAGE}`);
    throw error;
  }
  say(USAGE);
  process.exit(0);
};

const openReplay = async ({ files, speed, venue }: NonNullable<CommandLine['replay']>): Promise<SteppedMarket> => {
  try {
    const recording = await openRecording(files, { onNote: say, ...(venue !== undefined && { venue }) });
    const seconds = ((recording.endMs - recording.startMs) / 1_000 / speed).toFixed(1);
    const names = files.map((file) => basename(file)).join(', ');
    say(
      `Playing ${names} (${recording.protocol.name}, ${recording.symbols.length} symbols, ${seconds} s at speed ${speed}).`,
    );
    return new ReplayMarket({
      recording,
      speed,
      startMs: Date.now(),
      epoch: newEpoch(),
      onEnd: (error) => say(error === undefined ? 'The recording has ended; its last books stand.' : describe(error)),
    });
  } catch (error) {
    if (error instanceof RecordingError) return fail(error.message);
    throw error;
  }
};

const describe = (error: unknown): string =>
  `The recording could not be read to its end: ${error instanceof Error ? error.message : String(error)}`;

/** Takes the port asked for, or the first free one after it. */
const listen = async (options: CommandLine, market: SteppedMarket | undefined): Promise<ExchangeServer> => {
  const { port, replay: _, ...rest } = options;
  const last = port === 0 ? 0 : Math.min(65_535, port + MORE_PORTS);
  for (let candidate = port; ; candidate++) {
    try {
      const onFailure = ({ message }: Error): void => {
        process.stderr.write(`${message}; the exchange ends, so that it can be started anew from what was kept.\n`);
        process.exitCode = 1;
      };
      const server = await startExchange({
        ...rest,
        port: candidate,
        ...(market && { market }),
        onFailure,
        onNote: say,
      });
      if (candidate !== port) say(`Port ${port} is taken; this is ${server.port}.`);
      return server;
    } catch (error) {
      if (error instanceof JournalError || (error instanceof RangeError && rest.data !== undefined)) {
        return fail(`Cannot use ${rest.data}: ${error.message}`);
      }
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (code === 'EADDRINUSE' && candidate < last) continue;
      return fail(code === 'EADDRINUSE' ? `The ports ${port} to ${last} are taken.` : `Cannot listen: ${message}`);
    }
  }
};

const commandLine = readCommandLine();
const server = await listen(commandLine, commandLine.replay && (await openReplay(commandLine.replay)));
say(`Touchline reference exchange: ${server.pageUrl}`);
say(`Market data and orders:       ${server.url}`);
say('Ctrl+C ends it.');

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void server.close().then(() => process.exit(0));
  });
}
