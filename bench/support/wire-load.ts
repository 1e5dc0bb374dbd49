/**
 * A market for the wire benches: so many symbols, and an endless stream of changes of their books in frames that were made
 * beforehand, so that the sender costs next to nothing. It is a cycle: each time round only the numbers of the messages and
 * the time in a frame are written anew, in place. A change says the new size at a price, so a cycle may be repeated at will,
 * and what a book must be after any number of frames is reckoned here without the code that is measured.
 */
import type { LevelText } from '../../src/book/book.js';

/** Numbers of messages have this many digits from the first to the last, so that they can be written in place. */
const FIRST_SEQ = 1_000_000_000;
const SEQ_DIGITS = 10;
const TIME_DIGITS = 13;
/** Prices that have levels, on each side of the middle, in ticks of a cent. Bids never reach it and asks never leave it. */
const SPAN = 100;
const MIDDLE = 10_000;
/** Of the changes that touch a level: how many remove it, and how far from the touch they are on average. */
const REMOVED = 0.23;
const MEAN_DISTANCE = 8;
const DIGIT_ZERO = 48;

export interface LoadOptions {
  readonly symbols: number;
  /** Messages a frame; 1 for frames that are no batches. */
  readonly batch: number;
  /** Levels that a message changes. Default: 1 to 3. */
  readonly levels?: number;
  /** Frames until it begins anew. */
  readonly cycle: number;
}

interface Message {
  readonly symbol: number;
  readonly bids: readonly LevelText[];
  readonly asks: readonly LevelText[];
  /** Where its two numbers stand in its frame. */
  readonly previousAt: number;
  readonly seqAt: number;
}

interface Frame {
  readonly bytes: Buffer;
  readonly sentAt: number;
  readonly messages: readonly Message[];
}

/** A book as numbers: price in ticks, size; best first. */
export interface ReferenceBook {
  readonly symbol: string;
  readonly sequence: number;
  readonly bids: readonly (readonly [price: number, size: number])[];
  readonly asks: readonly (readonly [price: number, size: number])[];
}

const priceText = (ticks: number): string => `${Math.floor(ticks / 100)}.${String(ticks % 100).padStart(2, '0')}`;

/** The same numbers in every run. */
const chances = (): (() => number) => {
  let state = 20_240_808;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

export class WireLoad {
  readonly names: readonly string[];
  readonly #options: LoadOptions;
  readonly #frames: readonly Frame[];
  readonly #first: readonly { readonly bids: readonly LevelText[]; readonly asks: readonly LevelText[] }[];
  /** Which messages of the cycle are each symbol's, as frame and place. */
  readonly #ofSymbol: readonly (readonly [frame: number, message: Message])[][];
  readonly #sequences: Float64Array;
  /** Frames that were handed out so far. */
  count = 0;

  constructor(options: LoadOptions) {
    this.#options = options;
    const { symbols, batch, cycle } = options;
    const chance = chances();
    this.names = Array.from({ length: symbols }, (_, i) => `S${String(i).padStart(4, '0')}`);
    this.#sequences = new Float64Array(symbols).fill(FIRST_SEQ);
    const side = (sign: 1 | -1): LevelText[] =>
      Array.from({ length: SPAN }, (_, i): LevelText => [
        priceText(MIDDLE + sign * (i + 1)),
        String(100 + Math.floor(chance() * 9_000)),
      ]).filter(() => chance() >= REMOVED);
    this.#first = this.names.map(() => ({ bids: side(-1), asks: side(1) }));
    this.#ofSymbol = this.names.map(() => []);
    this.#frames = Array.from({ length: cycle }, (_, index) => {
      const frame = this.#frame(index * batch, chance);
      for (const message of frame.messages) this.#ofSymbol[message.symbol]!.push([index, message]);
      return frame;
    });
  }

  /** Messages in one frame. */
  get batch(): number {
    return this.#options.batch;
  }

  /** The next frame, sent at `now`. Its bytes are written anew when the cycle comes round. */
  next(now: number): Buffer {
    const { bytes, sentAt, messages } = this.#frames[this.count % this.#frames.length]!;
    this.count += 1;
    for (const { symbol, previousAt, seqAt } of messages) {
      const sequence = this.#sequences[symbol]!;
      this.#sequences[symbol] = sequence + 1;
      writeDigits(bytes, previousAt, SEQ_DIGITS, sequence);
      writeDigits(bytes, seqAt, SEQ_DIGITS, sequence + 1);
    }
    writeDigits(bytes, sentAt, TIME_DIGITS, now);
    return bytes;
  }

  /** What a book must be after what was handed out so far. */
  reference(symbol: number): ReferenceBook {
    const first = this.#first[symbol]!;
    const bids = new Map<string, string>(first.bids);
    const asks = new Map<string, string>(first.asks);
    const { length } = this.#frames;
    const apply = (below: number): void => {
      for (const [frame, message] of this.#ofSymbol[symbol]!) {
        if (frame >= below) return;
        for (const [price, size] of message.bids) bids.set(price, size);
        for (const [price, size] of message.asks) asks.set(price, size);
      }
    };
    // Going round once more sets what is set already.
    if (this.count >= length) apply(length);
    apply(this.count % length);
    const levels = (of: Map<string, string>, sign: 1 | -1): [number, number][] =>
      [...of]
        .filter(([, size]) => size !== '0')
        .map(([price, size]): [number, number] => [Number(price.replace('.', '')), Number(size)])
        .sort(([a], [b]) => sign * (a - b));
    const sequence = this.#sequences[symbol]!;
    return { symbol: this.names[symbol]!, sequence, bids: levels(bids, -1), asks: levels(asks, 1) };
  }

  /** A book as a server of the protocol sends it. */
  snapshot(symbol: number, now: number, id?: string): string {
    const { bids, asks, sequence } = this.reference(symbol);
    const name = this.names[symbol]!;
    const texts = (levels: ReferenceBook['bids']) => levels.map(([price, size]) => [priceText(price), String(size)]);
    return JSON.stringify({
      type: 'order_book_snapshot',
      id,
      stream: `book:${name}`,
      epoch: 'e1',
      seq: sequence,
      sent: now,
      data: { symbol: name, depth: 0, bids: texts(bids), asks: texts(asks), timestamp: now },
    });
  }

  #frame(from: number, chance: () => number): Frame {
    const { batch, symbols } = this.#options;
    const time = '0'.repeat(TIME_DIGITS);
    const number = '0'.repeat(SEQ_DIGITS);
    const messages: Message[] = [];
    let text = batch === 1 ? '' : `{"type":"market_data_batch","sent":${time},"data":[`;
    let sentAt = text.indexOf(time);
    for (let i = 0; i < batch; i += 1) {
      // Each frame has another mix of symbols; over the cycle all come equally often.
      const symbol = ((from + i) * 7 + Math.floor((from + i) / symbols)) % symbols;
      const name = this.names[symbol]!;
      const { bids, asks } = this.#changes(chance);
      if (i > 0) text += ',';
      text += `{"type":"order_book_delta","stream":"book:${name}","epoch":"e1","prevSeq":`;
      const previousAt = text.length;
      text += `${number},"seq":`;
      const seqAt = text.length;
      text += number;
      if (batch === 1) {
        text += ',"sent":';
        sentAt = text.length;
        text += time;
      }
      const levels = (side: readonly LevelText[]) => JSON.stringify(side);
      text += `,"data":{"symbol":"${name}","bids":${levels(bids)},"asks":${levels(asks)},"timestamp":1795339254616}}`;
      messages.push({ symbol, bids, asks, previousAt, seqAt });
    }
    if (batch > 1) text += ']}';
    return { bytes: Buffer.from(text, 'latin1'), sentAt, messages };
  }

  #changes(chance: () => number): { bids: LevelText[]; asks: LevelText[] } {
    const sides = { bids: new Map<string, string>(), asks: new Map<string, string>() };
    const count = this.#options.levels ?? 1 + Math.floor(chance() * 3);
    for (let i = 0; i < count; i += 1) {
      const isBid = chance() < 0.5;
      const reach = Math.min(SPAN, Math.max(MEAN_DISTANCE, count));
      const distance = 1 + Math.min(SPAN - 1, Math.floor(-Math.log(1 - chance()) * reach));
      const size = chance() < REMOVED ? '0' : String(100 + Math.floor(chance() * 9_000));
      sides[isBid ? 'bids' : 'asks'].set(priceText(MIDDLE + (isBid ? -distance : distance)), size);
    }
    return { bids: [...sides.bids], asks: [...sides.asks] };
  }
}

const writeDigits = (into: Buffer, at: number, digits: number, value: number): void => {
  let rest = value;
  for (let i = at + digits - 1; i >= at; i -= 1) {
    const next = Math.floor(rest / 10);
    into[i] = DIGIT_ZERO + (rest - next * 10);
    rest = next;
  }
};
