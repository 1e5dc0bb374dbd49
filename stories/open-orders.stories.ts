import { html } from 'lit';
import { expect } from 'storybook/test';
import type { Meta, StoryObj } from '@storybook/web-components-vite';
import '../src/define/all.js';
import { parseDecimal } from '../src/book/decimal.js';
import type { GatewayEvent, ListedOrder, OrderGateway } from '../src/orders/gateway.js';
import type { OrderFacts, OrderRequest } from '../src/orders/order.js';
import { stillStream } from './still-stream.js';

interface Args {
  symbol: string;
  history: number;
  density: 'comfortable' | 'compact';
  gateway: () => OrderGateway;
}

const exact = (text: string) => parseDecimal(text)!;
const MADE_AT = Date.UTC(2026, 10, 27, 9, 30);

const listed = (i: number, request: Partial<OrderRequest>, facts: Partial<OrderFacts> = {}): ListedOrder => ({
  request: {
    clientOrderId: `story-${i}`,
    account: 'A-1',
    symbol: 'SCOM',
    side: 'buy',
    orderType: 'limit',
    quantity: '1200',
    limitPrice: '17.45',
    stopPrice: null,
    timeInForce: 'day',
    createdAt: MADE_AT + i * 61_000,
    ...request,
  },
  facts: { status: 'open', filled: exact('0'), orderId: `o-${i}`, ...facts },
});

let venues = 0;

/** A venue that stands still: it has these orders, and nothing happens to them unless one is cancelled. */
function stillVenue(orders: readonly ListedOrder[], isWhole = true, mayAnswer = true): OrderGateway {
  let tell: ((event: GatewayEvent) => void) | undefined;
  return {
    // A page of stories shows several.
    name: `story ${++venues}`,
    capabilities: { cancel: true, query: false, events: true, balancesExcludeOpenOrders: true },
    place: () => new Promise(() => undefined),
    cancel: ({ clientOrderId }) => {
      const order = orders.find(({ request }) => request.clientOrderId === clientOrderId);
      if (!order || !mayAnswer) return new Promise(() => undefined);
      return Promise.resolve({
        outcome: 'cancelled',
        facts: { ...order.facts, status: 'cancelled', leaves: exact('0') },
      });
    },
    observe(_account, listener) {
      tell = listener;
      tell({ type: 'ready', orders });
      if (!isWhole) tell({ type: 'lost', reason: 'connection_lost' });
      return () => (tell = undefined);
    },
  };
}

const WORKING = [
  listed(1, {}, { status: 'partially_filled', filled: exact('400'), averagePrice: exact('17.45') }),
  listed(2, { side: 'sell', limitPrice: '17.65', quantity: '300' }),
  listed(3, { orderType: 'stop', limitPrice: null, stopPrice: '17.10', side: 'sell', quantity: '500' }),
];
const ENDED = [
  listed(4, {}, { status: 'filled', filled: exact('1200'), averagePrice: exact('17.4375') }),
  listed(5, { limitPrice: '17.20' }, { status: 'cancelled', filled: exact('0') }),
  listed(
    6,
    { quantity: '900000' },
    { status: 'rejected', reason: { code: 'insufficient_funds', message: '', by: 'venue' } },
  ),
  listed(7, { orderType: 'market', limitPrice: null }, { status: 'expired', filled: exact('100') }),
];

const meta: Meta<Args> = {
  title: 'Open orders',
  component: 'open-orders',
  args: { symbol: '', history: 5, density: 'comfortable', gateway: () => stillVenue([...ENDED, ...WORKING]) },
  argTypes: {
    density: { control: 'select', options: ['comfortable', 'compact'] },
    gateway: { table: { disable: true } },
  },
  render: (args) =>
    html`<open-orders
      account="A-1"
      symbol=${args.symbol}
      history=${args.history}
      density=${args.density}
      .stream=${stillStream()}
      .gateway=${args.gateway()}
    ></open-orders>`,
};
export default meta;
type Story = StoryObj<Args>;

const inside = (canvas: HTMLElement): ShadowRoot => canvas.querySelector('open-orders')!.shadowRoot!;

/** A list that trades: place an order in the ticket, and cancel it in the list. The book marks where it rests. */
export const Playground: Story = {
  render: (args) =>
    html`<market-stream src="demo:?seed=7">
      <open-orders account="A-1" symbol=${args.symbol} history=${args.history} density=${args.density}></open-orders>
      <order-panel symbol="SCOM" account="A-1"></order-panel>
      <order-book symbol="SCOM"></order-book>
    </market-stream>`,
};

export const Full: Story = {
  play: async ({ canvasElement }) => {
    await expect(inside(canvasElement).querySelectorAll('[part=order]').length).toBe(7);
  },
};
export const Working: Story = { args: { history: 0 } };
export const Compact: Story = { args: { density: 'compact' } };
export const OneSymbol: Story = { args: { symbol: 'SCOM' } };
export const Empty: Story = { args: { gateway: () => stillVenue([]) } };
/** The connection is lost: what was known stays, and can still be cancelled once it is back. */
export const Behind: Story = { args: { gateway: () => stillVenue(WORKING, false) } };
export const NoFeed: Story = { render: () => html`<open-orders account="A-1"></open-orders>` };

export const Cancelling: Story = {
  args: { gateway: () => stillVenue(WORKING, true, false) },
  play: async ({ canvasElement }) => {
    inside(canvasElement).querySelector<HTMLElement>('[data-act=cancel]')!.click();
    await canvasElement.querySelector('open-orders')!.updateComplete;
    await expect(inside(canvasElement).querySelector('.standing')?.textContent).toContain('Cancelling');
  },
};

/** Every order is named before all are cancelled. */
export const CancelAll: Story = {
  args: { history: 0 },
  play: async ({ canvasElement }) => {
    inside(canvasElement).querySelector<HTMLElement>('[part=cancel-all]')!.click();
    await canvasElement.querySelector('open-orders')!.updateComplete;
    await expect(inside(canvasElement).querySelector('dialog h2')?.textContent).toBe('Cancel 3 orders?');
  },
};
