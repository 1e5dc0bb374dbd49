import { css } from 'lit';

/** The look of the form that changes an order, inside its dialog. */
export const amendStyles = css`
  .amend {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    margin-block-start: 14px;
  }
  .amend .change {
    color: var(--_text);
  }
  .heed {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 28px;
    margin-block-start: 6px;
    font-weight: 500;
  }
  .amend .warnings {
    margin-block: 0 8px;
  }
  .amend .go {
    min-inline-size: 0;
    padding: 4px 12px;
    font-size: 15px;
  }
  .amend .go.buy {
    background: var(--_bid);
  }
  .amend .go.sell {
    background: var(--_ask);
  }
  .amend .go[aria-disabled='true'] {
    border: 1px dashed var(--_edge);
    background: var(--_raised);
    color: var(--_muted);
    cursor: default;
  }
`;
