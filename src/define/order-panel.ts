import { OrderPanelElement } from '../elements/order-panel/order-panel.js';
import { defineOnce } from './define-once.js';

defineOnce('order-panel', OrderPanelElement);

declare global {
  interface HTMLElementTagNameMap {
    'order-panel': OrderPanelElement;
  }
}
