import { html } from 'lit';
import { expect, fn, userEvent, waitFor } from 'storybook/test';
import type { Meta, StoryObj } from '@storybook/web-components-vite';
import '../src/define/all.js';
import { stillStream, type Still } from './still-stream.js';

interface Args {
  detail: boolean;
  symbol: string;
  still: Still;
  reconnect: () => void;
}

const meta: Meta<Args> = {
  title: 'Feed status',
  component: 'feed-status',
  args: { detail: false, symbol: 'SCOM', still: {}, reconnect: fn() },
  argTypes: { still: { table: { disable: true } }, reconnect: { table: { disable: true } } },
  render: (args) =>
    html`<feed-status
      symbol=${args.symbol}
      ?detail=${args.detail}
      .stream=${{ ...stillStream(args.still), reconnect: args.reconnect }}
    ></feed-status>`,
};
export default meta;
type Story = StoryObj<Args>;

export const Live: Story = {};
export const Detail: Story = { args: { detail: true } };
/** The recorder is off: the press says so, and moves nothing. */
export const RecordingRefused: Story = {
  args: { detail: true },
  render: (args) =>
    html`<feed-status
      symbol=${args.symbol}
      detail
      .stream=${{
        ...stillStream(args.still),
        record: () => Promise.reject(new Error('Nothing is recorded: recorderSize is 0.')),
      }}
    ></feed-status>`,
  play: async ({ canvasElement }) => {
    const { shadowRoot } = canvasElement.querySelector('feed-status')!;
    await userEvent.click(shadowRoot!.querySelector('[part=record]')!);
    await waitFor(() => expect(shadowRoot!.querySelector('#recording')?.textContent).toMatch(/could not be saved/));
  },
};
export const Quiet: Story = { args: { still: { ageMs: 42_000, verdict: { state: 'quiet', reason: 'no_news' } } } };
export const Connecting: Story = {
  args: { still: { levels: 'none', status: { state: 'connecting', attempt: 1 } } },
};
export const Reconnecting: Story = {
  args: {
    still: {
      ageMs: 14_000,
      verdict: { state: 'disconnected', reason: 'reconnecting' },
      status: { state: 'reconnecting', reason: 'reconnecting', attempt: 3, retryAt: 1_795_339_258_000 },
    },
  },
  play: async ({ args, canvasElement }) => {
    const button = canvasElement.querySelector('feed-status')?.shadowRoot?.querySelector('button');
    await userEvent.click(button!);
    await expect(args.reconnect).toHaveBeenCalledOnce();
  },
};
export const Offline: Story = {
  args: {
    still: {
      ageMs: 190_000,
      verdict: { state: 'disconnected', reason: 'offline' },
      status: { state: 'offline', reason: 'offline', attempt: 10, retryAt: 1_795_339_300_000 },
    },
  },
};
export const Stale: Story = {
  args: { still: { ageMs: 9_000, verdict: { state: 'stale', reason: 'heartbeat_missed' } } },
};
export const GuideDialect: Story = {
  args: { still: { status: { dialect: 'guide' }, verdict: { verified: { by: 'nothing' } } } },
};
