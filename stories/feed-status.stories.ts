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

const UNKNOWN = { p50: NaN, p95: NaN, p99: NaN, count: 0 };

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
/** A feed that does not say when it sent: what needs its clock is a dash. */
export const DetailWithoutClock: Story = {
  args: {
    detail: true,
    still: {
      status: { dialect: 'guide' },
      verdict: { verified: { by: 'nothing' } },
      metrics: {
        latency: UNKNOWN,
        waterfall: {
          arrival: UNKNOWN,
          apply: { p50: 0.1, p95: 0.4, p99: 0.8, count: 600 },
          delivery: { p50: 52, p95: 97, p99: 108, count: 590 },
          paint: { p50: 9.2, p95: 17, p99: 26, count: 590 },
          total: UNKNOWN,
        },
      },
    },
  },
};
/** In a sidebar. */
export const DetailNarrow: Story = {
  args: { detail: true },
  decorators: [(story) => html`<div style="inline-size: 280px">${story()}</div>`],
};
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
/** One of the connections that the symbols are shared out over is missing. */
export const MissingConnection: Story = {
  args: { symbol: '', still: { status: { connections: 10, openConnections: 9 } } },
};
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
