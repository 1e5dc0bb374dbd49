import { FeedStatusElement } from '../elements/feed-status/feed-status.js';
import { defineOnce } from './define-once.js';

defineOnce('feed-status', FeedStatusElement);

declare global {
  interface HTMLElementTagNameMap {
    'feed-status': FeedStatusElement;
  }
}
