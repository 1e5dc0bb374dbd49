import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../../src/define/order-panel.js';
import type { OrderSubmitEvent } from '../../src/elements/order-panel/order-panel.events.js';
import { ASKS, BIDS, accepted, mount, type TicketPage } from '../support/ticket-page.js';

/** Where a person who works by keyboard is. */
const focused = ({ element }: TicketPage): Element | null => element.shadowRoot!.activeElement;

async function enter(page: TicketPage, selector: string): Promise<void> {
  page.find(selector).focus();
  await sendKeys({ press: 'Enter' });
  await page.settled();
}

/** Far enough for a summary to be looked at again. */
async function move(page: TicketPage, price: string): Promise<void> {
  page.stream.pushBook('SCOM', BIDS, [[price, '900']]);
  await page.settled();
}

async function openSummary(page: TicketPage): Promise<void> {
  await page.fill();
  await page.press();
  page.stream.pass(400);
  await page.settled();
}

describe('<order-panel> by keyboard', () => {
  beforeEach(() => sessionStorage.clear());

  it('OP120 a number that would do and the unit lead on to their field, "Ask again" to the button', async () => {
    const page = await mount({ confirm: 'unless-declined', account: 'A-1' });
    await page.type('limitPrice', '17.46');
    await enter(page, '.nearest');
    expect(page.find<HTMLInputElement>('#limitPrice').value).to.equal('17.45');
    expect(focused(page)?.id).to.equal('limitPrice');
    await enter(page, '.swap');
    expect(page.text('.swap')).to.equal('KES');
    expect(focused(page)).to.equal(page.find('.swap'));
    await enter(page, '.swap');
    expect([page.text('.swap'), focused(page)]).to.deep.equal(['SCOM', page.find('.swap')]);
    page.element.addEventListener('order-submit', (event) =>
      (event as OrderSubmitEvent).respondWith(Promise.resolve(accepted)),
    );
    await openSummary(page);
    page.find('[part="decline"] input').click();
    await page.press('dialog .go');
    await enter(page, '.consent button');
    expect(page.find('.consent button')).to.equal(null);
    expect(focused(page)).to.equal(page.find('[part="submit"]'));
  });

  it('OP120 in the summary the focus goes on to "Look again", and from there to the heading, so that a held Enter sends nothing', async () => {
    const page = await mount();
    await openSummary(page);
    page.find('dialog .go').focus();
    await move(page, '18.00');
    expect(page.text('dialog .go')).to.equal('Look again');
    expect(focused(page)).to.equal(page.find('dialog .go'));
    await sendKeys({ press: 'Enter' });
    await page.settled();
    expect(page.text('dialog .go')).to.equal('Buy');
    expect(focused(page)?.id).to.equal('confirm-title');
    page.stream.pass(400);
    await sendKeys({ press: 'Enter' });
    expect(page.submitted.length).to.equal(0);
    await move(page, '18.50');
    page.find('dialog .go').focus();
    // It moves back by itself.
    await move(page, '18.00');
    expect(page.text('dialog .go')).to.equal('Buy');
    expect(focused(page)?.id).to.equal('confirm-title');
  });

  it('OP121 what moves under the summary is shown at once, and read out every 5 s at most', async () => {
    const page = await mount();
    await openSummary(page);
    const said = (): string => page.text('dialog [role="status"]');
    await move(page, '18.00');
    expect([page.text('.change'), said()]).to.deep.equal(Array(2).fill('Best price 17.55 → 18.00.'));
    for (const price of ['18.05', '18.10', '18.15']) {
      page.stream.pass(1_000);
      await move(page, price);
      expect(page.text('.change')).to.equal(`Best price 17.55 → ${price}.`);
      expect(said()).to.equal('Best price 17.55 → 18.00.');
    }
    page.stream.pass(2_000);
    await move(page, '18.20');
    expect(said()).to.equal('Best price 17.55 → 18.20.');
    page.stream.pushBook('SCOM', BIDS, ASKS);
    await page.settled();
    expect([page.text('.change'), said()], 'at once').to.deep.equal(['', '']);
  });

  it('OP122 a stop waits from its stop price, a stop limit too', async () => {
    const page = await mount({ orderTypes: 'limit stop stop_limit' });
    await page.choose('stop_limit');
    await page.type('stopPrice', '17.80');
    await page.type('limitPrice', '17.90');
    await page.type('quantity', '1,200');
    expect(page.text('.sums')).to.contain('Waits from 17.80');
    await page.choose('stop');
    expect(page.text('.sums')).to.contain('Waits from 17.80');
  });
});
