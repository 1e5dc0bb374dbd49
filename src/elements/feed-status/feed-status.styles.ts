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
    border: 1px solid var(--_edge);
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
