import { css } from 'lit';

/**
 * The card that an element stands in. It is an element inside and not the host, since every rule of a page wins over
 * `:host`: a reset such as `* { border: 0 }` is on half of all pages. It fills its host, so that a page gives the host
 * its place and size; colours, lines and corners come by tokens.
 */
export const frame = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    border: 0;
    background: none;
  }
  .frame {
    container-type: inline-size;
    contain: content;
    /* As wide as this where the parent asks how wide it would like to be: a dialog, a table cell, a flex item. */
    contain-intrinsic-inline-size: 280px;
    overflow: hidden;
    min-block-size: inherit;
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
`;
