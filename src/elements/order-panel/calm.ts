import { html, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';

/**
 * A text that is set against its end or its middle. Its start moves whenever it gets longer, which browsers count as a
 * layout shift although nothing around it moves; a new node for a new text is none.
 */
export const calm = (text: string): TemplateResult => html`${keyed(text, html`<span>${text}</span>`)}`;
