/** The file for a script tag with everything: what shows a market, and the ticket. */
import './define/all.js';

export * from './index.js';
