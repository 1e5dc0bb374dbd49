import { html } from 'lit';
import { expect, waitFor } from 'storybook/test';
import type { Meta, StoryObj } from '@storybook/web-components-vite';
import '../src/define/all.js';
import type { OrderBookElement } from '../src/elements/order-book/order-book.js';
import './kraken-exchange.js';

interface Args {
  src: string;
  symbol: string;
}

const meta: Meta<Args> = {
  title: 'Venues',
  component: 'market-stream',
  args: { src: 'kraken-demo:', symbol: 'BTC/USD' },
  render: ({ src, symbol }) => html`
    <market-stream venue="kraken" src=${src}>
      <feed-status detail symbol=${symbol}></feed-status>
      <order-book symbol=${symbol} depth="10"></order-book>
    </market-stream>
  `,
};
export default meta;
type Story = StoryObj<Args>;

const verified = async (root: HTMLElement): Promise<void> => {
  const book = root.querySelector<OrderBookElement>('order-book');
  await waitFor(
    () =>
      expect(book?.shadowRoot?.querySelector('[part~="status"]')?.textContent).toContain('verified to 10 by checksum'),
    { timeout: 5_000 },
  );
};

/** An exchange's own protocol, spoken by the page itself; every update proves the ten best levels a side. */
export const Kraken: Story = { play: ({ canvasElement }) => verified(canvasElement) };

/** Every 25th update is lost on the way: the next checksum says so, and the book is marked until a new one is here. */
export const LostUpdates: Story = { args: { src: 'kraken-demo:?lose=25' } };

/** A symbol that the venue does not know. */
export const UnknownSymbol: Story = { args: { symbol: 'XBT/USD' } };
