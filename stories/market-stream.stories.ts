import { html } from 'lit';
import type { Meta, StoryObj } from '@storybook/web-components-vite';
import '../src/define/all.js';
// As a page's bundler would copy it.
// oxlint-disable-next-line import/default -- the bundler makes it
import workerUrl from '../src/stream/worker/worker-script.ts?worker&url';

interface Args {
  src: string;
  throttle: number;
  paused: boolean;
}

const meta: Meta<Args> = {
  title: 'Market stream',
  component: 'market-stream',
  args: { src: 'demo:?seed=7', throttle: 100, paused: false },
  render: (args) => html`
    <market-stream src=${args.src} throttle=${args.throttle} ?paused=${args.paused}>
      <div class="desk">
        <feed-status symbol="SCOM"></feed-status>
        <order-book symbol="SCOM"></order-book>
        <order-panel symbol="SCOM" account="A-1"></order-panel>
      </div>
    </market-stream>
    <style>
      .desk {
        display: grid;
        gap: 16px;
        grid-template-columns: repeat(auto-fit, minmax(min(300px, 100%), 1fr));
        align-items: start;
      }
      .desk feed-status {
        grid-column: 1 / -1;
      }
    </style>
  `,
};
export default meta;
type Story = StoryObj<Args>;

/** A whole desk on one connection: pick a level in the book and it stands in the ticket. */
export const Desk: Story = {};

/** Nobody is at home at this address: every element says so, in its own place. */
export const BadAddress: Story = { args: { src: 'gopher://nowhere' } };

/**
 * Socket, decoding and books in a worker; the page only paints. The status says where the feed runs, and why it is not
 * where it was asked to be: a page that forbids workers has it in the page.
 */
export const InAWorker: Story = {
  render: ({ src }) => html`
    <market-stream worker worker-url=${workerUrl} src=${src}>
      <feed-status symbol="SCOM" detail></feed-status>
      <order-book symbol="SCOM"></order-book>
    </market-stream>
  `,
};
