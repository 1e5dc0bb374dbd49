import { html } from 'lit';
import { expect, waitFor } from 'storybook/test';
import type { Meta, StoryObj } from '@storybook/web-components-vite';
import type { Loading } from '../src/context/sight.js';
import '../src/define/all.js';

interface Args {
  books: number;
  loading: Loading;
}

/** The first of them have names of their own, the others numbers. */
const NAMED = ['SCOM', 'KCB', 'EQTY', 'NCBA', 'ABSA', 'SAFCOM'];
const symbolAt = (i: number): string => NAMED[i] ?? `SYM${String(i - NAMED.length + 1).padStart(3, '0')}`;

const meta: Meta<Args> = {
  title: 'Out of sight',
  args: { books: 48, loading: 'auto' },
  argTypes: { loading: { control: 'select', options: ['auto', 'lazy', 'eager'] } },
  render: ({ books, loading }) => html`<market-stream src=${`demo:?seed=7&symbols=${books}`}>
    <div style="position: sticky; inset-block-start: 0; z-index: 1"><feed-status symbol="SCOM" detail></feed-status></div>
    <div style="display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 12px; padding-block: 12px">
      ${Array.from(
        { length: books },
        (_, i) => html`<order-book symbol=${symbolAt(i)} layout="stacked" loading=${loading}></order-book>`,
      )}
    </div>
  </market-stream>`,
};
export default meta;
type Story = StoryObj<Args>;

/**
 * A long page of books. Those that have been out of the viewport for 30 s give their subscription back; scroll to one and it
 * shows its last numbers marked as stale, then live ones.
 */
export const LongPage: Story = {};

/** Nothing is asked for before it is within a screen of the viewport. */
export const Lazy: Story = {
  args: { loading: 'lazy' },
  play: async ({ canvasElement }) => {
    const books = [...canvasElement.querySelectorAll('order-book')];
    await waitFor(() => expect(books[0]!.matches(':state(live)')).toBe(true), { timeout: 5000 });
    await expect(books.at(-1)!.matches(':state(disconnected)')).toBe(true);
  },
};
