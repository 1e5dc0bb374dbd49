/**
 * One socket's life, whatever is spoken on it. A venue's way of speaking is loaded when it is first used: until then its
 * link is opening.
 */
import type { BookKeeper } from './book-keeper.js';
import type { PingLedger } from './clock-offset.js';
import { closeAdvice, type CloseAdvice } from './close-codes.js';
import type { Dialect } from './handshake.js';
import type { LinkEvents, LinkOptions, Outgoing } from './link.js';
import type { Welcome } from './protocol/messages.js';
import { ABNORMAL_CLOSURE } from './transport/transport.js';

export interface AnyLink {
  /** Undefined until it is agreed. */
  readonly dialect: Dialect | undefined;
  /** The other end's greeting, or what stands for it. */
  readonly welcome: Welcome | undefined;
  /** How long it lasts at most, in milliseconds; `Infinity` where nobody knows of a limit. */
  readonly lifeMs: number;
  open(): void;
  /** Lets go at once, without an event. */
  close(code?: number): void;
  /** Sends now or not at all. */
  send(message: Outgoing): boolean;
  /** Whether the server refuses this kind of request for want of a login. */
  needsLogin?(type: string): boolean;
  /** Whether nothing, or no answer, has been heard for too long. */
  isLate(now: number): boolean;
  /** Asks for a quick proof of life: the page was away, or the network changed. */
  probe(): void;
  /** What to do about a close code, where the other end has codes of its own. */
  closeAdvice?(code: number): CloseAdvice | undefined;
  /** Who keeps a symbol's book, where the link brings its own kind. */
  keeperOf?(symbol: string): BookKeeper | undefined;
}

export type LinkFactory = (options: LinkOptions, pings: PingLedger, events: LinkEvents) => AnyLink;

/** A link whose code is loaded first. Code that could not be fetched may be there the next time. */
export const lazyLink =
  (load: () => Promise<LinkFactory>): LinkFactory =>
  (options, pings, events) => {
    let inner: AnyLink | undefined;
    let isClosed = false;
    const start = (make: LinkFactory): void => {
      if (isClosed) return;
      inner = make(options, pings, events);
      inner.open();
    };
    return {
      get dialect() {
        return inner?.dialect;
      },
      get welcome() {
        return inner?.welcome;
      },
      get lifeMs() {
        return inner?.lifeMs ?? Infinity;
      },
      open: () =>
        void Promise.resolve()
          .then(load)
          .then(start)
          .catch((error: unknown) => {
            if (isClosed) return;
            // Browsers say with a `TypeError` that code could not be fetched.
            if (error instanceof TypeError) events.onEnd(ABNORMAL_CLOSURE, error.message);
            else events.onUnusable(error);
          }),
      close(code) {
        isClosed = true;
        inner?.close(code);
      },
      send: (message) => inner?.send(message) ?? false,
      isLate: (now) => inner?.isLate(now) ?? true,
      probe: () => inner?.probe(),
      closeAdvice: (code) => (inner?.closeAdvice === undefined ? closeAdvice(code) : inner.closeAdvice(code)),
      keeperOf: (symbol) => inner?.keeperOf?.(symbol),
    };
  };
