import { css } from 'lit';

/** Of the table, the figures and the button that saves a recording. */
export const detailStyles = css`
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
  @container (inline-size < 34em) {
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
  .recording {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 0 var(--_pad) 10px;
    font-size: 0.89em;
  }
  .recording button[aria-disabled='true'] {
    color: var(--_muted);
    cursor: default;
  }
  .recording span {
    flex: 1 1 16em;
    color: var(--_muted);
  }
`;
