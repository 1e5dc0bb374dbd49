import { css } from 'lit';

export const recordingStyles = css`
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
