import { css } from 'lit';

export const styles = css`
  .head {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: calc(30px + 1em);
    padding-inline: var(--_pad);
  }
  .title {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .title span {
    unicode-bidi: isolate;
  }
  .symbol {
    font-size: 1.07em;
    font-weight: 650;
    letter-spacing: -0.01em;
    margin-inline-end: 8px;
  }
  .name {
    color: var(--_muted);
    font-size: 0.93em;
  }
  .group {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    margin-inline-start: auto;
    color: var(--_muted);
    font-size: 0.86em;
    border: 1px solid var(--_edge);
    border-radius: 99px;
    padding-inline-start: 10px;
    white-space: nowrap;
  }
  .group:focus-within {
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
  }
  .group select {
    font: inherit;
    font-weight: 500;
    color: var(--_text);
    background: transparent;
    border: 0;
    outline: 0;
    border-radius: 99px;
    padding: 2px 6px 2px 2px;
    min-block-size: 26px;
    cursor: pointer;
    font-variant-numeric: inherit;
  }
  .group option {
    color: var(--_text);
    background: var(--_surface);
  }

  /* The place of the truth: always there, so that a doubt never moves a row. */
  .truth {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: calc(var(--_font-size) * 15 / 7);
    padding-inline: var(--_pad);
    font-size: 0.89em;
    line-height: 1.25;
    color: var(--_muted);
    border-block: 1px solid var(--_line);
  }
  .truth i {
    flex: none;
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: var(--_accent);
  }
  .truth.live i {
    background: var(--_up);
  }
  .truth.quiet i {
    background: none;
    border: 2px solid var(--_up);
  }
  .truth.doubt {
    background: color-mix(in oklab, var(--_warn) 15%, var(--_surface));
    border-color: color-mix(in oklab, var(--_warn) 40%, var(--_line));
    color: var(--_text);
  }
  .truth.doubt i {
    border-radius: 2px;
    background: var(--_warn);
  }
  .truth.wait i {
    border-radius: 2px;
    background: none;
    border: 2px solid var(--_muted);
  }

  .book {
    position: relative;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    outline-offset: -2px;
  }
  .cols,
  .side {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: minmax(0, 1fr);
    padding-inline: var(--_pad);
  }
  .cols span {
    color: var(--_muted);
    font-size: 0.79em;
    letter-spacing: 0.04em;
    text-transform: uppercase;
    line-height: calc(var(--_font-size) * 12 / 7);
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  /* Numbers stand right-aligned under each other in every script; prices keep to the edge that they stand at. */
  .cols span,
  .col {
    text-align: right;
  }
  :host(:dir(ltr)) [data-field='price']:is(span:first-child, div:first-of-type),
  :host(:dir(rtl)) [data-field='price']:is(span:last-child, div:last-of-type) {
    text-align: left;
  }
  .side {
    position: relative;
    block-size: calc(var(--_depth) * var(--_row));
    /* Smaller where the longest number would not fit: one that is cut is another number. */
    font-size: min(
      var(--tl-book-font-size, 0.93em),
      (100cqi / var(--_beside, 1) - 2 * var(--_pad)) / (0.62 * var(--_columns) * (var(--_widest) + 1))
    );
    line-height: var(--_row);
    white-space: pre;
    cursor: pointer;
    contain: content;
    touch-action: manipulation;
    -webkit-user-select: none;
    user-select: none;
  }
  .bars,
  .flash,
  .hover,
  .cursor {
    position: absolute;
    inset: 0;
    pointer-events: none;
  }
  /* A thin gap between bars: in the paint, since a gap in the shape would cost twice the points. */
  .bars {
    background: repeating-linear-gradient(
      transparent 0 1px,
      var(--_bar) 1px calc(var(--_row) - 1px),
      transparent calc(var(--_row) - 1px) var(--_row)
    );
  }
  .asks .bars {
    --_bar: var(--_bar-ask);
  }
  .bids .bars {
    --_bar: var(--_bar-bid);
  }
  .flash {
    background: color-mix(in oklab, var(--_text) 6%, transparent);
  }
  .hover,
  .cursor {
    inset-block-end: auto;
    block-size: var(--_row);
    visibility: hidden;
  }
  .hover {
    background: color-mix(in oklab, var(--_text) 4%, transparent);
  }
  .cursor {
    background: color-mix(in oklab, var(--_accent) 10%, transparent);
    box-shadow: inset 3px 0 var(--_accent);
  }
  /* In the margin on the price's side: beside the number, where nothing else stands. */
  .own {
    position: absolute;
    inset-block: 0;
    inset-inline-start: calc(var(--_pad) / 2 - 3px);
    inline-size: 6px;
    background: var(--tl-own, var(--_accent));
    pointer-events: none;
  }
  .own.end {
    inset-inline: auto calc(var(--_pad) / 2 - 3px);
  }
  .col {
    position: relative;
    direction: ltr;
    overflow: hidden;
  }
  .col[data-field='price'] {
    font-weight: 500;
  }
  .asks .col[data-field='price'] {
    color: var(--_ask);
  }
  .bids .col[data-field='price'] {
    color: var(--_bid);
  }
  .col[data-field='total'],
  .col[data-field='notional'] {
    color: var(--_muted);
  }

  /* What has no room falls below the edge as a whole: half a number would be another one. */
  .mid {
    --_middle: calc(var(--_font-size) * 23 / 7);
    block-size: var(--_middle);
    padding-inline: var(--_pad);
    line-height: calc(var(--_middle) - 2px);
    overflow: hidden;
    border-block: 1px solid var(--_line);
    background: var(--_raised);
  }
  .mid > * {
    white-space: nowrap;
  }
  .mid strong {
    float: inline-start;
    font-size: 1.43em;
    direction: ltr;
    font-weight: 650;
    letter-spacing: -0.02em;
  }
  .mid strong::after {
    content: '';
    display: inline-block;
    inline-size: 1.2em;
    text-align: center;
  }
  .up {
    color: var(--_up);
  }
  .mid .up::after {
    content: '↑';
  }
  .down {
    color: var(--_down);
  }
  .mid .down::after {
    content: '↓';
  }
  .change,
  .spread {
    display: inline-block;
    font-size: 0.86em;
    line-height: calc(var(--_middle) + 3px);
    color: var(--_muted);
    direction: ltr;
    vertical-align: top;
    margin-inline: 6px;
  }
  /* It grows from the edge that it stands at: its start is there, so that growing moves nothing. */
  .spread {
    float: inline-end;
    direction: rtl;
    text-align: right;
    unicode-bidi: plaintext;
    /* As wide as it usually becomes, so that a digit more does not push its neighbour out. */
    min-inline-size: 12em;
    margin-inline: 0 10px;
  }
  :host(:dir(rtl)) .spread {
    direction: ltr;
    text-align: left;
  }
  .lean {
    position: relative;
    block-size: 4px;
    margin: 10px var(--_pad) 12px;
    border-radius: 9px;
    overflow: hidden;
    background: var(--_line);
  }
  .lean i {
    position: absolute;
    inset: 0;
    background: var(--_bid);
  }
  .lean i + i {
    background: var(--_ask);
  }
  .lean.unknown i {
    visibility: hidden;
  }

  .book.wide {
    --_beside: 2;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
  }
  .wide .mid {
    order: -1;
    grid-column: 1 / -1;
    border-block-start: 0;
  }
  .wide .bid-block {
    order: 0;
    border-inline-end: 1px solid var(--_line);
  }
  .wide .ask-block {
    order: 1;
  }

  /* Old numbers lose their colour, not their legibility. */
  .book.doubt .col,
  .book.doubt .mid strong {
    color: var(--_muted);
  }
  .book.doubt .bars {
    --_bar: color-mix(in oklab, var(--_muted) 14%, transparent);
  }
  .book.doubt ~ .lean i {
    background: color-mix(in oklab, var(--_muted) 40%, transparent);
  }

  /* The picture to come, with its final geometry. It stands still. */
  .waiting .col::before {
    content: '';
    position: absolute;
    inset: 0;
    background: repeating-linear-gradient(
      transparent 0 calc(var(--_row) / 2 - 4px),
      color-mix(in oklab, var(--_line) 70%, transparent) calc(var(--_row) / 2 - 4px) calc(var(--_row) / 2 + 4px),
      transparent calc(var(--_row) / 2 + 4px) var(--_row)
    );
    inset-inline: 45% 0;
    border-radius: 4px;
  }
  .waiting .col:first-of-type::before {
    inset-inline: 0 45%;
  }
  .side-note,
  .notice {
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
    text-align: center;
    color: var(--_muted);
    font-size: 0.93em;
    white-space: normal;
    line-height: 1.45;
    pointer-events: none;
    padding: 12px;
  }
  /* On the last of the free rows: the numbers break off above it, or below. */
  .beyond {
    position: absolute;
    inset-inline: 0;
    inset-block-end: 0;
    padding-inline: var(--_pad);
    text-align: center;
    overflow: hidden;
    text-overflow: ellipsis;
    color: var(--_muted);
    pointer-events: none;
  }
  .book:not(.wide) .asks .beyond {
    inset-block: 0 auto;
  }
  .notice b {
    color: var(--_text);
    font-weight: 600;
  }
  .notice span {
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: 9px;
    padding: 8px 14px;
  }

  /* Over the asks only: the last price below stays in sight, and it may be all that the feed has. */
  .notice {
    inset-block-end: auto;
    block-size: calc(var(--_font-size) * 12 / 7 + var(--_depth) * var(--_row));
  }
  .wide .notice {
    inset-block-start: calc(var(--_font-size) * 23 / 7);
  }

  /* Two lines in a narrow place, kept for good: the doubt is said to its end. */
  @container (inline-size < 28em) {
    .truth {
      min-block-size: calc(var(--_font-size) * 20 / 7);
    }
    .truth span {
      white-space: pre-line;
    }
    .truth span::first-line {
      font-weight: 600;
      color: var(--_text);
    }
  }

  /* Smaller than this, a phone enlarges the page to whoever chooses in it. */
  @media (pointer: coarse) {
    .group select {
      font-size: 16px;
    }
  }

  @media (forced-colors: active) {
    .bars {
      forced-color-adjust: none;
      background: Highlight;
      opacity: 0.3;
    }
    .own {
      forced-color-adjust: none;
      background: Highlight;
    }
    .lean {
      background: none;
    }
    .book.doubt ~ .lean i {
      background: GrayText;
    }
    .waiting .col::before {
      forced-color-adjust: none;
      opacity: 0.3;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .flash {
      display: none;
    }
  }
`;
