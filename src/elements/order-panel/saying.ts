import { html, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { Saying } from './order-news.js';

/** In a live region: a new node for each saying, since a text that stays as it is is not read out again. */
export const saying = ({ text, turn }: Saying): TemplateResult => html`${keyed(turn, html`<span>${text}</span>`)}`;
