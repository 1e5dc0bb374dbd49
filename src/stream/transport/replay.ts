/**
 * `replay:` plays recordings of a venue's stream in place of a socket: `replay:/files/book.txt.gz`. Several addresses,
 * with a space between them, are one session, in the order of time; the answers to HTTP requests are among them.
 * `#speed=10` at the end plays ten times faster, `#speed=max` all at once.
 *
 * Frames are handed on as they were received. When the recording ends, the connection is closed for good. A recording of
 * ours may hold several connections of one stream: all of them are played, as one, and each frame says whose it is.
 */
import type { Clock } from '../clock.js';
import { RECORDING_ENDED } from '../close-codes.js';
import { framesOf, venueOfFlight, type RecordedEvent, type RecordedFrame } from './recorded-frames.js';
import { ABNORMAL_CLOSURE, type Transport, type TransportEvents, type TransportFactory } from './transport.js';

/** How often frames that are due are handed on, in milliseconds. */
const STEP_MS = 10;
/** Frames handed on in one task at most: a page has to stay usable while it catches up. */
const MOST_A_STEP = 2_000;

interface Address {
  readonly files: readonly string[];
  /** How many times faster than it was recorded; may be `Infinity`. */
  readonly speed: number;
}

/** Throws a `TypeError` that says what was expected. */
function readAddress(src: string): Address {
  const [list = '', fragment = ''] = src.slice(src.indexOf(':') + 1).split('#', 2);
  const files = list.split(/\s+/).filter((file) => file !== '');
  const wanted = new URLSearchParams(fragment).get('speed') ?? '1';
  const speed = wanted === 'max' ? Infinity : Number(wanted);
  if (files.length === 0)
    throw new TypeError('replay: expected the address of a recording, e.g. "replay:/book.txt.gz".');
  if (!(speed > 0)) throw new TypeError(`replay: speed must be a number above 0 or "max", got "${wanted}".`);
  return { files, speed };
}

export const replayTransport: TransportFactory = (src, events, clock) => {
  const { files, speed } = readAddress(src);
  return new Replay(files, speed, events, clock);
};

type Recorded = RecordedFrame | RecordedEvent;

/** What was fetched is no recording: fetching it again brings the same. */
class DamageError extends Error {}

class Replay implements Transport {
  readonly isRecorded = true;
  readonly #files: readonly string[];
  readonly #speed: number;
  readonly #events: TransportEvents;
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  #frames: readonly Recorded[] = [];
  /** Recorded connections that are open at this point. */
  #open = new Set<number>();
  #next = 0;
  #startedAt = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(files: readonly string[], speed: number, events: TransportEvents, clock: Clock) {
    this.#files = files;
    this.#speed = speed;
    this.#events = events;
    this.#clock = clock;
  }

  open(): void {
    Promise.all(this.#files.map((file) => textOf(file, this.#abort.signal))).then(
      (texts) => this.#start(texts),
      (error: unknown) => {
        if (this.#abort.signal.aborted) return;
        if (error instanceof DamageError) return this.#events.onUnusable(error);
        const message = error instanceof Error ? error.message : String(error);
        this.#events.onClose(ABNORMAL_CLOSURE, `The recording could not be fetched: ${message}`);
      },
    );
  }

  close(): void {
    this.#abort.abort();
    this.#cancelTimer?.();
  }

  /** Nobody listens: what a client would say has been said when it was recorded. */
  send(): boolean {
    return !this.#abort.signal.aborted;
  }

  #start(texts: readonly string[]): void {
    if (this.#abort.signal.aborted) return;
    try {
      this.#frames = inOrder(texts.map((text, i) => framesIn(text, this.#files[i]!)));
    } catch (error) {
      this.#events.onUnusable(error);
      return;
    }
    this.#startedAt = this.#clock.now();
    this.#events.onOpen();
    this.#step();
  }

  #step(): void {
    const first = this.#frames.find(({ atMs }) => atMs !== undefined)?.atMs ?? 0;
    const dueAt = first + (this.#clock.now() - this.#startedAt) * this.#speed;
    for (let count = 0; count < MOST_A_STEP; count++) {
      const frame = this.#frames[this.#next];
      if (this.#abort.signal.aborted) return;
      // The code says it all.
      if (frame === undefined) return this.#events.onClose(RECORDING_ENDED, '');
      if (frame.atMs !== undefined && frame.atMs > dueAt) break;
      this.#next += 1;
      if ('text' in frame) {
        if (frame.connection !== undefined) this.#open.add(frame.connection);
        this.#events.onMessage(frame.text, frame.url, frame.connection);
      } else this.#happened(frame);
    }
    this.#cancelTimer = this.#clock.setTimer(() => this.#step(), STEP_MS);
  }

  #happened({ event, connection }: RecordedEvent): void {
    if (event !== 'ended') this.#events.onRefused(event);
    else if (this.#open.delete(connection)) this.#events.onEnded?.(connection, this.#open.size === 0);
  }
}

/** By time; frames without one keep their place behind the one before them. */
function inOrder(recordings: readonly (readonly Recorded[])[]): readonly Recorded[] {
  const timed = recordings.flatMap((frames) => {
    let at = -Infinity;
    return frames.map((frame) => ({ frame, at: (at = Math.max(at, frame.atMs ?? at)) }));
  });
  return timed.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at)).map(({ frame }) => frame);
}

async function fetchText(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal, credentials: 'omit' });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  // Some servers unpack on the way, some do not: the first bytes tell.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return new TextDecoder().decode(bytes);
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  try {
    return await new Response(unpacked).text();
  } catch (error) {
    if (signal.aborted) throw error;
    throw new DamageError(`${shown(url)}: the gzip data is damaged, or its end is missing`, { cause: error });
  }
}

/** What was fetched to see whose it is, for the replay that follows. */
let fetched: { readonly url: string; readonly text: Promise<string> } | undefined;

/** Whose stream it is, where the recording itself says so: one of ours. Rejects when it cannot be fetched. */
export async function recordedVenue(src: string): Promise<string | undefined> {
  const url = readAddress(src).files[0]!;
  const text = fetchText(url, new AbortController().signal);
  fetched = { url, text };
  const start = (await text).slice(0, 4_096);
  return venueOfFlight(start.split('\n', 1)[0]!);
}

/** A text is handed on once. */
function textOf(url: string, signal: AbortSignal): Promise<string> {
  if (fetched?.url !== url) return fetchText(url, signal);
  const { text } = fetched;
  fetched = undefined;
  return text;
}

/** Throws an `Error` that says which of the files it is about. */
function framesIn(text: string, file: string): readonly Recorded[] {
  try {
    return framesOf(text);
  } catch (error) {
    throw new DamageError(`${shown(file)}: ${(error as Error).message}`, { cause: error });
  }
}

/** An address may be a whole `data:` document. */
const shown = (url: string): string => url.slice(0, 200);
