import { css, html, nothing, type TemplateResult } from 'lit';

/** Says, wherever an order is about to be given, that it is not a real one. */
export const paperBadge = (isPaper: boolean): TemplateResult | typeof nothing =>
  isPaper ? html`<p class="paper" part="paper"><b>PAPER</b> Simulated. Nothing is sent.</p>` : nothing;

export const paperStyles = css`
  .paper {
    display: flex;
    align-items: center;
    gap: 8px;
    font-size: 12px;
    color: var(--_warn-text);
  }
  dialog .paper {
    margin-block-start: 8px;
  }
  .paper b {
    padding: 2px 8px;
    border: 1px dashed currentcolor;
    border-radius: 6px;
    background: color-mix(in oklab, var(--_warn) 15%, var(--_surface));
    letter-spacing: 0.08em;
  }
`;
