import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { LevelPick } from '../order-book/order-book.events.js';

/**
 * Hears what is picked in the books that belong to a ticket: those under the same `<market-stream>`, or, where there is none
 * above the ticket, those under the same root (the document, or the shadow root of the page's own component).
 */
export class LevelListener implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #onPick: (pick: LevelPick) => void;
  #target: EventTarget | undefined;

  constructor(host: ReactiveControllerHost & Element, onPick: (pick: LevelPick) => void) {
    this.#host = host;
    this.#onPick = onPick;
    host.addController(this);
  }

  hostConnected(): void {
    this.#target = closestAcrossRoots(this.#host, 'market-stream') ?? this.#host.getRootNode();
    this.#target.addEventListener('level-select', this.#hear);
  }

  hostDisconnected(): void {
    this.#target?.removeEventListener('level-select', this.#hear);
    this.#target = undefined;
  }

  readonly #hear = (event: Event): void => {
    // By its fields, not its class: the book may come from another copy of the kit.
    const pick = event as Event & Partial<LevelPick>;
    const isPick = [pick.symbol, pick.price, pick.size, pick.cumulativeSize].every((text) => typeof text === 'string');
    if (isPick && (pick.side === 'bid' || pick.side === 'ask')) this.#onPick(pick as Event & LevelPick);
  };
}

function closestAcrossRoots(element: Element, selector: string): Element | undefined {
  for (let at: Element | undefined = element; at;) {
    const found = at.closest(selector);
    if (found) return found;
    const root = at.getRootNode();
    at = root instanceof ShadowRoot ? root.host : undefined;
  }
  return undefined;
}
