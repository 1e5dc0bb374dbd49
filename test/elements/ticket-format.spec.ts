import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseDecimal } from '../../src/book/decimal.js';
import { TicketFormat } from '../../src/elements/order-panel/ticket-format.js';

const KES = { symbol: 'SCOM', currency: 'KES', tickSize: '0.05', lotSize: '100' };
const value = parseDecimal('1200.5')!;

it('OP106 a number in Arabic digits ends with the mark that keeps its place, any other has none', () => {
  const mark = '\u200e';
  const arabic = new TicketFormat('ar-EG', KES, { scale: 2 });
  const written = [
    arabic.price(value),
    arabic.priceText('17.45'),
    arabic.quantity(value),
    arabic.amount(value),
    arabic.money(value),
    arabic.text('0.05'),
  ];
  for (const text of written) assert.match(text, /[٠-٩]\u200e$/, text);
  for (const lang of ['en', 'de', 'fa', 'hi']) {
    assert.equal(new TicketFormat(lang, KES, { scale: 2 }).price(value).includes(mark), false, lang);
  }
});
