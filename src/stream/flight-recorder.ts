/**
 * The flight recorder: what a stream heard and said in its last minute, and what it made of it. It listens where frames
 * come in, as text, and is told decisions in passing; nothing is copied, parsed or written before somebody asks for it.
 *
 * The minute is kept in segments. Each begins with all that was known at that moment (`flight-base.ts`), so that the
 * oldest can be dropped and the rest still be played from its start. A venue's books stand in the state of its session,
 * which cannot be written down: its first segment is kept for as long as there is room, since nothing stands in for it.
 */
import { type Clock, isOver } from './clock.js';
import type { FlightBase } from './flight-base.js';
import type { Meter } from './metrics.js';
import { isRecord } from './protocol/shape.js';
import type { Settings } from './settings.js';
import type { Transport, TransportFactory } from './transport/transport.js';

/** How far back a recording reaches at least, in milliseconds. */
export const KEPT_MS = 60_000;
/** How long a segment is, and how long a silence counts at most: neither a sleep nor a jump of the clock empties the ring. */
const SEGMENT_MS = 15_000;
/** Segments that the room is shared out to. */
const SEGMENTS = 4;
/** What an entry takes beside its text, in characters. */
const ENTRY_LENGTH = 48;
/** What is looked into before it is kept. */
const SECRET = /"(?:auth|resume)"/;
/** Tickets that are remembered: the last ones of a minute, however often a login fails. */
const MOST_SECRETS = 100;
/** The shortest time between two notes of requests that had to wait. */
const HELD_NOTE_MS = 1_000;

/**
 * What happened on a connection: `in` and `out` are frames, `answer` is by HTTP, `unsent` could not be sent, `let_go` is
 * our own end; `ended` is that of one of the connections in a recording that is played.
 */
export type WireKind = 'open' | 'in' | 'answer' | 'out' | 'unsent' | 'refused' | 'close' | 'let_go' | 'ended';
/** What the stream decided. `held`: a snapshot was not asked for, so as not to ask too much at once. */
export type Decision = 'status' | 'verdict' | 'told' | 'resync' | 'held' | 'gaps';

export interface FlightEntry {
  /** In the stream's clock. */
  readonly at: number;
  /** Counts the connections of the stream from 1; 0 for what is no connection's. */
  readonly on: number;
  kind: WireKind | Decision;
  /** The frame, or what was decided. */
  readonly what: unknown;
  /** The request that an `answer` belongs to. */
  readonly url?: string | undefined;
}

export interface FlightSegment {
  readonly entries: FlightEntry[];
  /** What was known when it began; undefined where that cannot be said. */
  readonly base: FlightBase | undefined;
  /** Nothing came before it. */
  readonly isFirst: boolean;
  readonly at: number;
  /** By the time that the recorder counts. */
  readonly from: number;
  /** Characters held by entries, and by all. */
  length: number;
  size: number;
}

export interface RecorderOptions {
  readonly clock: Clock;
  readonly meter: Pick<Meter, 'counts'>;
  readonly settings: Pick<Settings, 'recorderSize'>;
  /** What is known now, between two frames; undefined where a recording could not begin with it. */
  base(): FlightBase | undefined;
}

export class FlightRecorder {
  readonly #options: RecorderOptions;
  #segments: FlightSegment[] = [];
  #size = 0;
  #connections = 0;
  #gaps = 0;
  /** Time as it passes with the stream: forward only, and never more at once than a segment. */
  #elapsed = 0;
  #lastAt: number;
  #heldAt = -Infinity;
  /** A frame is being read: what is known now is neither from before it nor from after it. */
  #isReading = false;
  #isLost = false;
  readonly #secrets: string[] = [];

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#lastAt = options.clock.now();
    this.#begin(this.#lastAt, undefined, true);
  }

  /** What is held, oldest first, as it is now. */
  get segments(): readonly FlightSegment[] {
    return this.#segments.map((segment) => ({ ...segment, entries: segment.entries.slice() }));
  }

  /** The newest connection. */
  get connection(): number {
    return this.#connections;
  }

  /** Characters held. */
  get size(): number {
    return this.#size;
  }

  /** The same transports, overheard. */
  tap(make: TransportFactory): TransportFactory {
    return (src, events, clock) => {
      const on = (this.#connections += 1);
      let isEnded = false;
      const inner: Transport = make(
        src,
        {
          onOpen: () => {
            this.#add('open', on, null, 0);
            events.onOpen();
          },
          onMessage: (text, url, from) => {
            this.#add(url === undefined ? 'in' : 'answer', on, text, text.length, url);
            this.#isReading = true;
            events.onMessage(text, url, from);
            this.#isReading = false;
            const { gaps } = this.#options.meter.counts;
            if (gaps !== this.#gaps) this.note('gaps', (this.#gaps = gaps));
          },
          onRefused: (reason, length) => {
            this.#add('refused', on, [reason, length], 0);
            events.onRefused(reason, length);
          },
          onClose: (code, reason, retryAfterMs) => {
            isEnded = true;
            this.#add('close', on, [code, reason], reason.length);
            events.onClose(code, reason, retryAfterMs);
          },
          onUnusable: (error) => {
            isEnded = true;
            events.onUnusable(error);
          },
          onEnded: (from, isLast) => {
            this.#add('ended', on, from, 0);
            events.onEnded?.(from, isLast);
          },
        },
        clock,
      );
      return {
        get isRecorded() {
          return inner.isRecorded ?? false;
        },
        open: () => inner.open(),
        close: (code, reason) => {
          if (!isEnded) this.#add('let_go', on, code ?? 0, 0);
          isEnded = true;
          inner.close(code, reason);
        },
        send: (text) => {
          const said = this.#withoutSecrets(text);
          // Noted first, since a transport within the page may answer at once.
          const entry = this.#add('out', on, said, said.length);
          const isSent = inner.send(text);
          if (!isSent) entry.kind = 'unsent';
          return isSent;
        },
        overheard: (text, url) => void this.#add('answer', on, text, text.length, url),
      };
    };
  }

  /** What proved who the page is: it may stand in no recording, whoever repeats it. */
  get secrets(): readonly string[] {
    return this.#secrets;
  }

  /** Notes a decision. */
  note(kind: Decision, what: unknown): void {
    const now = this.#options.clock.now();
    if (kind === 'held') {
      if (!isOver(this.#heldAt, HELD_NOTE_MS, now)) return;
      this.#heldAt = now;
    }
    this.#add(kind, 0, what, ENTRY_LENGTH);
  }

  #add(kind: FlightEntry['kind'], on: number, what: unknown, length: number, url?: string): FlightEntry {
    const at = this.#options.clock.now();
    const entry: FlightEntry = url === undefined ? { at, on, kind, what } : { at, on, kind, what, url };
    const most = this.#options.settings.recorderSize;
    if (most === 0) {
      if (this.#size > 0) this.#lose();
      this.#isLost = true;
      return entry;
    }
    this.#elapsed += Math.min(SEGMENT_MS, Math.max(0, at - this.#lastAt));
    this.#lastAt = at;
    const size = length + ENTRY_LENGTH;
    let segment = this.#segments[this.#segments.length - 1]!;
    if (!this.#isReading && (this.#isLost || this.#isFull(segment, size, most))) segment = this.#turn(at, most);
    segment.entries.push(entry);
    segment.length += size;
    segment.size += size;
    this.#size += size;
    if (this.#size > most) {
      do this.#drop();
      while (this.#size > most || this.#isSpent());
    }
    return entry;
  }

  #isFull({ from, length, entries }: FlightSegment, size: number, most: number): boolean {
    return this.#elapsed - from >= SEGMENT_MS || (entries.length > 0 && length + size > most / SEGMENTS);
  }

  #turn(at: number, most: number): FlightSegment {
    const base = this.#options.base();
    const segment = this.#begin(at, base !== undefined && base.size <= most / 2 ? base : undefined, false);
    while (this.#isSpent()) this.#drop();
    return segment;
  }

  /** Whether the oldest segment is too old, and the next can do without it. */
  #isSpent(): boolean {
    const [first, second] = this.#segments;
    if (second === undefined || this.#elapsed - second.from < KEPT_MS) return false;
    return second.base !== undefined || !(first!.isFirst || first!.base !== undefined);
  }

  #drop(): void {
    // One frame alone that is more than there is room for.
    if (this.#segments.length === 1) return this.#lose();
    this.#size -= this.#segments.shift()!.size;
  }

  /** All goes; what follows begins with what will be known then. */
  #lose(): void {
    this.#segments = [];
    this.#size = 0;
    this.#begin(this.#lastAt, undefined, false);
    this.#isLost = true;
  }

  #begin(at: number, base: FlightBase | undefined, isFirst: boolean): FlightSegment {
    const size = base?.size ?? 0;
    const segment = { entries: [], base, isFirst, at, from: this.#elapsed, length: 0, size };
    this.#segments.push(segment);
    this.#size += size;
    this.#isLost = false;
    return segment;
  }

  /** What a client says may prove who it is. Few frames go out, and fewer are looked into. */
  #withoutSecrets(text: string): string {
    if (!SECRET.test(text)) return text;
    try {
      const { type, id, data } = JSON.parse(text) as Readonly<Record<string, unknown>>;
      if (type === 'auth') {
        const ticket = isRecord(data) ? data['ticket'] : undefined;
        if (typeof ticket === 'string') this.#secrets.push(ticket);
        if (this.#secrets.length > MOST_SECRETS) this.#secrets.shift();
        return JSON.stringify({ type, id, data: 'redacted' });
      }
      if (!isRecord(data) || !Object.hasOwn(data, 'resume')) return text;
      return JSON.stringify({ type, id, data: { ...data, resume: 'redacted' } });
    } catch {
      return '"redacted"';
    }
  }
}
