import { OrderBookElement } from '../elements/order-book/order-book.js';
import { defineOnce } from './define-once.js';

defineOnce('order-book', OrderBookElement);

declare global {
  interface HTMLElementTagNameMap {
    'order-book': OrderBookElement;
  }
}
