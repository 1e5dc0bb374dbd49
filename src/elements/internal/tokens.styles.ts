import { css } from 'lit';

/**
 * The design tokens as every element reads them. A public token (`--tl-…`) is only ever read, with its default behind
 * it, so that a page may set it on any ancestor and `:host` never wins over it. The private names (`--_…`) are what the
 * other style sheets use.
 *
 * Colours are OKLCH with one light and one dark value of the same perceived weight; which of the two is used follows
 * the `color-scheme` of the page, or the element's own `theme`.
 */
export const tokens = css`
  :host {
    --_surface: var(--tl-surface, light-dark(oklch(0.995 0.002 255), oklch(0.2 0.014 255)));
    --_raised: var(--tl-raised, light-dark(oklch(0.972 0.004 255), oklch(0.245 0.016 255)));
    --_line: var(--tl-line, light-dark(oklch(0.915 0.006 255), oklch(0.315 0.016 255)));
    --_text: var(--tl-text, light-dark(oklch(0.24 0.02 255), oklch(0.94 0.008 255)));
    --_muted: var(--tl-muted, light-dark(oklch(0.46 0.02 255), oklch(0.755 0.016 255)));
    --_bid: var(--tl-bid, light-dark(oklch(0.455 0.115 162), oklch(0.8 0.15 162)));
    --_ask: var(--tl-ask, light-dark(oklch(0.49 0.185 22), oklch(0.76 0.14 22)));
    --_up: var(--tl-up, var(--_bid));
    --_down: var(--tl-down, var(--_ask));
    /* What marks a control: of whatever colours the page has, 3:1 against both of its grounds. */
    --_edge: color-mix(in oklab, var(--_text) 50%, var(--_surface));
    --_on-side: var(--tl-on-side, light-dark(oklch(0.99 0.005 255), oklch(0.18 0.03 255)));
    --_bar-bid: var(--tl-bar-bid, color-mix(in oklab, var(--_bid) 12%, transparent));
    --_bar-ask: var(--tl-bar-ask, color-mix(in oklab, var(--_ask) 11%, transparent));
    --_accent: var(--tl-accent, light-dark(oklch(0.5 0.17 258), oklch(0.76 0.12 258)));
    --_warn: var(--tl-warn, light-dark(oklch(0.6 0.14 70), oklch(0.82 0.14 80)));
    --_warn-text: var(--tl-warn-text, light-dark(oklch(0.44 0.1 65), oklch(0.88 0.1 85)));
    --_radius: var(--tl-radius, 12px);
    --_pad: var(--tl-pad, 14px);
    --_font-size: var(--tl-font-size, 14px);
    --_row: var(--tl-row-height, calc(var(--_font-size) * 12 / 7));

    box-sizing: border-box;
    display: block;
    color: var(--_text);
    background: var(--_surface);
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    font-size: var(--_font-size);
    text-size-adjust: 100%;
  }
  /* What a page does to its own text must not reach the numbers: a spaced-out price does not fit its column. */
  :where(:host > *) {
    color: var(--_text);
    font-size: var(--_font-size);
    font-style: normal;
    font-variant: normal;
    font-variant-numeric: tabular-nums lining-nums;
    font-weight: 400;
    hyphens: manual;
    letter-spacing: normal;
    line-height: 1.45;
    overflow-wrap: normal;
    text-align: start;
    text-indent: 0;
    text-shadow: none;
    text-transform: none;
    white-space: normal;
    word-break: normal;
    word-spacing: normal;
  }
  :host([hidden]) {
    display: none;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  :host([theme='auto']) {
    color-scheme: light dark;
  }
  :host([density='compact']) {
    --_font-size: var(--tl-font-size, 13px);
    --_row: var(--tl-row-height, calc(var(--_font-size) * 20 / 13));
    --_pad: var(--tl-pad, 10px);
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
    contain: strict;
  }
  /* Of the text's own colour, so that the wish holds on a page with colours of its own. */
  @media (prefers-contrast: more) {
    :host {
      --_line: color-mix(in oklab, var(--_text) 55%, var(--_surface));
      --_edge: color-mix(in oklab, var(--_text) 75%, var(--_surface));
      --_muted: color-mix(in oklab, var(--_text) 85%, var(--_surface));
    }
  }
  @media (forced-colors: active) {
    :host {
      --_surface: Canvas;
      --_raised: Canvas;
      --_line: CanvasText;
      --_text: CanvasText;
      --_edge: ButtonBorder;
      --_muted: CanvasText;
      --_bid: CanvasText;
      --_ask: CanvasText;
      --_accent: Highlight;
      --_warn: CanvasText;
      --_warn-text: CanvasText;
      --_on-side: Canvas;
    }
  }
`;
