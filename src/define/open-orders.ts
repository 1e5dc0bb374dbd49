import { OpenOrdersElement } from '../elements/open-orders/open-orders.js';
import { defineOnce } from './define-once.js';

defineOnce('open-orders', OpenOrdersElement);

declare global {
  interface HTMLElementTagNameMap {
    'open-orders': OpenOrdersElement;
  }
}
