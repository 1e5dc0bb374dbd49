import { MarketStreamElement } from '../elements/market-stream/market-stream.js';
import { defineOnce } from './define-once.js';

defineOnce('market-stream', MarketStreamElement);

declare global {
  interface HTMLElementTagNameMap {
    'market-stream': MarketStreamElement;
  }
}
