/** What may be said to the replay command. */
import { parseArgs } from 'node:util';
import { VENUE_NAMES } from '../../src/stream/venue/venues.js';
import { UsageError, wholeNumber } from '../command-line.js';

/** The most levels a side that any venue offers. */
const MOST_LEVELS = 10_000;

export const USAGE = `Usage: npm run --silent replay -- [options] <file> ...

Plays recordings of an exchange's order book stream, plain or gzip, as fast as it can, and says what it found: how every
update joined, every checksum, and the books at the end. All files are one session; HTTP answers are its snapshots.

  --venue <name>   whose recording it is; default: what its frames or its name show
  --depth <n>      levels a side that the venue keeps, where its frames do not say
  --json           one JSON document instead of a summary
  --help           this text

It ends with 0 when it has played, whatever it found, and with 1 when it could not.

Venues: ${inLines(VENUE_NAMES)}`;

export interface ReplayCommandLine {
  readonly files: readonly string[];
  readonly venue?: string;
  readonly depth?: number;
  readonly isJson: boolean;
}

/** Undefined when help is asked for. Throws a UsageError. */
export function parseReplayCommandLine(args: readonly string[]): ReplayCommandLine | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  if (positionals.length === 0) throw new UsageError('which recording is to be played? Name at least one file');
  const depth = wholeNumber('depth', values.depth, 1, MOST_LEVELS);
  return {
    files: positionals,
    isJson: values.json === true,
    ...(values.venue !== undefined && { venue: values.venue }),
    ...(depth !== undefined && { depth }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        venue: { type: 'string' },
        depth: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** Names joined by commas, broken where a terminal would break them. */
function inLines(names: readonly string[]): string {
  let line = 'Venues: '.length;
  return names
    .map((name, i) => {
      const text = i === names.length - 1 ? `${name}.` : `${name},`;
      const isBroken = line + text.length > 100;
      line = (isBroken ? 2 : line + 1) + text.length;
      return isBroken ? `\n  ${text}` : i === 0 ? text : ` ${text}`;
    })
    .join('');
}
