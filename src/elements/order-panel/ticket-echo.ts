import type { ExitField, PriceField } from '../../orders/ticket.js';
import type { TicketCheck } from './ticket-check.js';
import type { TicketFormat } from './ticket-format.js';

/** What was understood, where it was written in another way: `2.5m`, or an amount of money. */
export function echoOf(
  field: PriceField | ExitField | 'quantity',
  { draft, numbers }: TicketCheck,
  format: TicketFormat,
  symbol: string,
): string {
  const value = numbers[field];
  if (!value) return '';
  if (numbers.amount && field === 'quantity')
    return `${format.money(numbers.amount)} = ${format.quantity(value)} ${symbol}`;
  const text = field === 'quantity' ? format.quantity(value) : format.price(value);
  const typed = draft[field].trim();
  return /^\d+$/.test(typed) || typed === text ? '' : `= ${text}`;
}
