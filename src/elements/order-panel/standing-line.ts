import { html, nothing, type TemplateResult } from 'lit';
import { calm } from './calm.js';

/** Letters that the room for it holds in the narrowest list. */
const ROOM = 60;

/** How an order stands, in a room of fixed height. What may be longer takes the focus, so that a keyboard scrolls to its end. */
export function standingLine(clientOrderId: string, text: string): TemplateResult {
  const isLong = text.length > ROOM;
  return html`<span
    class="standing"
    tabindex=${isLong ? '0' : nothing}
    data-id=${isLong ? clientOrderId : nothing}
    data-act=${isLong ? 'read' : nothing}
    >${calm(text)}</span
  >`;
}
