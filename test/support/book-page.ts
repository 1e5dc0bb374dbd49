import type { Column } from '../../src/elements/order-book/side-picture.js';
import type { OrderBookElement } from '../../src/elements/order-book/order-book.js';
import type { Side } from '../../src/book/side.js';

/** What a user sees and does on an `<order-book>`: rows, bars, clicks. Knows the picture, not the fields behind it. */
export class BookPage {
  readonly #element: OrderBookElement;

  constructor(element: OrderBookElement) {
    this.#element = element;
  }

  get #root(): ShadowRoot {
    return this.#element.shadowRoot!;
  }

  part(name: string): HTMLElement {
    return this.#root.querySelector<HTMLElement>(`[part~="${name}"]`)!;
  }

  text(selector: string): string {
    return (this.#root.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();
  }

  lines(side: Side, column: Column): string[] {
    return this.#column(side, column).textContent!.split('\n');
  }

  columns(side: Side): string[] {
    return [...this.#root.querySelectorAll<HTMLElement>(`.${side}s .col`)].map((column) => column.dataset['field']!);
  }

  /** The columns whose text is longer than they are wide. */
  columnsCut(): string[] {
    return [...this.#root.querySelectorAll<HTMLElement>('.col')]
      .filter((column) => column.scrollWidth > column.clientWidth)
      .map((column) => column.dataset['field']!);
  }

  textNodesOf(side: Side, column: Column): number {
    return [...this.#column(side, column).childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).length;
  }

  /** Length of each bar in percent, best level first. */
  barShares(side: Side): number[] {
    const points = this.#polygon(`.${side}s .bars`);
    const shares: number[] = [];
    // A corner at the edge, two for each row downwards, a corner at the edge.
    for (let i = 1; i < points.length - 1; i += 2) shares.push(100 - Number.parseFloat(points[i]!));
    const isBestLast = side === 'ask' && this.#root.querySelector('.book.wide') === null;
    if (isBestLast) shares.reverse();
    return shares;
  }

  flashedRows(side: Side): number {
    return this.#polygon(`.${side}s .flash`).length / 4;
  }

  /** The painted rows with a mark of own orders, from above. */
  markedRows(side: Side): number[] {
    const points = this.#polygon(`.${side}s .own`);
    const rows: number[] = [];
    for (let i = 0; i < points.length; i += 5) {
      const middle = Number.parseFloat(points[i]!.split(' ')[1]!);
      rows.push(Math.floor((middle / 100) * this.#element.depth));
    }
    return rows.sort((a, b) => a - b);
  }

  markBox(side: Side): DOMRect {
    return this.#root.querySelector(`.${side}s .own`)!.getBoundingClientRect();
  }

  columnBoxes(side: Side): DOMRect[] {
    return [...this.#root.querySelectorAll(`.${side}s .col`)].map((column) => column.getBoundingClientRect());
  }

  tableRows(): string[][] {
    return [...this.#root.querySelectorAll('tbody tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent!),
    );
  }

  pointer(type: 'pointerdown' | 'pointerup', side: Side, row: number, column: Column): void {
    const target = this.#column(side, column);
    const box = target.closest('.side')!.getBoundingClientRect();
    const height = box.height / this.#element.depth;
    target.dispatchEvent(
      new PointerEvent(type, {
        bubbles: true,
        composed: true,
        isPrimary: true,
        button: 0,
        clientX: box.left + 5,
        clientY: box.top + (row + 0.5) * height,
      }),
    );
  }

  #column(side: Side, column: Column): HTMLElement {
    return this.#root.querySelector<HTMLElement>(`.${side}s .col[data-field="${column}"]`)!;
  }

  #polygon(selector: string): string[] {
    const shape = this.#root.querySelector<HTMLElement>(selector)!.style.clipPath;
    const inner = shape.match(/^polygon\((.*)\)$/)?.[1];
    return inner === undefined ? [] : inner.split(/,\s*/);
  }
}
