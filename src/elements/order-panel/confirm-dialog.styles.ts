import { css } from 'lit';

/** The look of the confirmation. */
export const confirmDialogStyles = css`
  dialog {
    inline-size: min(360px, calc(100vw - 32px));
    padding: 20px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
    box-shadow: 0 12px 40px rgb(0 0 0 / 0.28);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.4);
  }
  dialog h2 {
    font-size: 18px;
    font-weight: 650;
    letter-spacing: -0.01em;
    line-height: 1.3;
  }
  dialog h2:focus-visible {
    outline: 0;
  }
  dialog .account {
    margin-block-start: 2px;
    font-size: 12px;
    color: var(--_muted);
  }
  dialog .sums {
    margin-block-start: 12px;
  }
  /* What is frozen may take the lines that it needs. */
  dialog .sums dt {
    overflow: visible;
    white-space: normal;
  }
  dialog .exits div:last-child dd {
    font-weight: inherit;
  }
  dialog .exits-note {
    margin-block-start: 4px;
    font-size: 12px;
    color: var(--_muted);
    text-align: end;
  }
  .warnings {
    margin-block-start: 12px;
    padding: 8px 10px;
    border-radius: 8px;
    background: color-mix(in oklab, var(--_warn) 15%, var(--_surface));
    list-style: none;
    font-size: 13px;
  }
  .tick {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 24px;
    margin-block-start: 12px;
    font-size: 13px;
    cursor: pointer;
  }
  .tick input {
    flex: none;
    inline-size: 18px;
    block-size: 18px;
    margin: 0;
    accent-color: var(--_accent);
  }
  /* Two lines, kept free: it must not push the button from under a finger. */
  .change {
    min-block-size: 2.6em;
    margin-block: 10px 6px;
    font-size: 13px;
    font-weight: 600;
    line-height: 1.3;
    color: var(--_warn-text);
  }
  .choice {
    display: grid;
    grid-template-columns: 1fr 2fr;
    gap: 8px;
  }
  .back {
    block-size: 48px;
    border: 1px solid var(--_edge);
    border-radius: 10px;
    background: var(--_raised);
    color: var(--_text);
    font: inherit;
    font-weight: 600;
    cursor: pointer;
  }
  /* Its text is painted on a ground of the system's own otherwise, in the very same colour. */
  @media (forced-colors: active) {
    .go:not(:disabled, [aria-disabled='true']) {
      forced-color-adjust: none;
    }
    .go.accept {
      color: HighlightText;
    }
    .go:is(:disabled, [aria-disabled='true']) {
      border-color: GrayText;
      color: GrayText;
    }
  }
`;
