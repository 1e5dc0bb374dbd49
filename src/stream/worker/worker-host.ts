/**
 * What runs in a worker: the streams that its pages want, each made like any other stream, and a port to each page. Pages
 * that want the same feed share its connection. A page that leaves, or is no longer there, takes its wishes with it.
 */
import { type Clock, fineTime, isOver, systemClock } from '../clock.js';
import { createFrameScheduler, type FrameScheduler } from '../frame-scheduler.js';
import { createHostedStream, type HostedStream, type MarketStreamOptions } from '../market-stream-core.js';
import { Meter } from '../metrics.js';
import type { StreamSettings } from '../settings.js';
import type { WakeEvent } from '../wake.js';
import { askPages } from './hosted-login.js';
import { HostedPage, type Hosted, type PostToPage } from './hosted-page.js';
import { HostedWaterfall } from './hosted-waterfall.js';
import { type Hello, type PageMessage, WORKER_PROTOCOL } from './worker-messages.js';

/** A page that has not taken in a tick for this long is put away, or gone without a word. */
export const GONE_MS = 30_000;
/** How often that is looked at. */
const LOOK_MS = 1_000;
/** The page itself holds calls of its listeners back; what it is handed is bounded by the throttle of each symbol. */
const NO_LIMIT = 1_000_000;

export interface WorkerHostOptions extends Pick<MarketStreamOptions, 'random' | 'transport' | 'ask'> {
  readonly clock?: Clock;
  /** Default: a timer, 60 times a second. */
  readonly scheduler?: FrameScheduler;
  /** Calls once the page that holds a lock of this name is gone, unless the watch is called off. Default: never. */
  readonly watchPresence?: (name: string, onGone: () => void) => () => void;
}

interface Feed extends Hosted {
  readonly stream: HostedStream;
  /** Those that came last are last; each with the end of the watch over it. */
  readonly pages: Map<HostedPage, () => void>;
  readonly wake: (event: WakeEvent) => void;
}

export class WorkerHost {
  readonly #options: WorkerHostOptions;
  readonly #clock: Clock;
  readonly #scheduler: FrameScheduler;
  readonly #feeds = new Map<string, Feed>();
  #isLooking = false;
  #lookedAt = 0;

  constructor(options: WorkerHostOptions = {}) {
    const { clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#scheduler = options.scheduler ?? createFrameScheduler(() => undefined, clock);
  }

  /** Pages that are served now. */
  get pages(): number {
    return [...this.#feeds.values()].reduce((sum, { pages }) => sum + pages.size, 0);
  }

  /** A new port. Returns where its messages go. */
  attach(post: PostToPage): (message: PageMessage) => void {
    let place: { readonly page: HostedPage; readonly key: string } | undefined;
    const leave = (): void => {
      if (place !== undefined) this.#remove(place.key, place.page);
      place = undefined;
    };
    return (message) => {
      if (message.kind === 'hello') {
        leave();
        place = this.#welcome(message, post);
      } else if (message.kind === 'bye') leave();
      else if (place === undefined || !this.#feeds.get(place.key)?.pages.has(place.page)) post({ kind: 'lost' });
      else this.#receive(message, place.page, this.#feeds.get(place.key)!);
    };
  }

  #receive(message: PageMessage, page: HostedPage, feed: Feed): void {
    switch (message.kind) {
      case 'settings':
        feed.stream.configure(hostedSettings(message.settings));
        return;
      case 'connect':
      case 'login':
      case 'reconnect':
        feed.stream[message.kind]();
        return;
      case 'wake':
        this.#wake(message.event, page, feed);
        return;
      case 'pressed':
        page.isPressed = message.isPressed;
        this.#press(feed);
        return;
      default:
        page.receive(message);
    }
  }

  /** There is one connection for all: the page that can take least decides. */
  #press({ stream, pages }: Feed): void {
    stream.press([...pages.keys()].some(({ isPressed }) => isPressed));
  }

  /** Hidden is a feed only when all its pages are. The network comes and goes for all. */
  #wake(event: WakeEvent, page: HostedPage, feed: Feed): void {
    if (event === 'visible' || event === 'hidden') page.isHidden = event === 'hidden';
    if (event === 'hidden' && [...feed.pages.keys()].some(({ isHidden }) => !isHidden)) return;
    feed.wake(event);
  }

  #welcome(hello: Hello, post: PostToPage): { page: HostedPage; key: string } | undefined {
    const { protocol, session, src, plain, hasToken, settings, presence } = hello;
    if (protocol !== WORKER_PROTOCOL) {
      post({ kind: 'refused', reason: `the worker is of another version (${WORKER_PROTOCOL}, the page ${protocol})` });
      return undefined;
    }
    // What a login brings is no business of a page that has none.
    const key = `${String(plain['venue'] ?? '')} ${src}${hasToken ? ' with a login' : ''}`;
    const known = this.#feeds.get(key);
    const feed = known ?? this.#makeFeed(hello);
    known?.stream.configure(hostedSettings(settings));
    post({ kind: 'welcome', protocol: WORKER_PROTOCOL, session });
    const page = new HostedPage(feed, this.#clock, post);
    feed.pages.set(page, () => {});
    this.#feeds.set(key, feed);
    if (presence !== '') {
      const stopWatch = this.#options.watchPresence?.(presence, () => this.#remove(key, page));
      if (stopWatch !== undefined) feed.pages.set(page, stopWatch);
    }
    // A feed that was closed for good is tried again: this page does not know that it was.
    feed.stream.connect();
    if (hasToken && known !== undefined) feed.stream.login();
    page.tick();
    this.#look();
    return { page, key };
  }

  #makeFeed({ src, plain, settings, hasToken }: Hello): Feed {
    const pages: Feed['pages'] = new Map();
    const listeners = new Set<(event: WakeEvent) => void>();
    const { random, transport, ask } = this.#options;
    const waterfall = new HostedWaterfall(fineTime(this.#clock));
    const stream = createHostedStream(
      {
        ...plain,
        ...hostedSettings(settings),
        src,
        token: hasToken ? (request) => askPages(pages.keys(), request) : undefined,
        clock: this.#clock,
        random,
        transport,
        ask,
        // What the listeners of one frame were told goes out with it.
        scheduler: {
          request: (callback) =>
            this.#scheduler.request((now, isFrame) => {
              callback(now, isFrame);
              for (const page of pages.keys()) page.tick();
            }),
        },
        wake: (listener) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        onError: (error) => {
          for (const page of pages.keys()) page.tell(error);
        },
      },
      new Meter(this.#clock.now(), waterfall),
    );
    return {
      stream,
      waterfall,
      pages,
      wake: (event) => {
        for (const listener of listeners) listener(event);
      },
    };
  }

  #remove(key: string, page: HostedPage): void {
    const feed = this.#feeds.get(key);
    const stopWatch = feed?.pages.get(page);
    if (feed === undefined || stopWatch === undefined) return;
    feed.pages.delete(page);
    stopWatch();
    page.dispose();
    if (feed.pages.size > 0) return this.#press(feed);
    this.#feeds.delete(key);
    feed.stream.dispose();
  }

  /** Finds the pages that went without a word. Time in which the worker itself slept proves nothing. */
  #look(): void {
    this.#lookedAt = this.#clock.now();
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#clock.setTimer(() => {
      this.#isLooking = false;
      const now = this.#clock.now();
      const hasSlept = isOver(this.#lookedAt, 5 * LOOK_MS, now);
      for (const [key, { pages }] of [...this.#feeds]) {
        for (const page of [...pages.keys()]) {
          if (hasSlept && !Number.isNaN(page.sentAt)) page.sentAt = now;
          else if (isOver(page.sentAt, GONE_MS, now)) this.#remove(key, page);
        }
      }
      if (this.#feeds.size > 0) this.#look();
    }, LOOK_MS);
  }
}

const hostedSettings = (settings: StreamSettings): StreamSettings => ({ ...settings, rateLimit: NO_LIMIT });
