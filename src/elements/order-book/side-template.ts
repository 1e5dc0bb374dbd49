import { html, nothing, type TemplateResult } from 'lit';
import type { Side } from '../../book/side.js';
import type { Column, SidePicture } from './side-picture.js';

const COLUMN_WORDS: Readonly<Record<Column, string>> = {
  price: 'Price',
  size: 'Size',
  total: 'Total',
  notional: 'Value',
};
const SIDE_WORDS = { bid: 'No bids', ask: 'No asks' } as const;

/** What is said of a side whose rows end before the depth does because nobody knows what comes next. */
export const beyondText = (price: string): string => `Beyond ${price}: unknown`;

/** Column heads, where the side carries them. */
export function columnHeads(columns: readonly Column[]): TemplateResult {
  return html`<div class="cols" part="columns">${columns.map((column) => html`<span data-field=${column}>${COLUMN_WORDS[column]}</span>`)}</div>`;
}

/**
 * One side: a text for each column, an element for all bars, one for all tints, one for the pointer, one for the
 * cursor and one for the marks of own orders. The number of nodes is the same at any depth.
 *
 * Texts are set as `textContent`, which makes a new text node: a node that is right-aligned and grows in place counts as
 * a layout shift, though nothing that a user sees has moved.
 */
export function sideTemplate(
  side: Side,
  columns: readonly Column[],
  picture: SidePicture,
  isWaiting: boolean,
  isEmpty: boolean,
): TemplateResult {
  return html`<div class="side ${side}s ${isWaiting ? 'waiting' : ''}" part="${side}s">
    <span class="bars" part="bars"></span><span class="flash"></span><span class="hover"></span
    ><span class="cursor" part="cursor"></span
    ><span class="own ${columns.at(-1) === 'price' ? 'end' : ''}" part="mark"></span>${columns.map(
      (column) => html`<div
          class="col"
          part=${column}
          data-field=${column}
          .textContent=${isWaiting ? '' : picture.texts[column]}
        ></div>`,
    )}${sideNote(side, picture, isEmpty)}
  </div>`;
}

/** On a row that is free: at the far end of the side, where its rows break off, or in the middle of an empty side. */
function sideNote(side: Side, { knownUpTo }: SidePicture, isEmpty: boolean): TemplateResult | typeof nothing {
  if (knownUpTo !== '') return html`<span class="beyond" .textContent=${beyondText(knownUpTo)}></span>`;
  return isEmpty ? html`<span class="side-note">${SIDE_WORDS[side]}</span>` : nothing;
}
