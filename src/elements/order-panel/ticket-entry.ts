import { EXIT_FIELDS } from '../../orders/exits.js';
import type { NumberSeparators } from '../../orders/number-input.js';
import { fromLevel, type FromBook } from '../../orders/provenance.js';
import {
  EMPTY_DRAFT,
  draftFromLevel,
  priceFieldOf,
  priceFieldsOf,
  type NumberField,
  type TicketDraft,
} from '../../orders/ticket.js';
import { usualType, type Offer } from '../../orders/combinations.js';
import type { OrderType } from '../../orders/order.js';
import type { LevelPick } from '../order-book/order-book.events.js';

/** Where numbers in a ticket came from: a level that was so old when it was picked. */
export interface Picked {
  readonly at: number;
  readonly ageMs: number;
  readonly grouped: boolean;
  readonly from: FromBook;
}

const NUMBER_FIELDS = ['quantity', 'limitPrice', 'stopPrice', 'displayQuantity', ...EXIT_FIELDS] as const;

/** What is still from the book after an edit; undefined where nothing is. */
function without(picked: Picked, change: Partial<TicketDraft>): Picked | undefined {
  const isPriceNew = 'orderType' in change || 'limitPrice' in change || 'stopPrice' in change;
  const isSizeNew = 'quantity' in change || 'quantityIn' in change;
  const priceField = isPriceNew ? undefined : picked.from.priceField;
  const taken = isSizeNew ? undefined : picked.from.taken;
  return priceField || taken ? { ...picked, from: { ...picked.from, priceField, taken } } : undefined;
}

/** What a person has entered, and what may be said of it: nobody is told off for a field that they have not left yet. */
export class TicketEntry {
  readonly #onChange: () => void;
  #draft = EMPTY_DRAFT;
  /** The type that was chosen last, also while another one stands in for it. */
  #wantedType = EMPTY_DRAFT.orderType;
  #touched: ReadonlySet<NumberField> = new Set();
  #picked: Picked | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get draft(): TicketDraft {
    return this.#draft;
  }

  /** Fields that were left, or all of them after a press: their problems are shown. */
  get touched(): ReadonlySet<NumberField> {
    return this.#touched;
  }

  get picked(): Picked | undefined {
    return this.#picked;
  }

  edit(change: Partial<TicketDraft>): void {
    this.#draft = { ...this.#draft, ...change };
    this.#picked = this.#picked && without(this.#picked, change);
    this.#wantedType = change.orderType ?? this.#wantedType;
    this.#onChange();
  }

  /**
   * Stands on a type that is offered, of those that the ticket has: as long as no number was entered, or where it has the present
   * one no more. What was entered for one type never becomes an order of another.
   */
  settleType(types: readonly OrderType[], offer: Offer): boolean {
    const { orderType } = this.#draft;
    if (types.includes(orderType) && NUMBER_FIELDS.some((field) => this.#draft[field] !== '')) return false;
    const usual = usualType(this.#wantedType, types, offer);
    if (usual === undefined || usual === orderType) return false;
    this.#draft = { ...this.#draft, orderType: usual };
    this.#picked = this.#picked && without(this.#picked, { orderType: usual });
    this.#onChange();
    return true;
  }

  touch(...fields: readonly NumberField[]): void {
    if (fields.every((field) => this.#touched.has(field))) return;
    this.#touched = new Set([...this.#touched, ...fields]);
    this.#onChange();
  }

  /** Marks every field that the order type uses. */
  touchAll(): void {
    this.touch('quantity', 'displayQuantity', ...EXIT_FIELDS, ...priceFieldsOf(this.#draft.orderType));
  }

  /** Takes a level of the book over. */
  pick(level: LevelPick, separators: NumberSeparators, now: number): void {
    const draft = draftFromLevel(this.#draft, level, separators);
    // A number was missing: then nothing of it was taken.
    if (draft === this.#draft) return;
    const { orderType, ...taken } = draft;
    this.edit(taken);
    const priceField = priceFieldsOf(orderType).length === 0 ? undefined : priceFieldOf(orderType);
    const from = fromLevel(level, priceField);
    const picked = from && { at: now, ageMs: level.ageMs, grouped: level.grouped, from };
    this.#picked = picked && without(picked, {});
  }

  /** Empties these fields, as if they had never been touched. */
  clear(...fields: readonly NumberField[]): void {
    for (const field of fields) this.edit({ [field]: '' });
    this.#touched = new Set();
  }
}
