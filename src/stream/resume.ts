/**
 * What a lost session may be taken up from: its name, and how far each stream has been heard without a hole. Trades and
 * books are known to their symbols; private streams are followed here, since whether one is whole is a matter of its
 * numbers alone. After a disconnect that the page wished for there is nothing to take up.
 */
import type { PrivateEvent } from './market-stream.js';
import type { ResumeRequest, StreamMark } from './protocol/messages.js';

/** Streams named at most. What does not fit begins anew. */
const MOST_STREAMS = 500;
/** Numbers kept beyond a hole. What is forgotten is replayed as well, and known then. */
const MOST_AHEAD = 1_000;

export type NamedMark = readonly [stream: string, mark: StreamMark];

interface PrivatePlace {
  readonly epoch: string;
  /** Everything up to here has been heard. */
  sequence: number;
  /** Heard beyond it. */
  readonly ahead: Set<number>;
}

/** What is known of a symbol that a lost session served. */
export interface Marked {
  readonly symbol: string;
  /** Where its trades stand, if they may be taken up from there. */
  readonly tradeMark: StreamMark | undefined;
  readonly sync: { readonly book: { readonly epoch: string; readonly sequence: number } | undefined };
}

/** Where trades and books stand; trades first, which nothing else brings back. */
export const marksOf = (symbols: readonly Marked[]): NamedMark[] => [
  ...symbols.flatMap(({ symbol, tradeMark }): NamedMark[] => (tradeMark ? [[`trades:${symbol}`, tradeMark]] : [])),
  ...symbols.flatMap(({ symbol, sync: { book } }): NamedMark[] =>
    book ? [[`book:${symbol}`, [book.epoch, book.sequence]]] : [],
  ),
];

export class Resume {
  readonly #marketMarks: () => Iterable<NamedMark>;
  readonly #private = new Map<string, PrivatePlace>();
  #session: string | undefined;

  /** `marketMarks`: where trades and books stand, the more important first. */
  constructor(marketMarks: () => Iterable<NamedMark>) {
    this.#marketMarks = marketMarks;
  }

  /** The name of the session that may be taken up, or undefined. */
  get session(): string | undefined {
    return this.#session;
  }

  /** A link has been greeted under this name. */
  begun(session: string): void {
    this.#session = session;
  }

  /** The session is over for good. */
  forget(): void {
    this.#session = undefined;
    this.#private.clear();
  }

  /** A private event was heard. Only a snapshot says that nothing is missing before it. */
  heard({ type, stream, epoch, sequence }: Pick<PrivateEvent, 'type' | 'stream' | 'epoch' | 'sequence'>): void {
    if (stream === '') return;
    let place = this.#private.get(stream);
    if (type === 'account_snapshot' && (place?.epoch !== epoch || place.sequence < sequence)) {
      const ahead = place?.epoch === epoch ? [...place.ahead].filter((each) => each > sequence) : [];
      this.#private.set(stream, (place = { epoch, sequence, ahead: new Set(ahead) }));
    } else if (place === undefined) return;
    else if (place.epoch !== epoch) {
      this.#private.delete(stream);
      return;
    } else if (sequence > place.sequence) place.ahead.add(sequence);
    if (place.ahead.size > MOST_AHEAD) place.ahead.clear();
    while (place.ahead.delete(place.sequence + 1)) place.sequence += 1;
  }

  /** What to say in `hello`. Undefined where there is no session, or nothing of it is worth taking up. */
  request(): ResumeRequest | undefined {
    if (this.#session === undefined) return undefined;
    const streams: NamedMark[] = [...this.#private].map(([stream, { epoch, sequence }]) => [stream, [epoch, sequence]]);
    streams.push(...this.#marketMarks());
    if (streams.length === 0) return undefined;
    return { session: this.#session, streams: Object.fromEntries(streams.slice(0, MOST_STREAMS)) };
  }
}
