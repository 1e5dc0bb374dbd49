/** Everything, and a market inside the page, so that `src="demo:"` needs no server. */
import './define/all.js';

export * from './index.js';
export { formatDecimal, parseDecimal } from './book/decimal.js';
export { createPaperGateway } from './orders/paper-gateway.js';
