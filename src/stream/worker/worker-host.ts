/**
 * What runs in a worker: the streams that its pages want, each made like any other stream, and a port to each page. Pages
 * that want the same feed share its connection. A page that leaves, or is no longer there, takes its wishes with it.
 */
import { type Clock, isOver, systemClock } from '../clock.js';
import { createFrameScheduler, type FrameScheduler } from '../frame-scheduler.js';
import { createMarketStream, type MarketStreamOptions, type OwnedMarketStream } from '../market-stream-core.js';
import type { StreamSettings } from '../settings.js';
import type { WakeEvent } from '../wake.js';
import { HostedPage, type PostToPage } from './hosted-page.js';
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
  /** Calls once the page that holds a lock of this name is gone. Default: never. */
  readonly watchPresence?: (name: string, onGone: () => void) => void;
}

interface Feed {
  readonly stream: OwnedMarketStream;
  readonly pages: Set<HostedPage>;
  readonly wake: (event: WakeEvent) => void;
}

export class WorkerHost {
  readonly #options: WorkerHostOptions;
  readonly #clock: Clock;
  readonly #scheduler: FrameScheduler;
  readonly #feeds = new Map<string, Feed>();
  #isLooking = false;
  #lookedAt = 0;
  #count = 0;

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
      case 'reconnect':
        feed.stream[message.kind]();
        return;
      case 'wake':
        this.#wake(message.event, page, feed);
        return;
      default:
        page.receive(message);
    }
  }

  /** Hidden is a feed only when all its pages are. The network comes and goes for all. */
  #wake(event: WakeEvent, page: HostedPage, feed: Feed): void {
    if (event === 'visible' || event === 'hidden') page.isHidden = event === 'hidden';
    if (event === 'hidden' && [...feed.pages].some(({ isHidden }) => !isHidden)) return;
    feed.wake(event);
  }

  #welcome(hello: Hello, post: PostToPage): { page: HostedPage; key: string } | undefined {
    const { protocol, src, plain, asks, settings, presence } = hello;
    if (protocol !== WORKER_PROTOCOL) {
      post({ kind: 'refused', reason: `the worker is of another version (${WORKER_PROTOCOL}, the page ${protocol})` });
      return undefined;
    }
    this.#count += 1;
    // Who has to prove who he is shares a connection with nobody: another tab may be somebody else's.
    const key = `${String(plain['venue'] ?? '')} ${src} ${asks.length > 0 ? this.#count : ''}`;
    const known = this.#feeds.get(key);
    const feed = known ?? this.#makeFeed(hello, (name) => page.ask(name));
    if (known !== undefined) known.stream.configure(hostedSettings(settings));
    post({ kind: 'welcome', protocol: WORKER_PROTOCOL });
    const page: HostedPage = new HostedPage(feed.stream, this.#clock, post);
    feed.pages.add(page);
    this.#feeds.set(key, feed);
    if (presence !== '') this.#options.watchPresence?.(presence, () => this.#remove(key, page));
    if (known === undefined) feed.stream.connect();
    page.tick();
    this.#look();
    return { page, key };
  }

  #makeFeed({ src, plain, settings, asks }: Hello, ask: (name: string) => Promise<unknown>): Feed {
    const pages = new Set<HostedPage>();
    const listeners = new Set<(event: WakeEvent) => void>();
    const { random, transport, ask: askText } = this.#options;
    const stream = createMarketStream({
      ...plain,
      ...hostedSettings(settings),
      ...Object.fromEntries(asks.map((name) => [name, () => ask(name)])),
      src,
      clock: this.#clock,
      random,
      transport,
      ask: askText,
      // What the listeners of one frame were told goes out with it.
      scheduler: {
        request: (callback) =>
          this.#scheduler.request((now) => {
            callback(now);
            for (const page of pages) page.tick();
          }),
      },
      wake: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      onError: (error) => {
        for (const page of pages) page.tell(error);
      },
    });
    return {
      stream,
      pages,
      wake: (event) => {
        for (const listener of listeners) listener(event);
      },
    };
  }

  #remove(key: string, page: HostedPage): void {
    const feed = this.#feeds.get(key);
    if (feed?.pages.delete(page) !== true) return;
    page.dispose();
    if (feed.pages.size > 0) return;
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
        for (const page of pages) {
          if (hasSlept && !Number.isNaN(page.sentAt)) page.sentAt = now;
          else if (isOver(page.sentAt, GONE_MS, now)) this.#remove(key, page);
        }
      }
      if (this.#feeds.size > 0) this.#look();
    }, LOOK_MS);
  }
}

const hostedSettings = (settings: StreamSettings): StreamSettings => ({ ...settings, rateLimit: NO_LIMIT });
