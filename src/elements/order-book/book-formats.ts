import type { BookView } from '../../book/book.js';
import { formatDecimal, type Decimal } from '../../book/decimal.js';
import { UnitFormat, formatText } from '../internal/format.js';
import type { SideFormats } from './side-picture.js';

/** Most decimals of a notional on the screen: it is money, and money ends at its minor unit. */
const NOTIONAL_DECIMALS = 2;

/** How the numbers of one book are written in one language. */
export class BookFormats implements SideFormats {
  #lang = 'en';
  #notionalScale = 0;
  #sizeScale = 0;
  #price = new UnitFormat('en', 0, 0);
  #size = new UnitFormat('en', 0, 0);

  /** Fits the formats to a book and a language; cheap when nothing has changed. */
  fit(book: BookView, lang: string): void {
    this.#lang = lang;
    this.#sizeScale = book.sizeScale;
    this.#notionalScale = book.priceScale + book.sizeScale;
    this.#price = this.#price.refit(lang, book.priceScale);
    this.#size = this.#size.refit(lang, book.sizeScale);
  }

  /** Forgets how many decimals the numbers had, as before another symbol. */
  forget(): void {
    this.#price = new UnitFormat(this.#lang, 0, 0);
    this.#size = new UnitFormat(this.#lang, 0, 0);
  }

  price(units: number): string {
    return this.#price.format(units);
  }

  size(units: number): string {
    return this.#size.format(units);
  }

  exactSize(size: Decimal): string {
    return formatText(formatDecimal(size), this.#lang, this.#sizeScale);
  }

  notional(priceUnits: number, sizeUnits: number): string {
    if (!Number.isSafeInteger(priceUnits) || !Number.isSafeInteger(sizeUnits)) return '—';
    const exact = { units: BigInt(priceUnits) * BigInt(sizeUnits), scale: this.#notionalScale };
    return formatText(formatDecimal(exact), this.#lang, NOTIONAL_DECIMALS, NOTIONAL_DECIMALS);
  }
}
