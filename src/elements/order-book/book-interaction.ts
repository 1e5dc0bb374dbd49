import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Side } from '../../book/side.js';
import type { BookPicture } from './book-picture.js';
import { ownText } from './side-picture.js';
import { PendingPick, locate, pickLevel } from './book-pointer.js';
import type { LevelPick } from './order-book.events.js';

export interface InteractionHost extends ReactiveControllerHost {
  /** Now, in the clock of the painted numbers. */
  now(): number;
  pick(pick: LevelPick): void;
}

/**
 * Pointer and keyboard on the painted rows. A row is found by arithmetic, and what is picked is what was painted when
 * the pointer went down. The keyboard's cursor is kept by price, so that it stays on its level while the book moves.
 */
export class BookInteraction implements ReactiveController {
  readonly #host: InteractionHost;
  readonly #picture: BookPicture;
  readonly #depth: () => number;
  readonly #pending = new PendingPick();
  #cursor: { readonly side: Side; readonly price: number } | undefined;
  #hovered: HTMLElement | undefined;
  /** What the keyboard's cursor stands on, for a live region. */
  spoken = '';

  constructor(host: InteractionHost, picture: BookPicture, depth: () => number) {
    this.#host = host;
    this.#picture = picture;
    this.#depth = depth;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.reset();
  }

  /** Forgets press and cursor, as before another symbol. */
  reset(): void {
    this.#pending.cancel();
    this.#cursor = undefined;
    this.spoken = '';
  }

  readonly press = (event: PointerEvent): void => {
    const spot = locate(event, this.#depth());
    const level = spot ? this.#picture.sides[spot.side].levelAtRow(spot.row) : -1;
    this.#pending.press(event, spot && pickLevel(this.#picture, spot.side, level, spot.field, this.#host.now()));
  };

  readonly release = (event: PointerEvent): void => {
    const pick = this.#pending.release(event);
    if (pick) this.#host.pick(pick);
  };

  readonly cancel = (): void => this.#pending.cancel();

  readonly hover = (event: PointerEvent): void => {
    this.leave();
    const spot = event.pointerType === 'mouse' ? locate(event, this.#depth()) : undefined;
    const side = (event.target as Element).closest<HTMLElement>('.side');
    const overlay = side?.querySelector<HTMLElement>('.hover');
    if (!spot || !overlay || this.#picture.sides[spot.side].levelAtRow(spot.row) < 0) return;
    overlay.style.visibility = 'visible';
    overlay.style.top = `${(100 * spot.row) / this.#depth()}%`;
    this.#hovered = overlay;
  };

  readonly leave = (): void => {
    if (this.#hovered) this.#hovered.style.visibility = 'hidden';
    this.#hovered = undefined;
  };

  readonly steer = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') this.#move(event.key === 'ArrowDown' ? 1 : -1);
    else if (event.key === 'Escape' && this.#cursor) this.reset();
    else if (event.key === 'Enter' && this.#cursor) this.#pickCursor();
    else return;
    event.preventDefault();
    this.#host.requestUpdate();
  };

  /** Puts the cursor's overlay on its row; a level that has gone keeps the cursor, unseen, until it is moved. */
  place(root: ParentNode): void {
    for (const side of ['bid', 'ask'] as const) {
      const overlay = root.querySelector<HTMLElement>(`.${side}s .cursor`);
      if (!overlay) continue;
      const picture = this.#picture.sides[side];
      const level = this.#cursor?.side === side ? picture.levelOfPrice(this.#cursor.price) : -1;
      overlay.style.visibility = level < 0 ? 'hidden' : 'visible';
      if (level >= 0) overlay.style.top = `${(100 * picture.rowOfLevel(level)) / this.#depth()}%`;
    }
  }

  #move(step: 1 | -1): void {
    // Down the ladder prices fall: from the highest ask to the best ask, over the spread, to the lowest bid.
    const ladder = this.#ladder();
    if (ladder.length === 0) return;
    const at = ladder.findIndex(({ side, price }) => side === this.#cursor?.side && price === this.#cursor.price);
    const touch = ladder.findIndex(({ side }) => side === 'bid');
    const start = step === 1 ? Math.max(0, touch) - 1 : touch < 0 ? ladder.length : touch;
    const next = Math.min(ladder.length - 1, Math.max(0, (at < 0 ? start : at) + step));
    this.#cursor = ladder[next];
    this.spoken = this.#describe();
  }

  #ladder(): { readonly side: Side; readonly price: number }[] {
    const { bid, ask } = this.#picture.sides;
    const asks = Array.from(ask.ladder.prices.subarray(0, ask.ladder.length)).reverse();
    const bids = Array.from(bid.ladder.prices.subarray(0, bid.ladder.length));
    return [
      ...asks.map((price) => ({ side: 'ask' as const, price })),
      ...bids.map((price) => ({ side: 'bid' as const, price })),
    ];
  }

  #describe(): string {
    if (!this.#cursor) return '';
    const { side, price } = this.#cursor;
    const picture = this.#picture.sides[side];
    const level = picture.levelOfPrice(price);
    const { formats } = this.#picture;
    const words = side === 'bid' ? 'Bid' : 'Ask';
    if (level < 0) return `${words} ${formats.price(price)}, gone`;
    const { sizes, totals } = picture.ladder;
    return `${words} ${formats.price(price)}, size ${formats.size(sizes[level] ?? NaN)}, total ${formats.size(totals[level] ?? NaN)}${ownText(picture, price, formats)}`;
  }

  #pickCursor(): void {
    if (!this.#cursor) return;
    const level = this.#picture.sides[this.#cursor.side].levelOfPrice(this.#cursor.price);
    const pick = pickLevel(this.#picture, this.#cursor.side, level, 'price', this.#host.now());
    if (pick) this.#host.pick(pick);
    else this.spoken = this.#describe();
  }
}
