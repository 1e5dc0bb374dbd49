import { aTimeout, fixture, html } from '@open-wc/testing';
import type { LevelText } from '../../src/book/book.js';
import { LevelSelectEvent, type LevelPick } from '../../src/elements/order-book/order-book.events.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import type { OrderSubmitEvent } from '../../src/elements/order-panel/order-panel.events.js';
import type { OrderGateway, PlaceResult } from '../../src/orders/gateway.js';
import type { OrderRequest } from '../../src/orders/order.js';
import { FakeStream } from './fake-stream.js';

export const BIDS: LevelText[] = [
  ['17.50', '1200'],
  ['17.45', '800'],
];
export const ASKS: LevelText[] = [
  ['17.55', '900'],
  ['17.60', '400'],
];
export const SCOM = {
  symbol: 'SCOM',
  name: 'Safaricom PLC',
  currency: 'KES',
  tickTable: [
    ['0', '0.01'],
    ['10', '0.05'],
  ] as const,
  lotSize: '100',
  takerFee: '0.0012',
};

export function liveStream(): FakeStream {
  const stream = new FakeStream();
  stream.setInstrument(SCOM);
  stream.pushTicker('SCOM', { price: '17.55' });
  stream.pushBook('SCOM', BIDS, ASKS);
  return stream;
}

/** What a user sees and does on a ticket. */
export class TicketPage {
  readonly submitted: OrderSubmitEvent[] = [];

  constructor(
    readonly element: OrderPanelElement,
    readonly stream: FakeStream,
  ) {
    element.addEventListener('order-submit', (event) => this.submitted.push(event as OrderSubmitEvent));
  }

  get #root(): ShadowRoot {
    return this.element.shadowRoot!;
  }

  find<T extends HTMLElement = HTMLElement>(selector: string): T {
    return this.#root.querySelector<T>(selector)!;
  }

  text(selector: string): string {
    return (this.find(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();
  }

  get button(): string {
    return this.text('[part="submit"]');
  }

  get dialog(): HTMLDialogElement {
    return this.find<HTMLDialogElement>('dialog');
  }

  async type(field: string, text: string): Promise<void> {
    const input = this.find<HTMLInputElement>(`#${field}`);
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
    input.dispatchEvent(new Event('blur'));
    await this.element.updateComplete;
  }

  async choose(value: string): Promise<void> {
    this.find(`label.${value} input`).click();
    await this.element.updateComplete;
  }

  async press(selector = '[part="submit"]'): Promise<void> {
    this.find(selector).click();
    await this.settled();
    // A press right after the dialog has gone would count as meant for it.
    if (selector.startsWith('dialog')) this.stream.pass(400);
    await this.settled();
  }

  async settled(): Promise<void> {
    await aTimeout(0);
    await this.element.updateComplete;
  }

  /** Presses the button, waits until the dialog takes presses, and presses there. */
  async confirm(): Promise<void> {
    await this.press();
    this.stream.pass(400);
    await this.element.updateComplete;
    await this.press('dialog .go');
  }

  async fill(): Promise<void> {
    // A person takes longer over it than over a double click.
    this.stream.pass(400);
    await this.type('limitPrice', '17.45');
    await this.type('quantity', '1,200');
  }
}

export async function mount(change: Partial<OrderPanelElement> = {}, stream = liveStream()): Promise<TicketPage> {
  const element = await fixture<OrderPanelElement>(html`<order-panel symbol="SCOM"></order-panel>`);
  Object.assign(element, { stream, ...change });
  await element.updateComplete;
  return new TicketPage(element, stream);
}

export const accepted = { status: 'accepted' as const, orderId: 'o-1' };
export const answerWith = (page: TicketPage, answer: Promise<unknown>): void =>
  page.element.addEventListener('order-submit', (event) => (event as OrderSubmitEvent).respondWith(answer as never), {
    once: false,
  });

export const pickLevel = (change: Partial<LevelPick>): boolean =>
  document.dispatchEvent(
    new LevelSelectEvent({
      symbol: 'SCOM',
      side: 'ask',
      price: '17.60',
      size: '400',
      cumulativeSize: '1300',
      field: 'price',
      grouped: false,
      sequence: 1,
      ageMs: 200,
      ...change,
    }),
  );

export function gatewayOf(
  place: (order: OrderRequest) => Promise<PlaceResult>,
  cancelled: string[] = [],
): OrderGateway {
  return {
    capabilities: { cancel: true, query: false, events: false, balancesExcludeOpenOrders: false },
    place,
    cancel: async ({ clientOrderId }) => {
      cancelled.push(clientOrderId);
      return { outcome: 'cancelled', facts: { status: 'cancelled', filled: { units: 0n, scale: 0 } } };
    },
  };
}
