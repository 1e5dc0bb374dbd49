/**
 * A recording as text: one JSON value a line. The first line says what it is, of whom, and from when on the books can be
 * played exactly; then one line for each thing that happened, in order. Frames are JSON strings, so that every character
 * comes back. `transport/recorded-frames.ts` reads it.
 *
 *     {"touchline-flight":1,"src":"wss://feed.example/ws/?token=redacted","venue":"touchline",…}
 *     {"at":1795339254616,"on":1,"base":"{\"type\":\"welcome\",…}"}      what was known at the start
 *     {"at":1795339254620,"on":1,"in":"{\"type\":\"market_data\",…}"}    `on`: the connection, counted from 1
 *     {"at":1795339254620,"verdict":["SCOM","live","ok"]}
 */
import type { Clock } from './clock.js';
import type { FlightEntry, FlightSegment } from './flight-recorder.js';
import { isPublicFrame } from './flight-privacy.js';

export const FLIGHT_FORM = 1;

/** Characters written between two pauses: a page has to stay usable meanwhile. */
const SLICE_LENGTH = 128 * 1024;
/** What is shorter proves nothing, and would be found in other words. */
const LEAST_SECRET_LENGTH = 8;
/** An address may be a whole `data:` document. */
const LONGEST_ADDRESS = 500;

export interface FlightFacts {
  readonly src: string;
  readonly venue: string;
  readonly dialect: string;
  /** The newest connection: it knew what stands at the start. */
  readonly connection: number;
  /** What proved who the page is: whoever repeats it, it is not written. */
  readonly secrets: readonly string[];
  /** With orders and accounts. */
  readonly isPrivate: boolean;
}

/** Resolves with the whole text. */
export async function writeFlight(
  facts: FlightFacts,
  segments: readonly FlightSegment[],
  clock: Clock,
): Promise<string> {
  // Nobody has an order at a venue.
  const leavesOut = !facts.isPrivate && facts.dialect !== 'venue';
  // From when on nothing has to be known that is not here.
  const based = segments.find(({ isFirst, base }) => isFirst || base !== undefined);
  const header = {
    'touchline-flight': FLIGHT_FORM,
    src: withoutQuery(facts.src),
    venue: facts.venue,
    dialect: facts.dialect,
    version: kitVersion(),
    recordedAt: clock.now(),
    from: segments[0]?.entries[0]?.at ?? clock.now(),
    exactFrom: based?.at ?? null,
    private: facts.isPrivate,
  };
  const parts = [JSON.stringify(header)];
  // As they stand in a line, where a frame is a text within a text.
  const secrets = facts.secrets
    .filter(({ length }) => length >= LEAST_SECRET_LENGTH)
    .flatMap((secret) => {
      const once = JSON.stringify(secret).slice(1, -1);
      return [JSON.stringify(once).slice(1, -1), once];
    });
  let length = 0;
  for (const segment of segments) {
    for (const line of linesOf(segment, segment === based, facts.connection, leavesOut)) {
      parts.push(secrets.reduce((text, secret) => text.replaceAll(secret, 'redacted'), line));
      length += line.length;
      if (length < SLICE_LENGTH) continue;
      length = 0;
      await new Promise<void>((resolve) => void clock.setTimer(resolve, 0));
    }
  }
  return `${parts.join('\n')}\n`;
}

function* linesOf(
  { at, base, entries }: FlightSegment,
  isBased: boolean,
  on: number,
  leavesOut: boolean,
): Iterable<string> {
  const known = isBased ? base?.messages() : undefined;
  for (const message of known ?? []) yield JSON.stringify({ at, on, base: JSON.stringify(message) });
  for (const entry of entries) yield lineOf(entry, leavesOut);
}

function lineOf({ at, on, kind, what, url }: FlightEntry, leavesOut: boolean): string {
  if (on === 0) return JSON.stringify({ at, [kind]: what });
  const isFrame = kind === 'in' || kind === 'out' || kind === 'unsent';
  if (isFrame && leavesOut && !isPublicFrame(what as string)) {
    return JSON.stringify({ at, on, left_out: kind, length: (what as string).length });
  }
  return JSON.stringify({ at, on, [kind]: what, url });
}

/** An address says where; what stands in its query may say who. */
export const withoutQuery = (src: string): string =>
  src
    .slice(0, LONGEST_ADDRESS)
    .replace(/#.*$/s, '')
    .replace(/^([a-z+.-]+:\/\/)[^/?]*@/i, '$1redacted@')
    .replace(/([?&](?:[^=&]*=)?)[^&]+/g, '$1redacted');

declare const __TOUCHLINE_VERSION__: string | undefined;
const kitVersion = (): string => (typeof __TOUCHLINE_VERSION__ === 'string' ? __TOUCHLINE_VERSION__ : 'development');
