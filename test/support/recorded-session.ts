/** A recorded session in memory: its frames, and which of them change a book that is in order. */
import { fileURLToPath } from 'node:url';
import { mergeFrames } from '../../server/recording/merge-frames.js';
import { sessionOf } from '../../server/recording/session-files.js';
import type { RecordedFrame } from '../../src/stream/transport/recorded-frames.js';
import { parseExact } from '../../src/stream/venue/exact-json.js';
import type { VenueProtocol } from '../../src/stream/venue/venue-protocol.js';
import { VenueLog } from './venue-log.js';
import { collectKeys } from './venue-snapshots.js';

export interface RecordedSession {
  readonly protocol: VenueProtocol;
  readonly frames: readonly RecordedFrame[];
  /** Of each frame that is one update of one book, and nothing else: the symbol. */
  readonly updates: readonly (string | undefined)[];
  /** Of each symbol: runs of frames that are updates, with no snapshot between them. */
  readonly runs: ReadonlyMap<string, readonly (readonly number[])[]>;
  /** `symbol price` to the key of the level, where levels have keys. */
  readonly keys: ReadonlyMap<string, string>;
}

/** A log without trades and quotes, of which there are many and which touch no book. */
export class BookLog extends VenueLog {
  override trade(): void {}
  override quote(): void {}
}

const KEYED: ReadonlySet<string> = new Set(['bitmex', 'bybit-v2']);

export async function recordedSession(files: readonly URL[], venue: string): Promise<RecordedSession> {
  const session = await sessionOf(
    files.map((file) => fileURLToPath(file)),
    { venue },
  );
  const frames: RecordedFrame[] = [];
  for await (const { entries } of mergeFrames(session.files)) {
    for (const entry of entries) if ('text' in entry) frames.push(entry);
  }
  return { protocol: session.protocol, frames, ...survey(session.protocol, frames) };
}

function survey(
  protocol: VenueProtocol,
  frames: readonly RecordedFrame[],
): Pick<RecordedSession, 'updates' | 'runs' | 'keys'> {
  const log = new BookLog();
  const reader = protocol.start(log);
  const keys = new Map<string, string>();
  const runs = new Map<string, number[][]>();
  const updates = frames.map(({ text, url }, i) => {
    reader.read(text, url);
    const calls = log.take();
    if (calls.length > 0 && KEYED.has(protocol.name)) collectKeys(parseExact(text), keys);
    const [, symbol] = /^delta (\S+) applied$/.exec(calls.length === 1 ? calls[0]! : '') ?? [];
    if (symbol !== undefined) runs.get(symbol)?.at(-1)?.push(i);
    for (const call of calls) {
      const [, replaced] = /^snapshot (\S+) applied$/.exec(call) ?? [];
      if (replaced === undefined) continue;
      const own = runs.get(replaced);
      if (own === undefined) runs.set(replaced, [[]]);
      else own.push([]);
    }
    return symbol;
  });
  return { updates, runs, keys };
}
