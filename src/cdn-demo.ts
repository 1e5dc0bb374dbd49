/** Everything, and a market inside the page, so that `src="demo:"` needs no server. */
import './define/all.js';

export * from './index.js';
