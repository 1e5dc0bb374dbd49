/**
 * Tells a stream when what it has delivered is on the screen: on the frame after the one in which the host has updated.
 * The frame is asked for when the delivery comes, so that it is heard before the next delivery; all hosts share it.
 */
import type { ReactiveControllerHost } from 'lit';
import { pageScheduler } from '../stream/frame-scheduler.js';
import type { MarketStream } from '../stream/market-stream.js';

export class PaintWatch {
  readonly #host: ReactiveControllerHost & Element;
  /** Delivered, and whether the host has updated since. */
  readonly #expected = new Map<string, boolean>();
  #stream: MarketStream | undefined;
  #cancelFrame: (() => void) | undefined;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
  }

  /** What another stream has delivered is of no interest any more. */
  follow(stream: MarketStream | undefined): void {
    this.#cancelFrame?.();
    this.#cancelFrame = undefined;
    this.#expected.clear();
    this.#stream = stream;
  }

  /** A delivery has changed what the host shows; it is about to update. */
  expect(symbol: string): void {
    if (this.#stream?.painted === undefined) return;
    this.#expected.set(symbol, false);
    this.#cancelFrame ??= pageScheduler.request(this.#look);
  }

  /** The host has written what it shows, maybe long after it was asked to. */
  updated(): void {
    if (this.#expected.size === 0) return;
    for (const symbol of this.#expected.keys()) this.#expected.set(symbol, true);
    this.#cancelFrame ??= pageScheduler.request(this.#look);
  }

  readonly #look = (): void => {
    this.#cancelFrame = undefined;
    for (const [symbol, isUpdated] of this.#expected) {
      if (!isUpdated) continue;
      this.#expected.delete(symbol);
      if (isSeen(this.#host)) this.#stream?.painted?.(symbol);
    }
  };
}

/** Whether the host can have been painted: its page is shown, and it has a place there. */
const isSeen = (host: Element): boolean => host.ownerDocument.visibilityState === 'visible' && host.checkVisibility();
