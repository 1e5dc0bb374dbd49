/** What may be said to the reference exchange when it is started. */
import { parseArgs } from 'node:util';
import { COMPRESSED_DAY, type DayLengths } from '../src/sim/index.js';
import { isLoopbackHost } from './phase-route.js';
import type { ServerDialect } from './sockets.js';

export const USAGE = `Usage: npm start -- [options]

Runs the reference exchange and a trading desk in the browser.

  --port <n>            port to listen on, 8787; a taken one makes way for the next
  --host <name>         address to listen on, 127.0.0.1; the exchange is open to whoever reaches it
  --symbols <n>         how many symbols to list, 6 (at most 1000)
  --seed <n>            another seed is another market, 1
  --rate <n>            changes of books a second over all symbols, 20 for each
  --data <folder>       keep accounts, orders and fills in this folder, for the next start too
  --fsync               with --data: wait for the disk itself, against power loss
  --day                 go through trading days of 160 s: 20 s before the open, 10 s of auction, 120 s of
                        trading, 10 s closed
  --control             let POST /api/phase {"symbol","phase"} put a symbol into a phase, for drills: anybody
                        on this computer can then halt the market, so it needs a loopback --host
  --replay <file> ...   play a recording of an exchange instead; several files are one session
  --venue <name>        whose recording it is, where the frames do not show it
  --speed <n>           play it so many times faster, 1
  --dialect <any|guide> guide: know only subscribe, unsubscribe and ping, as the guide's own server; any
  --help                this text`;

export interface CommandLine {
  readonly port: number;
  readonly host: string;
  readonly dialect: ServerDialect;
  readonly symbols?: number;
  readonly seed?: number;
  readonly rate?: number;
  readonly data?: string;
  readonly fsync?: true;
  readonly day?: DayLengths;
  readonly control?: true;
  readonly replay?: { readonly files: readonly string[]; readonly speed: number; readonly venue?: string };
}

/** A mistake in what was typed. The message is for the person who typed it. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Undefined when help is asked for. Throws a UsageError. */
export const parseCommandLine = (args: readonly string[]): CommandLine | undefined => {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  if (positionals.length > 0 && values.replay === undefined) {
    throw new UsageError(`"${positionals[0]}" is no option; a file to play comes after --replay`);
  }
  const market = ['symbols', 'seed', 'rate', 'data', 'fsync', 'day', 'control'] as const;
  const replay = ['speed', 'venue'] as const;
  const stray = values.replay === undefined ? replay : market;
  const found = stray.find((name) => values[name] !== undefined);
  if (found !== undefined) {
    const reason = values.replay === undefined ? 'only goes with --replay' : 'does not go with --replay';
    throw new UsageError(`--${found} ${reason}`);
  }
  if (values.fsync === true && values.data === undefined) throw new UsageError('--fsync only goes with --data');
  if (values.data === '') throw new UsageError('--data is a folder');
  const host = values.host ?? '127.0.0.1';
  if (values.control === true && !isLoopbackHost(host)) {
    throw new UsageError(`--control needs a --host that only this computer reaches, not ${host}`);
  }
  const dialect = values.dialect ?? 'any';
  if (dialect !== 'any' && dialect !== 'guide') throw new UsageError(`--dialect is any or guide, got "${dialect}"`);

  const symbols = wholeNumber('symbols', values.symbols, 1, 1_000);
  const seed = wholeNumber('seed', values.seed, 0, Number.MAX_SAFE_INTEGER);
  const rate = positiveNumber('rate', values.rate);
  return {
    port: wholeNumber('port', values.port, 0, 65_535) ?? 8_787,
    host,
    dialect,
    ...(symbols !== undefined && { symbols }),
    ...(seed !== undefined && { seed }),
    ...(rate !== undefined && { rate }),
    ...(values.data !== undefined && { data: values.data }),
    ...(values.fsync === true && { fsync: true }),
    ...(values.day === true && { day: COMPRESSED_DAY }),
    ...(values.control === true && { control: true }),
    ...(values.replay !== undefined && {
      replay: {
        files: [...values.replay, ...positionals],
        speed: positiveNumber('speed', values.speed) ?? 1,
        ...(values.venue !== undefined && { venue: values.venue }),
      },
    }),
  };
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        symbols: { type: 'string' },
        seed: { type: 'string' },
        rate: { type: 'string' },
        data: { type: 'string' },
        fsync: { type: 'boolean' },
        day: { type: 'boolean' },
        control: { type: 'boolean' },
        replay: { type: 'string', multiple: true },
        venue: { type: 'string' },
        speed: { type: 'string' },
        dialect: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
};

/** The number that an option was given; undefined when it was not. Throws a UsageError. */
export const wholeNumber = (
  name: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined => {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} is a whole number from ${least} to ${most}, got "${text}"`);
};

const positiveNumber = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new UsageError(`--${name} is a number above 0, got "${text}"`);
};
