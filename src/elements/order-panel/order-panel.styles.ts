import { css } from 'lit';

export const styles = css`
  ::placeholder {
    color: var(--_muted);
    opacity: 1;
  }
  :host {
    container-type: inline-size;
    min-inline-size: 0;
    padding: var(--_pad);
  }
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
  }
  p,
  dl,
  dd,
  ul,
  h2 {
    margin: 0;
    padding: 0;
  }

  /* One of a few: native radio buttons under their own labels. */
  .seg {
    display: grid;
    grid-auto-flow: column;
    grid-auto-columns: 1fr;
    gap: 3px;
    min-inline-size: 0;
    margin: 0;
    padding: 3px;
    border: 0;
    border-radius: 9px;
    background: var(--_raised);
  }
  .seg label {
    display: grid;
    cursor: pointer;
    min-inline-size: 0;
  }
  .seg input {
    grid-area: 1 / 1;
    appearance: none;
    margin: 0;
    border-radius: 7px;
    cursor: inherit;
  }
  .seg span {
    grid-area: 1 / 1;
    display: grid;
    place-items: center;
    min-block-size: 36px;
    padding-inline: 4px;
    border-radius: 7px;
    color: var(--_muted);
    font-weight: 600;
    text-align: center;
    line-height: 1.2;
    pointer-events: none;
  }
  .seg.type span {
    min-block-size: 30px;
    font-size: 13px;
    font-weight: 500;
  }
  .seg label:hover span {
    color: var(--_text);
  }
  .seg input:checked + span {
    background: var(--_surface);
    color: var(--_text);
    box-shadow: 0 0 0 1px var(--_edge);
  }
  .seg.side input:checked + span {
    box-shadow: none;
  }
  .seg .buy input:checked + span {
    background: var(--_bid);
    color: var(--_on-side);
  }
  .seg .sell input:checked + span {
    background: var(--_ask);
    color: var(--_on-side);
  }
  .seg .barred input:disabled + span {
    opacity: 0.6;
  }
  .seg:disabled {
    opacity: 0.6;
  }
  .seg:disabled label {
    cursor: default;
  }

  .touch {
    display: flex;
    justify-content: space-between;
    gap: 8px;
    font-size: 12px;
    color: var(--_muted);
    white-space: nowrap;
  }
  .touch b {
    color: var(--_text);
    font-weight: 600;
  }
  .touch b::before {
    content: '● ';
    color: var(--_bid);
  }
  .touch .doubt::before {
    content: '○ ';
    color: var(--_warn-text);
  }
  .touch span {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  /* The amount, and on a line of its own, kept free, why nothing can be ordered with it. */
  .available {
    display: grid;
    grid-template: auto 1.3em / minmax(0, 1fr) auto;
    column-gap: 8px;
    font-size: 12px;
    line-height: 1.3;
    color: var(--_muted);
    white-space: nowrap;
  }
  .available .why {
    grid-area: 2 / 1 / 3 / 3;
  }

  .share {
    display: flex;
    align-items: center;
    gap: 8px;
    block-size: 24px;
    font-size: 12px;
    color: var(--_muted);
  }
  .share input {
    flex: 1;
    block-size: 24px;
    min-inline-size: 0;
    margin: 0;
    accent-color: var(--_accent);
  }
  .share span {
    inline-size: 5ch;
    text-align: end;
  }

  .options {
    display: flex;
    gap: 10px;
    block-size: 30px;
    font-size: 13px;
    white-space: nowrap;
  }
  .options label {
    display: flex;
    align-items: center;
    gap: 5px;
    min-inline-size: 0;
    color: var(--_muted);
  }
  .options label:last-child {
    flex: 1;
  }
  .options select,
  .options label:last-child input {
    min-inline-size: 0;
    padding-inline: 6px;
    border: 1px solid var(--_edge);
    border-radius: 7px;
    background: var(--_surface);
    color: inherit;
    font: inherit;
  }
  .options select {
    inline-size: 62px;
    color: var(--_text);
  }
  .options label:last-child input {
    flex: 1;
    inline-size: 0;
    block-size: 100%;
    box-sizing: border-box;
    color: var(--_text);
    text-align: end;
  }
  .options [aria-invalid='true'] {
    border-color: var(--_ask);
  }

  .bracket summary {
    display: flex;
    justify-content: space-between;
    gap: 8px;
    min-block-size: 38px;
    padding-block: 3px;
    font-size: 13px;
    line-height: 1.3;
    color: var(--_muted);
    cursor: pointer;
  }
  .bracket summary::before {
    content: '+';
    inline-size: 1ch;
    color: var(--_text);
  }
  .bracket[open] summary::before {
    content: '−';
  }
  /* Two lines, kept free: a price that is cut is another price. */
  .bracket summary .note {
    flex: 1;
    text-align: end;
    font-size: 12px;
  }
  .bracket .field {
    padding-block-start: 6px;
  }

  .sums {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 5px;
    padding-block-start: 10px;
    border-block-start: 1px solid var(--_line);
    font-size: 13px;
  }
  .sums div {
    display: flex;
    justify-content: space-between;
    gap: 12px;
    white-space: nowrap;
  }
  .sums dt {
    color: var(--_muted);
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .sums dd {
    flex: none;
  }
  .sums div:last-child dd {
    font-weight: 650;
  }

  /* Room for all that an order may say, from its first word on. */
  .go {
    block-size: 60px;
    padding: 2px 8px;
    border: 1px solid transparent;
    border-radius: 10px;
    color: var(--_on-side);
    font: inherit;
    font-size: 15px;
    font-weight: 650;
    font-variant-numeric: inherit;
    line-height: 1.2;
    cursor: pointer;
    touch-action: manipulation;
  }
  .go.long {
    font-size: 13px;
  }
  .go.longest {
    font-size: 11px;
    line-height: 1.15;
  }
  .choice .go {
    block-size: 48px;
  }
  .go.buy {
    background: var(--_bid);
  }
  .go.sell {
    background: var(--_ask);
  }
  .go.accept {
    background: var(--_accent);
  }
  .go:hover {
    filter: brightness(1.06);
  }
  .go:active {
    filter: brightness(0.95);
  }
  .go:focus-visible {
    outline-offset: 2px;
  }
  .go[aria-disabled='true'],
  .go:disabled {
    border: 1px dashed var(--_edge);
    background: var(--_raised);
    color: var(--_muted);
    filter: none;
    cursor: default;
  }
  /* Three lines, for the note or for the alarm in its place. What is longer stands in the order's row. */
  .say {
    block-size: 48px;
    font-size: 12px;
    line-height: 1.3;
    color: var(--_muted);
    overflow-wrap: anywhere;
  }
  .alarm {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    overflow: hidden;
    color: var(--_warn-text);
    font-weight: 500;
  }

  /* Four lines, in a narrow place five, kept free while nothing is said in them. */
  .consent {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    block-size: 64px;
    font-size: 12px;
    line-height: 1.3;
    color: var(--_muted);
  }
  .consent span {
    max-block-size: 100%;
    min-inline-size: 0;
    overflow-y: auto;
    overflow-wrap: anywhere;
    scrollbar-width: thin;
  }
  .consent.armed {
    padding-inline: 8px;
    border-radius: 8px;
    background: color-mix(in oklab, var(--_warn) 15%, var(--_surface));
    font-weight: 600;
    color: var(--_warn-text);
  }

  .orders {
    block-size: 132px;
    padding-block: 4px;
    border-block-start: 1px solid var(--_line);
    overflow-y: auto;
    font-size: 13px;
    scrollbar-width: thin;
  }
  .orders:focus-visible {
    outline-offset: -2px;
  }
  .orders ul {
    list-style: none;
  }
  .orders .none {
    color: var(--_muted);
    font-size: 12px;
  }
  .orders li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 68px;
    grid-template-rows: auto auto;
    column-gap: 8px;
    align-content: center;
    min-block-size: 64px;
    padding-block: 2px;
  }
  .orders .what {
    align-self: end;
    font-weight: 500;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }
  .orders .what.buy {
    color: var(--_bid);
  }
  .orders .what.sell {
    color: var(--_ask);
  }
  /* As many lines as most need, kept free; what is longer is scrolled to, so that a word more moves no other row. */
  .orders .standing {
    grid-area: 2 / 1;
    block-size: 3.9em;
    overflow-y: auto;
    color: var(--_muted);
    font-size: 12px;
    line-height: 1.3;
    overflow-wrap: anywhere;
    scrollbar-width: thin;
  }
  .orders .grave .standing {
    color: var(--_warn-text);
  }
  .orders .acts {
    grid-area: 1 / 2 / span 2;
    display: grid;
    align-content: center;
    gap: 4px;
  }
  .orders .acts button {
    padding: 2px 6px;
  }
  .orders button,
  .consent button {
    flex: none;
    min-block-size: 28px;
    padding: 0 10px;
    border: 1px solid var(--_edge);
    border-radius: 7px;
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    font-size: 12px;
    cursor: pointer;
  }
  .orders button:hover,
  .consent button:hover {
    border-color: var(--_accent);
  }
  .orders li:focus-visible,
  .orders .standing:focus-visible,
  .orders button:focus-visible,
  .consent button:focus-visible {
    outline-offset: -2px;
  }

  @container (inline-size < 300px) {
    .seg.type span {
      font-size: 12px;
    }
    .go {
      font-size: 14px;
    }
    .go.long {
      font-size: 12px;
    }
    .go.longest {
      padding: 0 4px;
      font-size: 10px;
      line-height: 1.1;
    }
  }
  @container (inline-size < 320px) {
    #options-hint {
      block-size: 52px;
    }
    .consent {
      block-size: 80px;
    }
  }
  @container (inline-size >= 400px) {
    .field .hint {
      block-size: 28px;
    }
    .bracket summary {
      min-block-size: 0;
    }
    .available {
      grid-template: auto / auto minmax(0, 1fr) auto;
    }
    .available .why {
      grid-area: auto;
    }
    .consent {
      block-size: 48px;
    }
    .orders li {
      grid-template-columns: minmax(0, 1fr) 136px;
      min-block-size: 54px;
    }
    .orders .standing {
      block-size: 2.6em;
    }
    .orders .acts {
      display: flex;
      align-items: center;
      justify-content: end;
    }
  }
  /* Smaller than this, a phone enlarges the page to whoever writes in it. */
  @media (pointer: coarse) {
    .options select,
    .options label:last-child input {
      font-size: 16px;
    }
    .options {
      block-size: 36px;
    }
    .options select {
      inline-size: 76px;
    }
    @container (inline-size < 320px) {
      .options {
        flex-wrap: wrap;
        block-size: 78px;
      }
      .options > * {
        block-size: 34px;
      }
      .options label:last-child {
        flex-basis: 100%;
      }
    }
  }
  @media (forced-colors: active) {
    .seg input:checked + span {
      forced-color-adjust: none;
      background: Highlight !important;
      color: HighlightText !important;
    }
  }
`;
