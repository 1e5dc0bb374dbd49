/**
 * One page of a worker: its wishes, and a port to it. At most one tick is under way to a page; what changes meanwhile is
 * merged into the next. So a page that is busy gets the last state later, and nothing queues up before it.
 */
import type { TokenRequest } from '../auth-token.js';
import type { Clock } from '../clock.js';
import { LivedTime } from '../lived-time.js';
import { type MarketStream, type PrivateEvent, RequestError } from '../market-stream.js';
import type { StreamError } from '../stream-error.js';
import { FrameArrays, lengthOf, writeBook } from './book-frame.js';
import type { AskedPage } from './hosted-login.js';
import { Gathered, HostedSymbol } from './hosted-symbol.js';
import type { HostedWaterfall } from './hosted-waterfall.js';
import type { News, PageMessage, WorkerMessage, WorkerWant } from './worker-messages.js';

/** Sends to the page. What is transferred is no longer the worker's. */
export type PostToPage = (message: WorkerMessage, transfer?: ArrayBuffer[]) => void;

/** A request that was this long on the way to the worker is not sent: the page may have given it up. */
export const STALE_REQUEST_MS = 1_000;
/** How long after a sleep the first tick waits: for what the socket has kept to be read, in whatever order tasks then run. */
const AFTER_SLEEP_MS = 50;

/** The stream that pages share, and what is measured of it. */
export interface Hosted {
  readonly stream: MarketStream;
  readonly waterfall: HostedWaterfall;
}

export class HostedPage implements AskedPage {
  /** Whether its tab is hidden. */
  isHidden = false;
  /** Whether it cannot keep up even when it is told as seldom as can be. */
  isPressed = false;
  /** Since when a tick is under way; NaN while none is. */
  sentAt = Number.NaN;
  readonly #hosted: Hosted;
  readonly #stream: MarketStream;
  readonly #clock: Clock;
  readonly #post: PostToPage;
  readonly #symbols = new Map<number, HostedSymbol>();
  readonly #arrays = new FrameArrays();
  readonly #asked = new Map<
    number,
    { readonly resolve: (token?: string) => void; readonly reject: (error: unknown) => void }
  >();
  /** Whether this worker was asleep: nothing that was said before it is known to be right. */
  readonly #lived: LivedTime;
  /** Calls off the wait after a sleep; undefined while there is none. */
  #cancelWait: (() => void) | undefined;
  #asks = 0;
  #isDue = true;
  #isStatusDue = true;
  #status: unknown;
  #dropped = 0;
  readonly #undo: readonly (() => void)[];

  constructor(hosted: Hosted, clock: Clock, post: PostToPage) {
    const { stream } = hosted;
    this.#hosted = hosted;
    this.#stream = stream;
    this.#clock = clock;
    this.#post = post;
    this.#lived = new LivedTime(clock.now());
    this.#undo = [
      stream.onPrivate((event: PrivateEvent) => post({ kind: 'private', event })),
      // Four times a second, and when the status changes: the worker's sign of life.
      stream.observe(() => {
        this.#isDue = this.#isStatusDue = true;
        this.#lookAtVerdicts();
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
      case 'record':
        void this.#record(message);
        return;
      case 'answer': {
        const { id, token, failure } = message;
        const asked = this.#asked.get(id);
        this.#asked.delete(id);
        if (failure === undefined) asked?.resolve(token);
        else
          asked?.reject(
            failure === '' ? undefined : Object.assign(new Error('The provider failed.'), { name: failure }),
          );
        return;
      }
      default:
        // The rest is the stream's business.
        return;
    }
  }

  askToken({ reason, signal }: TokenRequest): Promise<string | undefined> {
    this.#asks += 1;
    const id = this.#asks;
    return new Promise((resolve, reject) => {
      const end = (): void => signal.removeEventListener('abort', callOff);
      const callOff = (): void => {
        this.#asked.delete(id);
        this.#post({ kind: 'ask_off', id });
        resolve(undefined);
      };
      signal.addEventListener('abort', callOff);
      this.#asked.set(id, {
        resolve: (token) => {
          end();
          resolve(token);
        },
        reject: (error) => {
          end();
          reject(error);
        },
      });
      this.#post({ kind: 'ask', id, reason });
    });
  }

  tell({ code, message, cause }: StreamError): void {
    // Only what can be cloned may cross.
    const told = cause instanceof Error ? { cause } : {};
    this.#post({ kind: 'error', error: { code, message, ...told } });
  }

  /** Sends what is new, unless nothing is, or the page has not taken in the last. */
  tick(): void {
    // A tick is a sign of life for everything that the page was told before it: none of that may be from before a sleep,
    // and what came meanwhile is read first.
    if (this.#lived.look(this.#clock.now()) > 0 && this.#cancelWait === undefined) {
      this.#lookAtVerdicts();
      this.#cancelWait = this.#clock.setTimer(() => {
        this.#cancelWait = undefined;
        this.tick();
      }, AFTER_SLEEP_MS);
    }
    if (!this.#isDue || this.#cancelWait !== undefined || !Number.isNaN(this.sentAt)) return;
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
    this.#cancelWait?.();
    for (const undo of this.#undo) undo();
    for (const symbol of this.#symbols.values()) symbol.release();
    this.#symbols.clear();
    for (const { resolve } of this.#asked.values()) resolve();
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
    const symbol = known ?? new HostedSymbol(mark, name, this.#hosted, () => (this.#isDue = true));
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
    for (const { mark, book, depth, dataAt, lag } of books) at = writeBook(frame, at, mark, book, depth, dataAt, lag);
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
    // Of this page alone: others may wait for longer.
    let buffered = 0;
    let queueAgeMs = 0;
    for (const symbol of this.#symbols.values()) {
      const { ageMs } = symbol;
      dropped += symbol.dropped;
      buffered += ageMs > 0 ? 1 : 0;
      queueAgeMs = Math.max(queueAgeMs, ageMs);
    }
    const news: News = {
      link: { clockOffset, features },
      metrics: { ...metrics, dropped, buffered, queueAgeMs },
    };
    if (status === this.#status) return news;
    this.#status = status;
    return { ...news, status };
  }

  #lookAtVerdicts(): void {
    for (const symbol of this.#symbols.values()) symbol.look();
  }

  async #record({ id, private: isPrivate }: Extract<PageMessage, { kind: 'record' }>): Promise<void> {
    try {
      const bytes = new TextEncoder().encode(await this.#stream.record({ private: isPrivate }));
      this.#post({ kind: 'recording', id, bytes }, [bytes.buffer]);
    } catch (error) {
      this.#post({ kind: 'recording', id, message: error instanceof Error ? error.message : String(error) });
    }
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
