import { css } from 'lit';

export const styles = css`
  .line {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto auto;
    grid-template-areas: 'mark state button figures' 'mark why button figures';
    align-items: center;
    column-gap: 12px;
    padding: 7px var(--_pad);
  }
  .mark {
    grid-area: mark;
    inline-size: 9px;
    block-size: 9px;
    border-radius: 2px;
    background: var(--_warn);
  }
  .live .mark {
    border-radius: 50%;
    background: var(--_up);
    outline: 3px solid color-mix(in oklab, var(--_up) 22%, transparent);
  }
  .quiet .mark {
    border-radius: 50%;
    background: none;
    border: 2px solid var(--_up);
  }
  .wait .mark {
    background: none;
    border: 2px solid var(--_muted);
  }
  .state {
    grid-area: state;
    font-weight: 600;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .why {
    grid-area: why;
    color: var(--_muted);
    font-size: 0.89em;
    min-block-size: 1.45em;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  :host(:dir(rtl)) .why {
    text-align: right;
  }
  dl {
    margin: 0;
    white-space: nowrap;
  }
  dl.main {
    grid-area: figures;
    display: grid;
    grid-template-columns: auto 8ch;
    column-gap: 8px;
    align-items: baseline;
  }
  dl.main div {
    display: contents;
  }
  dt {
    color: var(--_muted);
    font-size: 0.86em;
  }
  dd {
    margin: 0;
    direction: ltr;
    text-align: right;
  }
  button {
    grid-area: button;
    font: inherit;
    font-size: 0.93em;
    font-weight: 600;
    color: var(--_text);
    background: var(--_raised);
    border: 1px solid var(--_line);
    border-radius: 8px;
    padding: 3px 12px;
    min-block-size: 2.2em;
    cursor: pointer;
  }
  button:hover {
    border-color: var(--_muted);
  }
  /* The button keeps its place while it has nothing to do, so that a loss moves nothing. */
  button[disabled] {
    visibility: hidden;
  }
  .detail {
    padding: 8px var(--_pad) 10px;
    border-block-start: 1px solid var(--_line);
    font-size: 0.89em;
  }
  .detail dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(9.5em, 1fr));
    gap: 4px 8px;
    margin-block-start: 10px;
    padding-block-start: 8px;
    border-block-start: 1px solid var(--_line);
  }
  .detail dl div {
    display: flex;
    gap: 4px;
    align-items: baseline;
  }
  .detail dd {
    flex: 1;
  }
  /* Name, line and figures; in a narrow place the line runs below them. */
  .waterfall [role='row'] {
    display: grid;
    grid-template-columns: 6em minmax(0, 1fr) repeat(3, 6.5ch);
    column-gap: 12px;
    align-items: baseline;
    padding-block: 2px;
    white-space: nowrap;
  }
  .waterfall [role='columnheader'],
  .waterfall [role='rowheader'] {
    color: var(--_muted);
    font-size: 0.86em;
  }
  .waterfall [role='columnheader']:first-child {
    grid-column: 1 / 3;
  }
  .waterfall [role='columnheader'] + [role='columnheader'],
  .waterfall [role='cell'] {
    direction: ltr;
    text-align: right;
  }
  .waterfall .total [role='rowheader'] {
    color: var(--_text);
    font-weight: 600;
  }
  svg {
    align-self: center;
    inline-size: 100%;
    block-size: 3px;
    border-radius: 1.5px;
    background: color-mix(in oklab, var(--_muted) 12%, transparent);
    fill: var(--_muted);
  }
  .tail {
    opacity: 0.4;
  }
  :host(:dir(rtl)) svg {
    transform: scaleX(-1);
  }
  /*
   * In a narrow place the reason has a line of its own, and button and figures share one place: a lost feed has no rate,
   * and its age stands beside each price.
   */
  @container (inline-size < 34em) {
    .line {
      grid-template: 'mark state figures' 2.2em 'why why why' auto / auto minmax(0, 1fr) auto;
      column-gap: 10px;
    }
    button {
      grid-area: figures;
      justify-self: end;
    }
    button:not([disabled]) + dl.main {
      visibility: hidden;
    }
    dl.main {
      grid-template-columns: auto 7ch auto 6ch;
      column-gap: 4px;
      font-size: 0.89em;
    }
    dl.main div + div dt {
      margin-inline-start: 8px;
    }
    .waterfall [role='row'] {
      grid-template-columns: minmax(0, 1fr) repeat(3, 6ch);
      column-gap: 8px;
    }
    .waterfall [role='columnheader']:first-child {
      grid-column: 1;
    }
    svg {
      grid-area: 2 / 1 / 3 / -1;
      block-size: 2px;
      margin-block-start: 1px;
    }
  }
  @container (inline-size < 22em) {
    dl.main {
      grid-template-columns: auto 6ch;
    }
    dl.main div:first-child {
      display: none;
    }
  }
  @container (inline-size < 17em) {
    .line {
      grid-template: 'mark state' auto 'why why' 2.9em 'figures figures' 2.4em / auto minmax(0, 1fr);
    }
    .why {
      white-space: normal;
      align-self: start;
    }
    dl.main {
      justify-content: end;
    }
  }
`;
