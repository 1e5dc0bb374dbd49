import { html } from 'lit';
import { expect, fn, userEvent } from 'storybook/test';
import type { Meta, StoryObj } from '@storybook/web-components-vite';
import '../src/define/all.js';
import { LevelSelectEvent } from '../src/elements/order-book/order-book.events.js';
import type { OrderSubmitEvent } from '../src/elements/order-panel/order-panel.events.js';
import { crossedLevels, SCOM, stillStream, type Still } from './still-stream.js';

interface Args {
  side: 'buy' | 'sell';
  orderTypes: string;
  confirm: 'always' | 'unless-declined' | 'unless-trivial' | 'armed' | 'never';
  density: 'comfortable' | 'compact';
  disabled: boolean;
  still: Still;
  submit: (event: OrderSubmitEvent) => void;
}

const meta: Meta<Args> = {
  title: 'Order panel',
  component: 'order-panel',
  args: {
    side: 'buy',
    orderTypes: 'limit market stop',
    confirm: 'always',
    density: 'comfortable',
    disabled: false,
    still: {},
    submit: fn((event: OrderSubmitEvent) =>
      event.respondWith(Promise.resolve({ status: 'filled', orderId: 'o-1', averagePrice: '17.55' })),
    ),
  },
  argTypes: {
    side: { control: 'select', options: ['buy', 'sell'] },
    confirm: { control: 'select', options: ['always', 'unless-declined', 'unless-trivial', 'armed', 'never'] },
    density: { control: 'select', options: ['comfortable', 'compact'] },
    still: { table: { disable: true } },
    submit: { table: { disable: true } },
  },
  render: (args) =>
    html`<order-panel
      symbol="SCOM"
      account="A-1"
      side=${args.side}
      order-types=${args.orderTypes}
      confirm=${args.confirm}
      density=${args.density}
      ?disabled=${args.disabled}
      .stream=${stillStream(args.still)}
      .instrument=${SCOM}
      .balances=${{ cash: { KES: '50000' }, positions: { SCOM: '3000' } }}
      @order-submit=${args.submit}
    ></order-panel>`,
};
export default meta;
type Story = StoryObj<Args>;

const inside = (canvas: HTMLElement): ShadowRoot => canvas.querySelector('order-panel')!.shadowRoot!;

/** Types a number. Not by user-event: its `type` looks for the focus outside the shadow root. */
async function write(canvas: HTMLElement, field: string, text: string): Promise<void> {
  const input = inside(canvas).querySelector<HTMLInputElement>(`input#${field}`)!;
  input.value = text;
  input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
  await canvas.querySelector('order-panel')!.updateComplete;
}

export const Empty: Story = {};
export const Selling: Story = { args: { side: 'sell' } };
export const Compact: Story = { args: { density: 'compact' } };
export const Disabled: Story = { args: { disabled: true } };

/** What will happen stands on the button. */
export const Filled: Story = {
  play: async ({ canvasElement }) => {
    await write(canvasElement, 'limitPrice', '17.45');
    await write(canvasElement, 'quantity', '1200');
    await expect(inside(canvasElement).querySelector('[part=submit]')?.textContent?.trim()).toBe(
      'Buy 1,200 SCOM at 17.45',
    );
  },
};

/** A post-only order of which a part is shown; what does not go with it is barred, with the reason. */
export const Options: Story = {
  render: (args) =>
    html`<order-panel
      symbol="SCOM"
      account="A-1"
      .stream=${stillStream(args.still)}
      .instrument=${{ ...SCOM, postOnly: true, icebergMinShare: '0.25' }}
      .balances=${{ cash: { KES: '50000' } }}
    ></order-panel>`,
  play: async ({ canvasElement }) => {
    await write(canvasElement, 'limitPrice', '17.45');
    await write(canvasElement, 'quantity', '1200');
    await write(canvasElement, 'displayQuantity', '300');
    inside(canvasElement).querySelector<HTMLInputElement>('#postOnly')!.click();
    await canvasElement.querySelector('order-panel')!.updateComplete;
    await expect(inside(canvasElement).querySelector('[part=submit]')?.textContent?.trim()).toBe(
      'Buy 1,200 SCOM at 17.45, post-only, 300 shown',
    );
  },
};

/** On paper: simulated against the live book. The badge stands in the ticket and again in the confirmation. */
export const Paper: Story = {
  render: (args) =>
    html`<order-panel
      symbol="SCOM"
      account="A-1"
      paper="50000"
      .stream=${stillStream(args.still)}
      .instrument=${SCOM}
    ></order-panel>`,
  play: async ({ canvasElement }) => {
    await write(canvasElement, 'limitPrice', '17.45');
    await write(canvasElement, 'quantity', '1200');
    await expect(inside(canvasElement).querySelector('form [part=paper]')?.textContent).toContain('PAPER');
  },
};

/** A take profit and a stop loss, which the venue keeps as a pair. What each would come to stands beside it. */
export const Exits: Story = {
  render: (args) =>
    html`<order-panel
      symbol="SCOM"
      account="A-1"
      .stream=${stillStream(args.still)}
      .instrument=${{ ...SCOM, bracket: 'buy' as const }}
      .balances=${{ cash: { KES: '50000' } }}
    ></order-panel>`,
  play: async ({ canvasElement }) => {
    await write(canvasElement, 'limitPrice', '17.45');
    await write(canvasElement, 'quantity', '1200');
    await write(canvasElement, 'takeProfit', '17.80');
    await write(canvasElement, 'stopLoss', '17.20');
    await expect(inside(canvasElement).querySelector('[part=submit]')?.textContent?.trim()).toBe(
      'Buy 1,200 SCOM at 17.45, take profit 17.80, stop loss 17.20',
    );
  },
};

/** In money: the pieces that it makes stand beside it. */
export const Money: Story = {
  play: async ({ canvasElement }) => {
    await write(canvasElement, 'limitPrice', '17.45');
    inside(canvasElement).querySelector<HTMLButtonElement>('.swap')!.click();
    await write(canvasElement, 'quantity', '20k');
  },
};

/** Off the tick grid: the two nearest prices are offered, nothing is rounded silently. */
export const OffTick: Story = {
  play: async ({ canvasElement }) => {
    await write(canvasElement, 'limitPrice', '17.47');
    await write(canvasElement, 'quantity', '1200');
  },
};

/** More than there is money for. */
export const TooMuch: Story = {
  play: async ({ canvasElement }) => {
    await write(canvasElement, 'limitPrice', '17.45');
    await write(canvasElement, 'quantity', '100000');
  },
};

/** Nothing is sent on old prices. */
export const Stale: Story = {
  args: {
    still: {
      ageMs: 14_000,
      verdict: { state: 'disconnected', reason: 'reconnecting' },
      status: { state: 'reconnecting', reason: 'reconnecting', attempt: 3 },
    },
  },
};

export const Halted: Story = {
  args: { still: { phase: 'halted', verdict: { state: 'closed', reason: 'market_halted' } } },
};
export const Closed: Story = {
  args: { still: { phase: 'closed', verdict: { state: 'closed', reason: 'market_closed' } } },
};
/** Orders gather: nothing fills at once, and what cannot wait is barred. */
export const Auction: Story = {
  args: { still: { phase: 'auction', levels: crossedLevels() } },
  play: async ({ canvasElement }) => {
    await write(canvasElement, 'limitPrice', '17.60');
    await write(canvasElement, 'quantity', '1200');
    await expect(inside(canvasElement).querySelector('[part=submit]')?.textContent?.trim()).toBe(
      'Buy 1,200 SCOM at 17.60',
    );
    await expect(inside(canvasElement).querySelector('#options-hint')?.textContent).toContain('not in the auction');
  },
};
/** A type that the auction does not take, chosen all the same. */
export const PreOpenMarketOrder: Story = {
  args: { still: { phase: 'pre_open', levels: crossedLevels() } },
  play: async ({ canvasElement }) => {
    inside(canvasElement).querySelector<HTMLInputElement>('label.market input')!.click();
    await write(canvasElement, 'quantity', '1200');
    await expect(inside(canvasElement).querySelector('[part=submit]')?.textContent?.trim()).toBe(
      'Only limit orders in the auction',
    );
  },
};

/** The confirmation, with what was agreed to frozen in it. */
export const Confirming: Story = {
  play: async ({ canvasElement }) => {
    await write(canvasElement, 'limitPrice', '17.45');
    await write(canvasElement, 'quantity', '1200');
    await userEvent.click(inside(canvasElement).querySelector('[part=submit]')!);
    await expect(inside(canvasElement).querySelector('dialog')?.open).toBe(true);
  },
};

/** Where the page allows it, an order without a warning may go unasked from now on. */
export const DoNotAskAgain: Story = {
  args: { confirm: 'unless-declined' },
  play: async ({ canvasElement }) => {
    await write(canvasElement, 'limitPrice', '17.45');
    await write(canvasElement, 'quantity', '1200');
    await userEvent.click(inside(canvasElement).querySelector('[part=submit]')!);
    await expect(inside(canvasElement).querySelector('[part=decline]')?.textContent?.trim()).toBe(
      'Do not ask again for limit orders of A-1',
    );
  },
};

/** So far from the middle of the book that a press alone is not enough. */
export const HasToBeAccepted: Story = {
  args: {
    still: {
      levels: {
        bids: [['17.50', '5000']],
        asks: [
          ['17.55', '100'],
          ['19.00', '2000'],
        ],
      },
    },
  },
  play: async ({ canvasElement }) => {
    inside(canvasElement).querySelector<HTMLInputElement>('label.market input')!.click();
    await write(canvasElement, 'quantity', '1000');
    await userEvent.click(inside(canvasElement).querySelector('[part=submit]')!);
    await expect(inside(canvasElement).querySelector('[part=agree]')?.textContent?.trim()).toMatch(/^I accept it: /);
  },
};

/** One press sends, until it lies unused, the page is left or prices are in doubt. */
export const Armed: Story = {
  args: { confirm: 'armed' },
  play: async ({ canvasElement }) => {
    await write(canvasElement, 'limitPrice', '17.45');
    await write(canvasElement, 'quantity', '1200');
    inside(canvasElement).querySelector<HTMLButtonElement>('[part=arm] button')!.click();
    await canvasElement.querySelector('order-panel')!.updateComplete;
    await expect(inside(canvasElement).querySelector('[part=arm] span')?.textContent?.trim()).toMatch(/^Armed: /);
  },
};

/** What was picked in the book has gone since: old and new are said. */
export const PickedAndGone: Story = {
  args: { still: { levels: { bids: [['17.50', '5000']], asks: [['17.55', '5000']] } } },
  play: async ({ canvasElement }) => {
    const pick = { symbol: 'SCOM', side: 'ask', price: '17.60', size: '400', cumulativeSize: '5400' } as const;
    const rest = { field: 'price', grouped: false, sequence: 1, ageMs: 200 } as const;
    canvasElement.dispatchEvent(new LevelSelectEvent({ ...pick, ...rest }));
    await canvasElement.querySelector('order-panel')!.updateComplete;
    await expect(inside(canvasElement).querySelector('#limitPrice-hint')?.textContent?.trim()).toBe(
      '17.60 has gone from the book: 400 → 0',
    );
  },
};
