import { css } from 'lit';

export const styles = css`
  h2,
  ul,
  p {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    padding: 10px var(--_pad) 0;
  }
  .head h2 {
    font-size: 1.07em;
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  .frame > .paper {
    padding: 6px var(--_pad) 2px;
  }
  /* The place of what is to be said of the list: always there, so that nothing moves. */
  .notice {
    min-block-size: calc(var(--_font-size) * 12 / 7);
    padding: 2px var(--_pad) 4px;
    border-block-end: 1px solid var(--_line);
    color: var(--_muted);
    font-size: 0.89em;
  }
  .notice.refused,
  :host(:state(stale)) .notice,
  :host(:state(disconnected)) .notice {
    color: var(--_warn-text);
    font-weight: 500;
  }
  .orders {
    block-size: var(--tl-orders-height, 260px);
    overflow-y: auto;
    scrollbar-width: thin;
  }
  .orders:focus-visible,
  .orders li:focus-visible,
  .standing:focus-visible {
    outline-offset: -2px;
  }
  .orders li {
    display: grid;
    grid-template:
      'what what acts' auto 'fill fill acts' auto 'standing standing standing' auto
      'type time time' auto / auto minmax(0, 1fr) 5em;
    gap: 3px 10px;
    align-items: center;
    padding: 7px var(--_pad);
    border-block-end: 1px solid var(--_line);
  }
  :host([density='compact']) .orders li {
    padding-block: 4px;
    row-gap: 1px;
  }
  /* Never cut: a price without its end is another price. */
  .what {
    grid-area: what;
    align-content: center;
    min-block-size: 2.6em;
    font-weight: 500;
    line-height: 1.3;
    overflow-wrap: anywhere;
  }
  .what.buy {
    color: var(--_bid);
  }
  .what.sell {
    color: var(--_ask);
  }
  .over .what {
    color: var(--_muted);
  }
  .type,
  .standing,
  time {
    color: var(--_muted);
    font-size: 0.86em;
  }
  .type {
    grid-area: type;
  }
  time {
    grid-area: time;
    overflow: hidden;
    text-align: end;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* Two lines, kept free; what is longer is scrolled to, so that a word more moves no other row. */
  .standing {
    grid-area: standing;
    align-content: safe center;
    block-size: 2.6em;
    overflow-y: auto;
    line-height: 1.3;
    overflow-wrap: anywhere;
    scrollbar-width: thin;
  }
  .grave .standing {
    color: var(--_warn-text);
  }
  progress {
    grid-area: fill;
    inline-size: 100%;
    block-size: 4px;
    border: 0;
    border-radius: 9px;
    overflow: hidden;
    appearance: none;
    background: var(--_line);
  }
  progress::-webkit-progress-bar {
    background: var(--_line);
  }
  progress::-webkit-progress-value {
    background: var(--_accent);
  }
  progress::-moz-progress-bar {
    background: var(--_accent);
  }
  /* Its place is kept, whether anything can be done or not, so that nothing else in the row moves. */
  .acts {
    grid-area: acts;
    display: grid;
    align-content: center;
    min-block-size: 60px;
    gap: 4px;
  }
  .acts button,
  .cancel-all {
    min-block-size: 28px;
    line-height: 1.2;
    padding: 0 10px;
    border: 1px solid var(--_edge);
    border-radius: 7px;
    background: var(--_surface);
    color: var(--_text);
    font: inherit;
    font-size: 0.86em;
    cursor: pointer;
  }
  .acts button:hover,
  .cancel-all:enabled:hover {
    border-color: var(--_accent);
  }
  .cancel-all:disabled {
    border-style: dashed;
    color: var(--_muted);
    cursor: default;
  }
  .all {
    max-block-size: 40vh;
    margin-block: 12px 16px;
    overflow-y: auto;
  }
  .go {
    block-size: 48px;
    border: 1px solid transparent;
    border-radius: 10px;
    background: var(--_ask);
    color: var(--_on-side);
    font: inherit;
    font-weight: 650;
    cursor: pointer;
  }
  .go:disabled {
    border: 1px dashed var(--_edge);
    background: var(--_raised);
    color: var(--_muted);
    cursor: default;
  }
  @container (inline-size >= 46em) {
    .orders li {
      grid-template: 'what type time acts' auto 'standing fill fill acts' auto / minmax(0, 1fr) 6em auto 10em;
    }
    .what {
      min-block-size: 1.3em;
    }
    .acts {
      min-block-size: 38px;
      grid-auto-flow: column;
      justify-content: end;
    }
  }
  /* In a wide place one line an order. */
  @container (inline-size >= 64em) {
    .orders li {
      grid-template: 'what type fill standing time acts' auto /
        minmax(0, 4fr) 5em minmax(40px, 1fr) minmax(0, 4fr) auto 10em;
    }
    .what {
      min-block-size: 2.6em;
    }
  }
  @media (forced-colors: active) {
    progress {
      forced-color-adjust: none;
      block-size: 8px;
      border: 1px solid CanvasText;
      background: Canvas;
    }
    progress::-webkit-progress-bar {
      background: Canvas;
    }
    progress::-webkit-progress-value {
      background: Highlight;
    }
    progress::-moz-progress-bar {
      background: Highlight;
    }
  }
`;
