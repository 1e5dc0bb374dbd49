import { html } from 'lit';
import { expect } from 'storybook/test';
import type { Meta, StoryObj } from '@storybook/web-components-vite';
import '../src/define/all.js';
import { crossedLevels, levelsAround, stillStream, type Still } from './still-stream.js';

interface Args {
  depth: number;
  grouping: string;
  columns: string;
  layout: 'stacked' | 'side-by-side' | 'auto';
  bar: 'size' | 'total' | 'notional' | 'none';
  density: 'comfortable' | 'compact';
  withoutSpread: boolean;
  withoutFlash: boolean;
  paused: boolean;
  still: Still;
}

const meta: Meta<Args> = {
  title: 'Order book',
  component: 'order-book',
  args: {
    depth: 10,
    grouping: '',
    columns: 'price size total',
    layout: 'auto',
    bar: 'total',
    density: 'comfortable',
    withoutSpread: false,
    withoutFlash: false,
    paused: false,
    still: {},
  },
  argTypes: {
    layout: { control: 'select', options: ['auto', 'stacked', 'side-by-side'] },
    bar: { control: 'select', options: ['total', 'size', 'notional', 'none'] },
    density: { control: 'select', options: ['comfortable', 'compact'] },
    grouping: { control: 'select', options: ['', '0.1', '0.25', '0.5', '1'] },
    still: { table: { disable: true } },
  },
  render: (args) =>
    html`<order-book
      symbol="SCOM"
      .stream=${stillStream(args.still)}
      depth=${args.depth}
      grouping=${args.grouping}
      columns=${args.columns}
      layout=${args.layout}
      bar=${args.bar}
      density=${args.density}
      ?without-spread=${args.withoutSpread}
      ?without-flash=${args.withoutFlash}
      ?paused=${args.paused}
    ></order-book>`,
};
export default meta;
type Story = StoryObj<Args>;

/** A market inside the page: the same wire protocol and the same engine as the reference exchange, no server. */
export const Playground: Story = {
  render: (args) =>
    html`<order-book
      src="demo:?seed=7"
      symbol="SCOM"
      depth=${args.depth}
      grouping=${args.grouping}
      columns=${args.columns}
      layout=${args.layout}
      bar=${args.bar}
      density=${args.density}
      ?without-spread=${args.withoutSpread}
      ?without-flash=${args.withoutFlash}
      ?paused=${args.paused}
    ></order-book>`,
};

export const Live: Story = {};
/** A mark beside the price on each row where an order of one's own rests; the table for a screen reader says how much. */
export const OwnOrders: Story = {
  render: (args) =>
    html`<order-book
      symbol="SCOM"
      layout=${args.layout}
      grouping=${args.grouping}
      .stream=${stillStream(args.still)}
      .ownOrders=${[
        { side: 'buy', price: '17.45', size: '300' },
        { side: 'buy', price: '17.30', size: '1000' },
        { side: 'sell', price: '17.65', size: '200' },
      ]}
    ></order-book>`,
};
export const SideBySide: Story = { args: { layout: 'side-by-side' } };
export const Grouped: Story = { args: { grouping: '0.25' } };
export const Compact: Story = { args: { density: 'compact', depth: 16 } };
export const SizeBars: Story = { args: { bar: 'size', columns: 'price size notional' } };
export const Waiting: Story = {
  args: { still: { levels: 'none', verdict: { state: 'resyncing', reason: 'awaiting_snapshot' } } },
};
export const Quiet: Story = { args: { still: { ageMs: 42_000, verdict: { state: 'quiet', reason: 'no_news' } } } };
export const Stale: Story = {
  args: {
    still: {
      ageMs: 14_000,
      verdict: { state: 'disconnected', reason: 'reconnecting' },
      status: { state: 'reconnecting', reason: 'reconnecting', attempt: 3, retryAt: 1_795_339_258_000 },
    },
  },
  play: async ({ canvasElement }) => {
    const line = canvasElement.querySelector('order-book')?.shadowRoot?.querySelector('[part=status]');
    await expect(line?.textContent).toContain('Prices are 14 s old');
  },
};
export const Resyncing: Story = {
  args: { still: { ageMs: 900, verdict: { state: 'resyncing', reason: 'sequence_gap' } } },
};
/** Just seen again after a while: the last numbers, marked, until new ones come. */
export const OutOfSight: Story = {
  args: { still: { ageMs: 184_000, verdict: { state: 'stale', reason: 'out_of_sight' } } },
};
export const Delayed: Story = {
  args: { still: { ageMs: 61_000, verdict: { state: 'delayed', reason: 'late_data' } } },
};
export const PreOpen: Story = { args: { still: { phase: 'pre_open', levels: crossedLevels() } } };
/** Bids and asks overlap by right; the phase stands where the spread would. */
export const Auction: Story = {
  args: { still: { phase: 'auction', levels: crossedLevels() } },
  play: async ({ canvasElement }) => {
    const row = canvasElement.querySelector('order-book')?.shadowRoot?.querySelector('[part=spread] .spread');
    await expect(row?.textContent).toBe('Auction');
  },
};
export const Halted: Story = {
  args: { still: { phase: 'halted', verdict: { state: 'closed', reason: 'market_halted' } } },
};
export const Closed: Story = {
  args: { still: { phase: 'closed', verdict: { state: 'closed', reason: 'market_closed' } } },
};
export const Crossed: Story = {
  args: {
    still: {
      verdict: { state: 'crossed', reason: 'crossed_book' },
      levels: { bids: [['17.60', '300'], ...levelsAround(9).bids], asks: levelsAround(10).asks },
    },
  },
};
export const OneSided: Story = { args: { still: { levels: { bids: levelsAround(6).bids, asks: [] } } } };
/** A snapshot of seven levels a side, as some venues give: what lies beyond them nobody knows, and it is not called empty. */
export const PartialSnapshot: Story = {
  args: { still: { levels: levelsAround(7), covers: 7 } },
  play: async ({ canvasElement }) => {
    const bids = canvasElement.querySelector('order-book')?.shadowRoot?.querySelector('[part=bids]');
    await expect(bids?.textContent).toContain('Beyond 17.20: unknown');
  },
};
export const Empty: Story = { args: { still: { levels: { bids: [], asks: [] } } } };
export const UnknownSymbol: Story = {
  args: { still: { levels: 'none', verdict: { state: 'disconnected', reason: 'unknown_symbol' } } },
};
export const NoOrderBook: Story = {
  args: {
    still: { levels: 'none', status: { dialect: 'guide' }, verdict: { state: 'live', verified: { by: 'nothing' } } },
  },
};

/** The levels come from the page itself, as in the guide: no feed at all. */
export const ByHand: Story = {
  render: () =>
    html`<order-book
      symbol="SCOM"
      depth="4"
      .bids=${[
        { price: 10.5, quantity: 100 },
        { price: 10.45, quantity: 200 },
      ]}
      .asks=${[
        { price: 10.55, quantity: 150 },
        { price: 10.6, quantity: 180 },
      ]}
      .lastPrice=${10.52}
    ></order-book>`,
};

/** A sidebar of 280 pixels and numbers of a crypto venue: smaller, never cut. */
export const Sidebar: Story = {
  render: () =>
    html`<div style="inline-size: 280px">
      <feed-status symbol="SCOM" .stream=${stillStream()}></feed-status>
      <order-book
        symbol="BTC-USD"
        depth="4"
        .bids=${[
          { price: '67432.50', size: '123.12345678' },
          { price: '67432.00', size: '0.5' },
        ]}
        .asks=${[
          { price: '67432.55', size: '0.00000001' },
          { price: '67433.00', size: '1.25' },
        ]}
        .lastPrice=${'67432.55'}
      ></order-book>
    </div>`,
};

/** Own tokens and parts: the page's colours, without a rule inside the element. */
export const Themed: Story = {
  render: (args) => html`
    <style>
      .branded {
        --tl-bid: light-dark(oklch(0.48 0.15 250), oklch(0.78 0.12 245));
        --tl-ask: light-dark(oklch(0.5 0.13 55), oklch(0.82 0.12 65));
        --tl-radius: 0;
      }
      .branded::part(header) {
        letter-spacing: 0.04em;
      }
    </style>
    <order-book class="branded" symbol="SCOM" .stream=${stillStream(args.still)}></order-book>
  `,
};

/** German numbers, right-to-left layout: digits, signs and the price axis do not turn round. */
export const Languages: Story = {
  render: (args) => html`
    <order-book lang="de" symbol="SCOM" depth="5" .stream=${stillStream(args.still)}></order-book>
    <br />
    <div dir="rtl" lang="ar"><order-book symbol="SCOM" depth="5" .stream=${stillStream(args.still)}></order-book></div>
  `,
};
