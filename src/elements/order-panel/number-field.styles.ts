import { css } from 'lit';

/** The look of a number with its label, its steps and the line below it. */
export const numberFieldStyles = css`
  .label {
    display: flex;
    justify-content: space-between;
    gap: 8px;
    font-size: 12px;
    color: var(--_muted);
    white-space: nowrap;
  }
  .label {
    padding-block-end: 4px;
  }
  .note {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .input {
    display: flex;
    align-items: stretch;
    block-size: 42px;
    border: 1px solid var(--_edge);
    border-radius: 9px;
    background: var(--_surface);
    overflow: hidden;
  }
  .input:focus-within {
    border-color: var(--_accent);
    outline: 2px solid var(--_accent);
    outline-offset: -1px;
  }
  .input.invalid {
    border-color: var(--_ask);
  }
  .input.invalid:focus-within {
    outline-color: var(--_ask);
  }
  .input input {
    flex: 1;
    inline-size: 0;
    min-inline-size: 0;
    padding: 0 8px;
    border: 0;
    outline: 0;
    background: none;
    color: inherit;
    font: inherit;
    font-size: 16px;
    font-variant-numeric: inherit;
    text-align: end;
  }
  .input em {
    align-self: center;
    color: var(--_muted);
    font-size: 13px;
    font-style: normal;
    white-space: nowrap;
  }
  .input button {
    inline-size: 36px;
    flex: none;
    border: 0;
    background: none;
    color: var(--_muted);
    font: inherit;
    font-size: 17px;
    cursor: pointer;
    touch-action: manipulation;
  }
  .input .swap {
    inline-size: auto;
    padding-inline: 6px;
    font-size: 13px;
    white-space: nowrap;
  }
  .swap::after {
    content: ' ⇄';
  }
  .input button:hover {
    background: var(--_raised);
    color: var(--_text);
  }

  /* Two lines for problems, offers and provenance, kept free so that nothing moves when they fill. */
  .hint {
    display: flex;
    flex-wrap: wrap;
    align-content: start;
    align-items: start;
    gap: 2px 6px;
    block-size: 36px;
    overflow: hidden auto;
    font-size: 12px;
    line-height: 1.3;
    color: var(--_muted);
    scrollbar-width: thin;
  }
  .hint span {
    flex: 1 1 100px;
    min-inline-size: 0;
    /* Its first line stands beside a button, and in the same place without one. */
    padding-block-start: 4px;
  }
  .hint .error {
    color: var(--_ask);
  }
  .hint .warning {
    color: var(--_warn-text);
  }
  .hint .error::before,
  .hint .warning::before {
    content: '! ';
    font-weight: 700;
  }
  .hint .from::before {
    content: '✓ ';
    color: var(--_bid);
  }
  .nearest {
    flex: none;
    min-block-size: 24px;
    padding: 0 8px;
    border: 1px solid var(--_edge);
    border-radius: 99px;
    background: var(--_raised);
    color: var(--_text);
    font: inherit;
    font-variant-numeric: inherit;
    cursor: pointer;
  }
  .nearest:hover {
    border-color: var(--_accent);
  }
  .nearest:focus-visible {
    outline-offset: -2px;
  }
`;
