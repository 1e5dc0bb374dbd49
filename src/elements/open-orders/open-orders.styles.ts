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
  .orders li:focus-visible {
    outline-offset: -2px;
  }
  .orders li {
    display: grid;
    grid-template:
      'what what acts' auto 'fill fill acts' auto 'standing standing acts' auto
      'type time time' auto / auto minmax(0, 1fr) 6em;
    gap: 3px 10px;
    align-items: center;
    padding: 7px var(--_pad);
    border-block-end: 1px solid var(--_line);
  }
  :host([density='compact']) .orders li {
    padding-block: 4px;
    row-gap: 1px;
  }
  .what {
    grid-area: what;
    overflow: hidden;
    font-weight: 500;
    text-overflow: ellipsis;
    white-space: nowrap;
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
  /* Two lines, kept free, so that a word more moves no other row. */
  .standing {
    grid-area: standing;
    display: grid;
    align-content: center;
    block-size: 2.5em;
    overflow: hidden;
    line-height: 1.25;
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
    border: 1px solid var(--_line);
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
    border: 1px dashed var(--_line);
    background: var(--_raised);
    color: var(--_muted);
    cursor: default;
  }
  /* In a wide place one line an order. */
  @container (inline-size >= 46em) {
    .orders li {
      grid-template: 'what type fill standing time acts' auto /
        minmax(0, 3fr) 5em minmax(40px, 1fr) minmax(0, 3fr) auto 10em;
    }
    .acts {
      min-block-size: 38px;
      grid-auto-flow: column;
      justify-content: end;
    }
  }
  @media (forced-colors: active) {
    progress,
    progress::-webkit-progress-bar {
      background: Canvas;
      border: 1px solid CanvasText;
    }
    progress::-webkit-progress-value {
      forced-color-adjust: none;
      background: Highlight;
    }
    .go {
      border: 1px solid ButtonText;
    }
  }
`;
