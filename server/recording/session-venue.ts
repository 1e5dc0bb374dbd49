/** Whose recording it is. */
import { basename } from 'node:path';
import { OWN_PROTOCOL } from '../../src/stream/own-protocol.js';
import { parseExact } from '../../src/stream/venue/exact-json.js';
import { nearSymbols } from '../../src/stream/venue/near-symbols.js';
import type { VenueProtocol } from '../../src/stream/venue/venue-protocol.js';
import { loadVenue, VENUE_NAMES, venueInText, venueNamed, type VenueName } from '../../src/stream/venue/venues.js';
import { readFrames } from './frame-file.js';
import type { FrameFile } from './frame-file.js';
import { ownProtocol } from './own-session.js';
import { RecordingError } from './recording-error.js';

/** Frames looked at to tell a venue: acknowledgements, which tell nothing, come first, one for each symbol and channel. */
const FRAMES_TO_RECOGNISE = 2_000;

/**
 * The venue that the files' frames show, among those that `asked` may mean, or among all; where the frames show none, the
 * one that was asked for or that the files' names say. Throws `RecordingError`.
 */
export async function venueOf(files: readonly FrameFile[], asked: string | undefined): Promise<VenueProtocol> {
  const meant = asked === undefined ? VENUE_NAMES : namesMeant(asked);
  const sockets = files.filter((file) => file.form !== 'http');
  let session: { readonly venue: VenueProtocol; readonly path: string } | undefined;
  for (const file of sockets.length > 0 ? sockets : files) {
    const venue = (await saidBy(file, asked)) ?? (await venueOfFrames(file, meant)) ?? (await otherwise(file, asked));
    if (venue === undefined) continue;
    if (session !== undefined && session.venue !== venue) {
      const message = `${session.path} is of ${session.venue.name} and ${file.path} of ${venue.name}: give the files of one venue`;
      throw new RecordingError('mixed_venues', message);
    }
    session = { venue, path: file.path };
  }
  return session?.venue ?? loadVenue(meant[0]!);
}

/** The venue that a file of ours names; undefined for any other file, and where it was asked for as another's. */
async function saidBy({ venue }: FrameFile, asked: string | undefined): Promise<VenueProtocol | undefined> {
  if (venue === undefined || asked !== undefined) return undefined;
  if (venue === OWN_PROTOCOL) return ownProtocol;
  return venueNamed(venue) === undefined ? undefined : loadVenue(venue);
}

/** The venues that a name may mean, the likeliest first: `binance` is any market of Binance, `binance-usdm` is that one. */
function namesMeant(asked: string): VenueName[] {
  const name = venueNamed(asked);
  if (name === undefined) {
    const like = namesLike(asked);
    const hint = like.length > 0 ? `did you mean ${like.join(' or ')}? ` : '';
    throw new RecordingError('unknown_venue', `there is no venue ${JSON.stringify(asked)}; ${hint}${known()}`);
  }
  if (asked.includes('-')) return [name];
  return [name, ...VENUE_NAMES.filter((other) => other !== name && familyOf(other) === familyOf(name))];
}

const familyOf = (name: string): string => name.split('-', 1)[0]!;

/** Venues that somebody may have meant who wrote a name that is none. */
function namesLike(asked: string): VenueName[] {
  const near = new Set(nearSymbols(asked, [...VENUE_NAMES, ...VENUE_NAMES.map(familyOf)], Infinity));
  return VENUE_NAMES.filter((name) => {
    const family = familyOf(name);
    return near.has(name) || near.has(family) || asked.toLowerCase().startsWith(family);
  });
}

/** The venue of a file whose frames show none of those that are meant; undefined to believe who asked. */
async function otherwise({ path, form }: FrameFile, asked: string | undefined): Promise<VenueProtocol | undefined> {
  if (asked === undefined) {
    const name = venueInText(basename(path));
    if (name !== undefined) return loadVenue(name);
    throw new RecordingError('unknown_venue', `${path}: frames of no venue that is known; ${known()}`);
  }
  const other = await venueOfFrames({ path, form }, VENUE_NAMES);
  if (other === undefined) return undefined;
  throw new RecordingError('other_venue', `${path}: a recording of ${other.name}, not of ${asked}`);
}

/** The only venue of those named that knows a frame's shape, by the first frame of which that can be said. */
async function venueOfFrames(file: FrameFile, names: readonly VenueName[]): Promise<VenueProtocol | undefined> {
  const venues = await Promise.all(names.map(loadVenue));
  let left = FRAMES_TO_RECOGNISE;
  for await (const entries of readFrames(file)) {
    for (const entry of entries) {
      if (left-- === 0) return undefined;
      if (!('text' in entry)) continue;
      const venue = venueOfText(entry.text, venues);
      if (venue !== undefined) return venue;
    }
  }
  return undefined;
}

/** Undefined also for text that is no JSON: one damaged frame does not hide the venue of the others. */
function venueOfText(text: string, venues: readonly VenueProtocol[]): VenueProtocol | undefined {
  try {
    const frame = parseExact(text);
    const knowing = venues.filter((venue) => venue.recognises(frame));
    return knowing.length === 1 ? knowing[0] : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const known = (): string => `known are ${VENUE_NAMES.join(', ')}`;
