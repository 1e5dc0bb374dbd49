import { css } from 'lit';

export const styles = css`
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
    box-shadow: 0 1px 2px rgb(0 0 0 / 0.14);
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

  .touch,
  .available {
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
    border: 1px solid var(--_line);
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
    padding-block: 3px;
    font-size: 13px;
    color: var(--_muted);
    white-space: nowrap;
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
  .sums div:last-child dd {
    font-weight: 650;
  }

  .go {
    block-size: 48px;
    padding: 4px 12px;
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
    border: 1px dashed var(--_line);
    background: var(--_raised);
    color: var(--_muted);
    filter: none;
    cursor: default;
  }
  /* Two lines, for the note or for the alarm in its place. */
  .say {
    min-block-size: 36px;
    font-size: 12px;
    color: var(--_muted);
  }
  .alarm {
    color: var(--_warn-text);
    font-weight: 500;
  }

  /* Three lines, kept free while nothing is said in them. */
  .consent {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    block-size: 48px;
    overflow: hidden;
    font-size: 12px;
    line-height: 1.3;
    color: var(--_muted);
  }
  .consent.armed {
    padding-inline: 8px;
    border-radius: 8px;
    background: color-mix(in oklab, var(--_warn) 15%, var(--_surface));
    font-weight: 600;
    color: var(--_warn-text);
  }

  .orders {
    block-size: 94px;
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
    grid-template-columns: minmax(0, 1fr) auto;
    column-gap: 8px;
    align-items: center;
    min-block-size: 42px;
    padding-block: 2px;
  }
  .orders li > * {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .orders .what {
    font-weight: 500;
  }
  .orders .what.buy {
    color: var(--_bid);
  }
  .orders .what.sell {
    color: var(--_ask);
  }
  .orders .standing {
    grid-area: 2 / 1;
    color: var(--_muted);
    font-size: 12px;
  }
  .orders .grave .standing {
    color: var(--_warn-text);
    white-space: normal;
  }
  .orders .acts {
    grid-area: 1 / 2 / span 2;
    display: flex;
    gap: 4px;
  }
  .orders button,
  .consent button {
    flex: none;
    min-block-size: 28px;
    padding: 0 10px;
    border: 1px solid var(--_line);
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
  }
  @media (forced-colors: active) {
    .seg input:checked + span {
      forced-color-adjust: none;
      background: Highlight !important;
      color: HighlightText !important;
    }
    .go {
      border: 1px solid ButtonText;
    }
  }
`;
