/** In place of `elements/feed-status/feed-detail.ts`, in a file that has no further figures: the page's author is told where they would stand. */
import { css, html, type TemplateResult } from 'lit';
import type { FeedDetail as RealFeedDetail } from '../elements/feed-status/feed-detail.js';

export const detailStyles = css``;

export class FeedDetail implements Pick<RealFeedDetail, keyof RealFeedDetail> {
  render(): TemplateResult {
    return html`<div class="detail" part="detail">The detail needs touchline-desk.js instead of touchline.js.</div>`;
  }
}
