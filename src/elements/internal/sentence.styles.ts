import { css } from 'lit';

/**
 * The words are English on every page. Between words that are read from the right, a sentence of them would be torn apart at
 * its numbers, and price and quantity change places. It stands where the page's text begins.
 */
export const sentences = css`
  .touch span,
  .note,
  .hint span,
  .share span,
  .available span,
  .sums dt,
  .sums dd,
  .go,
  .say,
  .consent span,
  .paper,
  .what,
  .standing,
  .none,
  .notice,
  .account,
  .warnings li,
  .all li,
  .tick span,
  .change,
  .exits-note,
  h2 {
    direction: ltr;
    unicode-bidi: isolate;
    text-align: -webkit-match-parent;
    text-align: match-parent;
  }
  .go {
    text-align: center;
  }
  :host(:dir(rtl)) .exits-note,
  :host(:dir(rtl)) .bracket summary .note {
    text-align: left;
  }
`;
