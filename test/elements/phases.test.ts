/** What book and ticket show and take in each phase of trading. */
import { expect, fixture, html } from '@open-wc/testing';
import type { LevelText } from '../../src/book/book.js';
import type { TradingPhase } from '../../src/book/instrument.js';
import '../../src/define/order-book.js';
import '../../src/define/order-panel.js';
import type { OrderBookElement } from '../../src/elements/order-book/order-book.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import { FakeStream } from '../support/fake-stream.js';

const SCOM = {
  symbol: 'SCOM',
  currency: 'KES',
  tickTable: [
    ['0', '0.01'],
    ['10', '0.05'],
  ] as const,
  lotSize: '100',
  takerFee: '0.0012',
  postOnly: true,
};
/** Crossed: somebody bids 17.65, somebody asks 17.40. */
const BIDS: LevelText[] = [
  ['17.65', '600'],
  ['17.50', '1200'],
];
const ASKS: LevelText[] = [
  ['17.40', '500'],
  ['17.55', '900'],
];

const streamIn = (phase: TradingPhase): FakeStream => {
  const stream = new FakeStream();
  stream.setInstrument({ ...SCOM, phase });
  stream.pushTicker('SCOM', { price: '17.55' });
  stream.pushBook('SCOM', BIDS, ASKS);
  return stream;
};

const textOf = (element: HTMLElement, selector: string): string =>
  (element.shadowRoot!.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();

const ticketOn = async (stream: FakeStream): Promise<OrderPanelElement> => {
  const element = await fixture<OrderPanelElement>(html`<order-panel symbol="SCOM"></order-panel>`);
  element.stream = stream;
  await element.updateComplete;
  return element;
};

const write = async (element: OrderPanelElement, field: string, text: string): Promise<void> => {
  const input = element.shadowRoot!.querySelector<HTMLInputElement>(`#${field}`)!;
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.dispatchEvent(new Event('blur'));
  await element.updateComplete;
};

const GATHERING = [
  ['pre_open', 'Pre-open'],
  ['auction', 'Auction'],
] as const;

describe('the phases of trading', () => {
  it('OR162 before and in an auction the phase stands where the spread would, in book and ticket, and no doubt is shown', async () => {
    const element = await fixture<OrderBookElement>(html`<order-book symbol="SCOM"></order-book>`);
    const between = (): string => textOf(element, '[part="spread"] .spread');
    const stream = streamIn('continuous');
    element.stream = stream;
    await element.updateComplete;
    expect(between()).to.match(/^Spread −0\.25/);
    const ticket = await ticketOn(stream);
    for (const [phase, word] of GATHERING) {
      stream.setInstrument({ ...SCOM, phase });
      await element.updateComplete;
      await ticket.updateComplete;
      expect(between()).to.equal(word);
      expect(element.matches(':state(live)')).to.equal(true);
      expect(element.matches(':state(crossed)')).to.equal(false);
      expect(textOf(ticket, '[part="market"]')).to.equal(`Live17.65 / 17.40 · ${word}`);
      await expect(element).to.be.accessible();
    }
    stream.setInstrument({ ...SCOM, phase: 'continuous' });
    await element.updateComplete;
    expect(between()).to.match(/^Spread/);
  });

  it('OR160 the ticket takes a limit order before and in an auction, and says what is barred there and why', async () => {
    for (const [phase] of GATHERING) {
      const ticket = await ticketOn(streamIn(phase));
      await write(ticket, 'limitPrice', '17.70');
      await write(ticket, 'quantity', '500');
      expect(textOf(ticket, '[part="submit"]')).to.equal('Buy 500 SCOM at 17.70');
      expect(textOf(ticket, '#options-hint')).to.contain('IOC, FOK, Post-only: not in the auction.');
      await expect(ticket).to.be.accessible();
      ticket.shadowRoot!.querySelector<HTMLElement>('label.market input')!.click();
      await ticket.updateComplete;
      expect(textOf(ticket, '[part="submit"]')).to.equal('Only limit orders in the auction');
    }
  });

  it('OR161 the sums of a limit order before and in an auction have all of it rest', async () => {
    const ticket = await ticketOn(streamIn('continuous'));
    await write(ticket, 'limitPrice', '17.70');
    await write(ticket, 'quantity', '500');
    expect(textOf(ticket, '[part="sums"]')).to.match(/^Fills now at about 17\.40500/);
    for (const [phase] of GATHERING) {
      ticket.stream = streamIn(phase);
      await ticket.updateComplete;
      expect(textOf(ticket, '[part="sums"]')).to.match(/^Fills now0Rests at 17\.70500/);
    }
  });

  it('OR162 a market that is halted or closed is told as that, also where its book was left crossed', async () => {
    const cases = [
      ['halted', 'market_halted', 'Trading is halted'],
      ['closed', 'market_closed', 'The market is closed'],
    ] as const;
    for (const [phase, reason, word] of cases) {
      const stream = streamIn(phase);
      stream.setVerdict('SCOM', { state: 'closed', reason });
      const element = await fixture<OrderBookElement>(html`<order-book symbol="SCOM"></order-book>`);
      element.stream = stream;
      const ticket = await ticketOn(stream);
      await element.updateComplete;
      expect(element.matches(':state(closed)')).to.equal(true);
      await write(ticket, 'limitPrice', '17.50');
      await write(ticket, 'quantity', '500');
      expect(textOf(ticket, '[part="submit"]')).to.equal(word);
    }
  });
});
