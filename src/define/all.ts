import './market-stream.js';
import './feed-status.js';
import './order-book.js';
import './order-panel.js';
import './open-orders.js';
