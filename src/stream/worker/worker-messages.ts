/**
 * What a page and the worker that holds its feed say to each other. Both sides are the same version of this kit, and the
 * first message proves it. A worker may serve several pages; each has a port of its own.
 */
import type { LevelText } from '../../book/level-buffer.js';
import type { Instrument } from '../../book/instrument.js';
import type {
  PrivateEvent,
  Reply,
  RequestError,
  StreamMetrics,
  StreamStatus,
  Ticker,
  Trade,
} from '../market-stream.js';
import type { StreamSettings } from '../settings.js';
import type { TokenRequest } from '../auth-token.js';
import type { StreamError } from '../stream-error.js';
import type { Verdict } from '../verdict.js';
import type { WakeEvent } from '../wake.js';

/** Rises with every change here, in the frame or in what a message means. Two versions do not speak to each other. */
export const WORKER_PROTOCOL = 1;

/** What a page wants of one symbol: the most that any of its subscriptions does. */
export interface WorkerWant {
  /** Levels a side; 0 for no book. */
  readonly depth: number;
  /** Levels a side that it cannot do without. */
  readonly leastDepth: number;
  readonly trades: boolean;
  readonly priority: number;
  /** The shortest of all, in milliseconds, as long as the page can keep up; longer while it cannot. */
  readonly throttle: number;
}

/** The first message of a page, and its first again after `bye`. */
export interface Hello {
  readonly kind: 'hello';
  readonly protocol: number;
  /** Counts the page's hellos: what was said to an earlier one is not meant for this one. */
  readonly session: number;
  /** Full, so that it means the same in the worker. */
  readonly src: string;
  /** The stream's other options that are plain values, `venue` among them. */
  readonly plain: Readonly<Record<string, string | number | boolean>>;
  readonly settings: StreamSettings;
  /** The name of a lock that the page holds for as long as it lives; empty where there are no locks. */
  readonly presence: string;
  /** Whether the page may be asked for a token. */
  readonly hasToken: boolean;
}

export type PageMessage =
  | Hello
  /** `mark` is the page's number for the symbol. Undefined: wanted no more. */
  | { readonly kind: 'wants'; readonly wants: readonly (readonly [mark: number, symbol: string, want?: WorkerWant])[] }
  /** The tick was taken in: the next may come. Brings back an array that is free again. */
  | { readonly kind: 'done'; readonly spare: Float64Array<ArrayBuffer> | undefined }
  | { readonly kind: 'settings'; readonly settings: StreamSettings }
  /** The page has heard nothing for a while: does the worker still know it? */
  | { readonly kind: 'probe' }
  | { readonly kind: 'connect' }
  /** Somebody has logged in, or out. */
  | { readonly kind: 'login' }
  | { readonly kind: 'record'; readonly id: number; readonly private: boolean }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'wake'; readonly event: WakeEvent }
  /** Whether the page cannot keep up even when it is told as seldom as can be. */
  | { readonly kind: 'pressed'; readonly isPressed: boolean }
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly type: string;
      readonly data: Readonly<Record<string, unknown>>;
      readonly timeoutMs: number | undefined;
      /** When the page sent it. */
      readonly at: number;
    }
  /** `failure`: the name of what the provider threw, and nothing else of it. Neither: nobody is logged in. */
  | { readonly kind: 'answer'; readonly id: number; readonly token?: string; readonly failure?: string }
  /** The page is leaving, or wants nothing for now. */
  | { readonly kind: 'bye' };

/** What numbers do not say, by the page's marks. Only what has changed is there. */
export interface News {
  readonly status?: StreamStatus;
  readonly link?: { readonly clockOffset: number; readonly features: readonly string[] | undefined };
  readonly metrics?: StreamMetrics;
  readonly verdicts?: readonly (readonly [mark: number, verdict: Verdict])[];
  readonly tickers?: readonly (readonly [mark: number, ticker: Ticker | undefined])[];
  /** Those that are new. */
  readonly trades?: readonly (readonly [mark: number, trades: readonly Trade[]])[];
  readonly instruments?: readonly (readonly [mark: number, instrument: Instrument | undefined])[];
  /**
   * What of a symbol was waiting, where no book in the frame says so: how many changes, for how long the oldest, for how
   * long the oldest that has a way from the server, and how long that way was; NaN for what cannot be said.
   */
  readonly lags?: readonly (readonly [
    mark: number,
    changes: number,
    ageMs: number,
    waitedMs: number,
    venueMs: number,
  ])[];
  /** Of books in this frame whose run of numbers is another one. */
  readonly epochs?: readonly (readonly [mark: number, epoch: string])[];
  /** Of books in this frame that no numbers hold exactly. */
  readonly texts?: readonly (readonly [mark: number, bids: readonly LevelText[], asks: readonly LevelText[]])[];
  /** Books that are no more. */
  readonly gone?: readonly number[];
}

/** All that has changed for a page since the last. The next one comes after the page's `done`. */
export interface Tick {
  readonly kind: 'tick';
  /** When it was sent: a sign of life as well. */
  readonly at: number;
  readonly frame: Float64Array<ArrayBuffer> | undefined;
  readonly news: News | undefined;
}

export type WorkerMessage =
  | { readonly kind: 'welcome'; readonly protocol: number; readonly session: number }
  | { readonly kind: 'refused'; readonly reason: string }
  | Tick
  /** Never merged and never held back. */
  | { readonly kind: 'private'; readonly event: PrivateEvent }
  | { readonly kind: 'reply'; readonly id: number; readonly reply: Reply }
  | {
      readonly kind: 'no_reply';
      readonly id: number;
      readonly code: RequestError['code'];
      readonly message: string;
    }
  /** A token is wanted. */
  | { readonly kind: 'ask'; readonly id: number; readonly reason: TokenRequest['reason'] }
  /** It is no more. */
  | { readonly kind: 'ask_off'; readonly id: number }
  /** UTF-8, transferred; `message` says why there is none. */
  | {
      readonly kind: 'recording';
      readonly id: number;
      readonly bytes?: Uint8Array<ArrayBuffer>;
      readonly message?: string;
    }
  | { readonly kind: 'error'; readonly error: StreamError }
  /** The page was given up meanwhile: it has to say hello again. */
  | { readonly kind: 'lost' };
