/**
 * A plain socket that is kept up: made, lost, and made again, with waits that grow until one has proved itself. It waits,
 * judges and wakes as the stream's connection does. Whoever uses it is told when there is a new link.
 */
import { backoffDelay } from './backoff.js';
import { SocketLink, type SocketLinkEvents } from './socket-link.js';
import type { SocketSettings, SocketStatus } from './socket-options.js';
import type { StreamError } from './stream-error.js';
import type { WakeEvent } from './wake.js';

/** The shortest time between the starts of two tries, however often the page wakes. */
const LEAST_GAP_MS = 1_000;
/** Tries that never opened before the page is told that nobody is there, or nobody lets it in. */
const UNREACHABLE_AFTER = 2;

export type KeptSocketSettings = Omit<SocketSettings<never>, 'read' | 'isHeartbeatAnswer' | 'queueSize' | 'onError'>;

export interface KeptSocketEvents extends Pick<SocketLinkEvents, 'onText' | 'onRefused'> {
  onStatus(status: SocketStatus): void;
  onOpen(isReconnect: boolean): void;
  onError(error: StreamError): void;
}

export class KeptSocket {
  readonly #settings: KeptSocketSettings;
  readonly #events: KeptSocketEvents;
  #status: SocketStatus;
  #link: SocketLink | undefined;
  #stopWake: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  /** No try starts before this, wake or not. */
  #notBefore = -Infinity;
  /** Nor is a try that the page's waking asks for put off for longer than this, whatever the clock was set to. */
  #mostGapMs = LEAST_GAP_MS;
  /** Tries since a link has proved itself. */
  #attempt = 0;
  #neverOpened = 0;
  #finalCodes = 0;
  #wasOpen = false;
  #isSuspended = false;

  /** Nothing happens before `reconnect`. */
  constructor(settings: KeptSocketSettings, events: KeptSocketEvents) {
    const maxAttempts = settings.reconnectAttempts;
    this.#settings = settings;
    this.#events = events;
    this.#status = { state: 'connecting', attempt: 0, maxAttempts, retryAt: 0, closeCode: 0, closeReason: '' };
  }

  get status(): SocketStatus {
    return this.#status;
  }

  /** Sends now or not at all. */
  send(text: string): boolean {
    return this.#link?.send(text) === true;
  }

  /** Ends, and stays ended until `reconnect`: no timer, no listener to the page, no socket. */
  disconnect(): void {
    if (this.#status.state === 'closed') return;
    this.#letGo();
    this.#close(1000, 'Closed by the page.');
  }

  /** Drops what there is and tries at once, with all tries ahead. */
  reconnect(): void {
    this.#letGo();
    this.#attempt = 0;
    this.#neverOpened = 0;
    this.#finalCodes = 0;
    this.#isSuspended = false;
    this.#stopWake ??= this.#settings.wake((event) => this.#woken(event));
    this.#start();
  }

  #start(): void {
    const { url, clock, reconnectAttempts } = this.#settings;
    this.#cancelRetry?.();
    this.#notBefore = clock.now() + LEAST_GAP_MS;
    this.#mostGapMs = LEAST_GAP_MS;
    const isOffline = this.#attempt > reconnectAttempts;
    try {
      const link = new SocketLink(url(), this.#settings, this.#linkEvents());
      this.#link = link;
      this.#change({ state: isOffline ? 'offline' : this.#wasOpen ? 'reconnecting' : 'connecting' });
      // Whoever listens to the status may have let it go already.
      if (this.#link === link) link.open();
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #linkEvents(): SocketLinkEvents {
    return {
      onOpen: () => {
        const isReconnect = this.#wasOpen;
        const link = this.#link;
        this.#wasOpen = true;
        this.#neverOpened = 0;
        this.#change({ state: 'open' });
        if (this.#link === link) this.#events.onOpen(isReconnect);
      },
      onProven: () => {
        this.#attempt = 0;
        this.#finalCodes = 0;
      },
      onText: (text) => this.#events.onText(text),
      onRefused: (reason) => this.#events.onRefused(reason),
      onEnd: (code, reason) => this.#lost(code, reason),
      onUnusable: (error) => this.#giveUp(error),
    };
  }

  #lost(code: number, reason: string): void {
    const advice = this.#settings.closeAdvice(code);
    this.#link = undefined;
    // Every opening sets this back to zero: two in a row never got that far.
    if (this.#status.state !== 'open') this.#neverOpened += 1;
    const isUnreachable = this.#neverOpened === UNREACHABLE_AFTER;
    const finalAfter = advice?.finalAfter ?? Infinity;
    this.#finalCodes = finalAfter === Infinity ? 0 : this.#finalCodes + 1;
    if (this.#finalCodes >= finalAfter) this.#close(code, reason);
    else this.#planRetry(advice?.leastWaitMs ?? 0, code, reason);
    if (advice !== undefined) {
      const words = reason === '' ? advice.message : `${advice.message} It says: ${reason}`;
      this.#events.onError({ code: 'closed_by_server', message: `${words} (close code ${code})` });
    } else if (isUnreachable) {
      const message = `No connection: the server is unreachable, or refuses this page. ${reason}`;
      this.#events.onError({ code: 'unreachable', message: message.trim() });
    }
  }

  #planRetry(leastWaitMs: number, closeCode: number, closeReason: string): void {
    const { random, clock, reconnectInterval: baseMs, reconnectAttempts: maxAttempts } = this.#settings;
    this.#attempt += 1;
    this.#notBefore = Math.max(this.#notBefore, clock.now() + leastWaitMs);
    this.#mostGapMs = Math.max(LEAST_GAP_MS, leastWaitMs);
    const state = this.#attempt > maxAttempts ? 'offline' : 'reconnecting';
    const delayMs = Math.max(leastWaitMs, backoffDelay({ baseMs, maxAttempts }, this.#attempt, random));
    this.#wait(delayMs, { state, closeCode, closeReason });
  }

  #wait(delayMs: number, change: Partial<SocketStatus> = {}): void {
    const { clock } = this.#settings;
    this.#cancelRetry?.();
    this.#cancelRetry = clock.setTimer(() => this.#start(), delayMs);
    this.#change({ ...change, retryAt: clock.now() + delayMs });
  }

  #woken(event: WakeEvent): void {
    if (event === 'hidden') return;
    if (event === 'suspend') {
      this.#letGo();
      this.#isSuspended = true;
      this.#change({ state: 'reconnecting' });
    } else if (this.#link !== undefined) {
      // Whatever the network did meanwhile: an answer within a few seconds proves that the link outlived it.
      this.#link.probe();
    } else if (event !== 'offline') {
      this.#tryNow();
    }
  }

  /** Tries at once, or as soon as the last try is long enough ago. */
  #tryNow(): void {
    const now = this.#settings.clock.now();
    const wasSuspended = this.#isSuspended;
    this.#isSuspended = false;
    const gap = Math.min(this.#mostGapMs, this.#notBefore - now);
    if (gap <= 0) this.#start();
    else if (wasSuspended || now + gap < this.#status.retryAt) this.#wait(gap);
  }

  #giveUp(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#letGo();
    this.#close(0, message);
    this.#events.onError({ code: 'bad_address', message });
  }

  /** No link and no plan for one. */
  #letGo(): void {
    const link = this.#link;
    this.#link = undefined;
    link?.close(1000);
    this.#cancelRetry?.();
  }

  /** Nothing further happens by itself. */
  #close(closeCode: number, closeReason: string): void {
    this.#stopWake?.();
    this.#stopWake = undefined;
    this.#change({ state: 'closed', closeCode, closeReason });
  }

  #change(change: Partial<SocketStatus>): void {
    const before = this.#status;
    const { state } = { ...before, ...change };
    const attempt = state === 'open' || state === 'closed' ? 0 : this.#attempt;
    const status: SocketStatus = { ...before, attempt, retryAt: 0, ...change };
    const names = Object.keys(status) as (keyof SocketStatus)[];
    if (names.every((name) => status[name] === before[name])) return;
    this.#status = status;
    this.#events.onStatus(status);
  }
}
