import { formatDecimal, type Decimal } from '../../book/decimal.js';
import type { Instrument } from '../../book/instrument.js';
import type { TickTable } from '../../book/tick-table.js';
import { minorDecimals } from '../../orders/money.js';
import { formatText } from '../internal/format.js';

/**
 * Arabic digits count as written from the right: of two of them with only a sign between the second would stand first, the
 * new price before the old. A mark that is not seen ends each number for the words around it.
 */
function write(...of: Parameters<typeof formatText>): string {
  const text = formatText(...of);
  return /[\u0660-\u0669]/.test(text) ? `${text}\u200e` : text;
}

/** Writes the numbers of one ticket, for one instrument and language. What is not known is a dash. */
export class TicketFormat {
  readonly #lang: string;
  readonly #instrument: Instrument | undefined;
  readonly #priceScale: number;

  constructor(lang: string, instrument: Instrument | undefined, tickTable: Pick<TickTable, 'scale'> | undefined) {
    this.#lang = lang;
    this.#instrument = instrument;
    this.#priceScale = tickTable?.scale ?? 0;
  }

  price(value: Decimal | undefined): string {
    return value ? write(formatDecimal(value), this.#lang, this.#priceScale) : '—';
  }

  quantity(value: Decimal | undefined): string {
    return value ? write(formatDecimal(value), this.#lang) : '—';
  }

  /** An amount in the quoted currency, without its name. */
  amount(value: Decimal | undefined): string {
    const { currency } = this.#instrument ?? {};
    // Where the currency is not told, no zeros are made up.
    return value ? write(formatDecimal(value), this.#lang, currency === undefined ? 0 : minorDecimals(currency)) : '—';
  }

  /** An amount with the name of its currency. */
  money(value: Decimal | undefined): string {
    const { currency } = this.#instrument ?? {};
    return value && currency !== undefined ? `${currency} ${this.amount(value)}` : this.amount(value);
  }

  /** Exact decimal text, as it stands in an issue. */
  text(text: string): string {
    return write(text, this.#lang);
  }

  /** Exact decimal text of so much of the quoted currency, or of anything else. */
  assetText(text: string, asset: string): string {
    return formatText(text, this.#lang, asset === this.#instrument?.currency ? minorDecimals(asset) : 0);
  }

  priceText(text: string): string {
    return write(text, this.#lang, this.#priceScale);
  }
}
