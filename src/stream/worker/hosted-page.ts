/**
 * One page of a worker: its wishes, and a port to it. At most one tick is under way to a page; what changes meanwhile is
 * merged into the next. So a page that is busy gets the last state later, and nothing queues up before it.
 */
import type { Clock } from '../clock.js';
import { type MarketStream, type PrivateEvent, RequestError } from '../market-stream.js';
import type { StreamError } from '../stream-error.js';
import { FrameArrays, lengthOf, writeBook } from './book-frame.js';
import { Gathered, HostedSymbol } from './hosted-symbol.js';
import type { News, PageMessage, WorkerMessage, WorkerWant } from './worker-messages.js';

/** Sends to the page. What is transferred is no longer the worker's. */
export type PostToPage = (message: WorkerMessage, transfer?: ArrayBuffer[]) => void;

/** A request that was this long on the way to the worker is not sent: the page may have given it up. */
export const STALE_REQUEST_MS = 1_000;

export class HostedPage {
  /** Whether its tab is hidden. */
  isHidden = false;
  /** Since when a tick is under way; NaN while none is. */
  sentAt = Number.NaN;
  readonly #stream: MarketStream;
  readonly #clock: Clock;
  readonly #post: PostToPage;
  readonly #symbols = new Map<number, HostedSymbol>();
  readonly #arrays = new FrameArrays();
  readonly #asked = new Map<
    number,
    { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }
  >();
  #asks = 0;
  #isDue = true;
  #isStatusDue = true;
  #status: unknown;
  #dropped = 0;
  readonly #undo: readonly (() => void)[];

  constructor(stream: MarketStream, clock: Clock, post: PostToPage) {
    this.#stream = stream;
    this.#clock = clock;
    this.#post = post;
    this.#undo = [
      stream.onPrivate((event: PrivateEvent) => post({ kind: 'private', event })),
      // Four times a second, and when the status changes: the worker's sign of life.
      stream.observe(() => {
        this.#isDue = this.#isStatusDue = true;
        this.tick();
      }),
    ];
  }

  receive(message: PageMessage): void {
    switch (message.kind) {
      case 'wants':
        for (const wish of message.wants) this.#want(...wish);
        return;
      case 'done':
        this.sentAt = Number.NaN;
        if (message.spare !== undefined) this.#arrays.give(message.spare);
        this.tick();
        return;
      case 'request':
        void this.#request(message);
        return;
      case 'answer': {
        const asked = this.#asked.get(message.id);
        this.#asked.delete(message.id);
        if (message.error === undefined) asked?.resolve(message.value);
        else asked?.reject(new Error(message.error));
        return;
      }
      default:
        // The rest is the stream's business.
        return;
    }
  }

  /** Asks a function of the page. Rejects when the page is gone, or when its function does. */
  ask(name: string): Promise<unknown> {
    this.#asks += 1;
    const id = this.#asks;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#post({ kind: 'ask', id, name });
    });
  }

  tell({ code, message, cause }: StreamError): void {
    // Only what can be cloned may cross.
    const told = cause instanceof Error ? { cause } : {};
    this.#post({ kind: 'error', error: { code, message, ...told } });
  }

  /** Sends what is new, unless nothing is, or the page has not taken in the last. */
  tick(): void {
    if (!this.#isDue || !Number.isNaN(this.sentAt)) return;
    this.#isDue = false;
    const gathered = new Gathered();
    for (const symbol of this.#symbols.values()) if (symbol.isDirty) symbol.gather(gathered);
    const frame = this.#frame(gathered);
    const news = this.#news(gathered);
    const now = this.#clock.now();
    this.sentAt = now;
    this.#post({ kind: 'tick', at: now, frame, news }, frame === undefined ? [] : [frame.buffer]);
  }

  dispose(): void {
    for (const undo of this.#undo) undo();
    for (const symbol of this.#symbols.values()) symbol.release();
    this.#symbols.clear();
    for (const { reject } of this.#asked.values()) reject(new Error('The page is gone.'));
    this.#asked.clear();
  }

  #want(mark: number, name: string, want?: WorkerWant): void {
    const known = this.#symbols.get(mark);
    if (want === undefined) {
      known?.release();
      this.#dropped += known?.dropped ?? 0;
      this.#symbols.delete(mark);
      return;
    }
    const symbol = known ?? new HostedSymbol(mark, name, this.#stream, () => (this.#isDue = true));
    this.#symbols.set(mark, symbol);
    symbol.want(want);
  }

  #frame({ books }: Gathered): Float64Array<ArrayBuffer> | undefined {
    if (books.length === 0) return undefined;
    let length = 1;
    for (const { book, depth } of books) length += lengthOf(book, depth);
    const frame = this.#arrays.take(length);
    frame[0] = books.length;
    let at = 1;
    for (const { mark, book, depth, dataAt } of books) at = writeBook(frame, at, mark, book, depth, dataAt);
    return frame;
  }

  #news(gathered: Gathered): News | undefined {
    const parts = Object.entries(gathered).filter(([name, items]) => name !== 'books' && items.length > 0);
    const news: News = Object.fromEntries(parts);
    const status = this.#statusNews();
    return status === undefined && Object.keys(news).length === 0 ? undefined : { ...news, ...status };
  }

  #statusNews(): News | undefined {
    if (!this.#isStatusDue) return undefined;
    this.#isStatusDue = false;
    const { status, clockOffset, features } = this.#stream;
    const metrics = this.#stream.metrics();
    let dropped = this.#dropped + metrics.dropped;
    for (const symbol of this.#symbols.values()) dropped += symbol.dropped;
    const news: News = { link: { clockOffset, features }, metrics: { ...metrics, dropped } };
    if (status === this.#status) return news;
    this.#status = status;
    return { ...news, status };
  }

  async #request({ id, type, data, timeoutMs, at }: Extract<PageMessage, { kind: 'request' }>): Promise<void> {
    try {
      // Also when a clock was set: what is not plainly fresh is not sent.
      if (Math.abs(this.#clock.now() - at) >= STALE_REQUEST_MS) {
        throw new RequestError('not_connected', `${type} was not sent: it was too long on its way to the worker.`);
      }
      const reply = await this.#stream.request(type, data, timeoutMs === undefined ? {} : { timeoutMs });
      this.#post({ kind: 'reply', id, reply });
    } catch (error) {
      const { code, message } =
        error instanceof RequestError ? error : new RequestError('connection_lost', String(error));
      this.#post({ kind: 'no_reply', id, code, message });
    }
  }
}
