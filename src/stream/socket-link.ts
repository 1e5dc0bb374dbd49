/**
 * One socket's life with a page's own messages: it opens, is asked again and again whether the other end is still there,
 * and ends. It never comes back, and has no opinion on what is said.
 */
import type { Clock } from './clock.js';
import { Heartbeat } from './heartbeat.js';
import {
  ABNORMAL_CLOSURE,
  type Transport,
  type TransportEvents,
  type TransportFactory,
} from './transport/transport.js';

/** How long a link must hold before it counts as good. A server that hangs up at once has opened too. */
const STABLE_MS = 10_000;

export interface SocketLinkOptions {
  readonly clock: Clock;
  readonly transport: TransportFactory;
  /** May be `Infinity`: then nobody is asked. */
  readonly heartbeatInterval: number;
  /** Undefined when there is nothing that could be said. */
  readonly heartbeatText: () => string | undefined;
}

/** What a link tells. Nothing comes after `onEnd` or `onUnusable`, nor after `close`. */
export interface SocketLinkEvents {
  onOpen(): void;
  /** It has held for `STABLE_MS`. */
  onProven(): void;
  onText(text: string): void;
  onRefused(reason: 'binary' | 'too_large'): void;
  onEnd(code: number, reason: string): void;
  /** In place of `onEnd`: no link to this address can ever open. */
  onUnusable(error: unknown): void;
}

export class SocketLink {
  readonly #options: SocketLinkOptions;
  readonly #events: SocketLinkEvents;
  readonly #clock: Clock;
  readonly #transport: Transport;
  #phase: 'opening' | 'open' | 'ended' = 'opening';
  /** Undefined before it is open, and where nobody is asked. */
  #heartbeat: Heartbeat | undefined;
  #cancelHeartbeat: (() => void) | undefined;
  #cancelStable: (() => void) | undefined;

  /** Throws what the transport throws for an address that can't work. */
  constructor(url: string, options: SocketLinkOptions, events: SocketLinkEvents) {
    this.#options = options;
    this.#events = events;
    this.#clock = options.clock;
    const transportEvents: TransportEvents = {
      onOpen: () => this.#phase === 'opening' && this.#opened(),
      onMessage: (text) => {
        if (this.#phase === 'ended') return;
        this.#heartbeat?.heard(this.#clock.now());
        events.onText(text);
      },
      onRefused: (reason) => {
        if (this.#phase === 'ended') return;
        this.#heartbeat?.heard(this.#clock.now());
        events.onRefused(reason);
      },
      onClose: (code, reason) => this.#ended(code, reason),
      onUnusable: (error) => {
        if (this.#phase === 'ended') return;
        this.#release();
        events.onUnusable(error);
      },
    };
    this.#transport = options.transport(url, transportEvents, options.clock);
  }

  open(): void {
    this.#transport.open();
  }

  /** Lets go at once, without an event. */
  close(code: number): void {
    this.#release();
    this.#transport.close(code);
  }

  /** Sends now or not at all. */
  send(text: string): boolean {
    return this.#phase === 'open' && this.#transport.send(text);
  }

  /** Asks for a quick proof of life: the page was away, or the network changed. */
  probe(): void {
    const now = this.#clock.now();
    if (this.#heartbeat?.probe(now) !== true) return;
    this.#ping(now);
    this.#planJudgement();
  }

  #opened(): void {
    const { heartbeatInterval } = this.#options;
    this.#phase = 'open';
    this.#cancelStable = this.#clock.setTimer(() => this.#events.onProven(), STABLE_MS);
    if (heartbeatInterval < Infinity) this.#heartbeat = new Heartbeat(heartbeatInterval, this.#clock.now());
    // The first word is the page's: many a server wants to hear first who speaks. A heartbeat follows an interval later.
    this.#planJudgement();
    this.#events.onOpen();
  }

  #judge(): void {
    const now = this.#clock.now();
    const verdict = this.#heartbeat?.judge(now);
    if (verdict === 'dead') {
      this.#transport.close();
      this.#ended(ABNORMAL_CLOSURE, 'The server went silent.');
      return;
    }
    if (verdict === 'ping') this.#ping(now);
    this.#planJudgement();
  }

  #planJudgement(): void {
    if (this.#heartbeat === undefined) return;
    this.#cancelHeartbeat?.();
    const delay = this.#heartbeat.nextJudgementMs(this.#clock.now());
    this.#cancelHeartbeat = this.#clock.setTimer(() => this.#judge(), delay);
  }

  #ping(now: number): void {
    // One that can't be sent counts as sent: a socket that takes nothing any more is dead too. Noted first, since a
    // transport within the page may answer at once.
    this.#heartbeat?.pinged(now);
    const text = this.#options.heartbeatText();
    if (text !== undefined) this.send(text);
  }

  #ended(code: number, reason: string): void {
    if (this.#phase === 'ended') return;
    this.#release();
    this.#events.onEnd(code, reason);
  }

  #release(): void {
    this.#phase = 'ended';
    this.#heartbeat = undefined;
    this.#cancelHeartbeat?.();
    this.#cancelStable?.();
  }
}
