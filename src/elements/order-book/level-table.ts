import { html, type TemplateResult } from 'lit';
import { ownText, type SideFormats, type SidePicture } from './side-picture.js';
import { beyondText } from './side-template.js';

/**
 * The same levels as a real table, for assistive technology: the painted columns are three long texts, which no screen
 * reader could walk. It is written once a second at most, or when the book gets the focus.
 */
export function levelTable(
  caption: string,
  asks: SidePicture,
  bids: SidePicture,
  formats: SideFormats,
): TemplateResult {
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">Side</th>
        <th scope="col">Price</th>
        <th scope="col">Size</th>
        <th scope="col">Total size</th>
      </tr>
    </thead>
    <tbody>
      ${rows('Ask', asks, formats)}${rows('Bid', bids, formats)}
    </tbody>
  </table>`;
}

function rows(side: string, picture: SidePicture, formats: SideFormats): TemplateResult[] {
  const { ladder, knownUpTo } = picture;
  const templates: TemplateResult[] = [];
  for (let i = 0; i < ladder.length; i++) {
    templates.push(
      html`<tr>
        <td>${side}</td>
        <th scope="row">${formats.price(ladder.prices[i] ?? NaN)}</th>
        <td>${formats.size(ladder.sizes[i] ?? NaN)}${ownText(picture, ladder.prices[i] ?? NaN, formats)}</td>
        <td>${formats.size(ladder.totals[i] ?? NaN)}</td>
      </tr>`,
    );
  }
  if (knownUpTo !== '') {
    templates.push(
      html`<tr>
        <td>${side}</td>
        <td colspan="3">${beyondText(knownUpTo)}</td>
      </tr>`,
    );
  }
  return templates;
}
