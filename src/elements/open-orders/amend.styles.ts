import { css } from 'lit';

/** The look of the form that changes an order, in whatever list it stands. Fields are as in the ticket. */
export const amendStyles = css`
  .amend {
    display: grid;
    grid-column: 1 / -1;
    gap: 6px;
    padding: 10px;
    border: 1px solid var(--_line);
    border-radius: 9px;
    background: var(--_raised);
  }
  /* Kept free, so that the button stays where it is. */
  .amend .change {
    min-block-size: 20px;
    margin: 0;
    color: var(--_text);
    font-size: 13px;
    font-weight: 600;
  }
  .amend .choice {
    display: grid;
    grid-template-columns: 1fr 2fr;
    gap: 8px;
  }
  .amend .choice button {
    block-size: 36px;
  }
`;
