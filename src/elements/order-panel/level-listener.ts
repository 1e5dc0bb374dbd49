import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { MarketStream } from '../../stream/market-stream.js';
import type { LevelPick } from '../order-book/order-book.events.js';

/** Of a feed what tells it from another, also where it comes from another copy of the kit. */
type Feed = Pick<MarketStream, 'src'>;

/** Whether a pick is of another feed than the ticket's. One of a page's own levels is of none. */
export const isOtherFeed = (picked: Feed | undefined, own: Feed | undefined): boolean =>
  picked !== undefined && own !== undefined && picked !== own && picked.src !== own.src;

/**
 * Hears what is picked in the books that belong to a ticket: those under the same `<market-stream>`, or, where there is none
 * above the ticket, those under the same root (the document, or the shadow root of the page's own component).
 */
export class LevelListener implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #onPick: (pick: LevelPick, stream: Feed | undefined) => void;
  #target: EventTarget | undefined;

  constructor(host: ReactiveControllerHost & Element, onPick: (pick: LevelPick, stream: Feed | undefined) => void) {
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
    const pick = event as Event & Partial<LevelPick> & { readonly stream?: Feed };
    const isPick = [pick.symbol, pick.price, pick.size, pick.cumulativeSize].every((text) => typeof text === 'string');
    if (isPick && (pick.side === 'bid' || pick.side === 'ask')) this.#onPick(pick as Event & LevelPick, pick.stream);
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
