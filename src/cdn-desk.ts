/** The file for a script tag with everything: what shows a market, the ticket, and the numbers that a gateway of the page's own speaks in. */
import './define/all.js';

export * from './index.js';
export { formatDecimal, parseDecimal } from './book/decimal.js';
