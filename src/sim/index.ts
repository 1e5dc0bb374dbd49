/** A market in memory: seeded, exact, without timers. The reference exchange and `demo:` serve it. */
export { Exchange, DEFAULT_RATE_PER_SYMBOL } from './exchange.js';
export { offerings } from './instruments.js';
export type { Act, ActJournal } from './act.js';
export { OPENING_CASH_CENTS } from './clearing-house.js';
export { COMPRESSED_DAY, type DayLengths } from './trading-day.js';
