import { formatForInput, type NumberSeparators } from '../../orders/number-input.js';
import type { Decimal } from '../../book/decimal.js';
import { TickTable } from '../../book/tick-table.js';
import type { NumberField } from '../../orders/ticket.js';
import { steppedField, type TicketFacts } from '../order-panel/ticket-check.js';
import {
  amendDraftOf,
  checkAmend,
  type AmendCheck,
  type AmendDraft,
  type AmendTerms,
  type AmendableOrder,
} from './amend-check.js';

export interface AmendHost {
  /** The order as it stands now; undefined when it can't be changed any more. */
  readonly order: (clientOrderId: string) => AmendableOrder | undefined;
  readonly facts: (order: AmendableOrder) => TicketFacts;
  readonly amend: (clientOrderId: string, terms: AmendTerms) => void;
  /** Asks for an update. */
  readonly changed: () => void;
}

/** The change of one order, from the press on its button until it is sent or left. */
export class AmendEditor {
  readonly #host: AmendHost;
  #id: string | undefined;
  #draft: AmendDraft = { quantity: '', limitPrice: '', stopPrice: '' };
  /** What was edited: the rest follows the order. */
  readonly #edited = new Set<NumberField>();

  constructor(host: AmendHost) {
    this.#host = host;
  }

  /** The order that is being changed, or undefined. */
  get id(): string | undefined {
    return this.#id;
  }

  open(clientOrderId: string): void {
    this.#id = clientOrderId;
    this.#edited.clear();
    this.#host.changed();
  }

  close(): void {
    if (this.#id === undefined) return;
    this.#id = undefined;
    this.#host.changed();
  }

  /** Judges the draft by what is true now. Undefined while nothing is open, and for good once the order can't be changed. */
  look(): { readonly order: AmendableOrder; readonly draft: AmendDraft; readonly check: AmendCheck } | undefined {
    const order = this.#id === undefined ? undefined : this.#host.order(this.#id);
    if (order === undefined) {
      this.#id = undefined;
      return undefined;
    }
    const facts = this.#host.facts(order);
    // What fills meanwhile is taken off the rest, unless somebody has said what shall be left.
    const now = amendDraftOf(order, facts.separators, this.#scaleOf(facts));
    const draft = { ...now };
    for (const field of this.#edited) draft[field] = this.#draft[field];
    this.#draft = draft;
    return { order, draft, check: checkAmend(order, draft, facts) };
  }

  enter(field: NumberField, text: string): void {
    this.#draft = { ...this.#draft, [field]: text };
    this.#edited.add(field);
    this.#host.changed();
  }

  take(field: NumberField, value: Decimal, separators: NumberSeparators): void {
    const order = this.#id === undefined ? undefined : this.#host.order(this.#id);
    const scale = field === 'quantity' || order === undefined ? 0 : this.#scaleOf(this.#host.facts(order));
    this.enter(field, formatForInput(value, separators, scale));
  }

  step(field: NumberField, direction: 1 | -1): void {
    const seen = this.look();
    if (seen === undefined) return;
    const next = steppedField(seen.check.ticket, field, direction);
    if (next) this.take(field, next, this.#host.facts(seen.order).separators);
  }

  /** Sends the change, judged anew; says whether it went. */
  send(): boolean {
    const id = this.#id;
    const terms = this.look()?.check.terms;
    if (id === undefined || terms === undefined) return false;
    this.#id = undefined;
    this.#host.amend(id, terms);
    this.#host.changed();
    return true;
  }

  #scaleOf({ instrument, stream, symbol }: TicketFacts): number {
    const found = instrument ?? stream?.instrument(symbol);
    return (found && TickTable.of(found)?.scale) ?? 0;
  }
}
