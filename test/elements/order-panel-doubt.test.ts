import { expect } from '@open-wc/testing';
import '../../src/define/order-panel.js';
import type { OrderSubmitEvent } from '../../src/elements/order-panel/order-panel.events.js';
import type { OrderGateway } from '../../src/orders/gateway.js';
import { gatewayOf, mount, type TicketPage } from '../support/ticket-page.js';

const OPEN = { status: 'open', filled: { units: 0n, scale: 0 }, orderId: 'o-1' } as const;
const opens = (): Promise<{ outcome: 'accepted'; facts: typeof OPEN }> =>
  Promise.resolve({ outcome: 'accepted', facts: OPEN });
const fails = (): Promise<never> => Promise.reject(new Error('network'));
const never = (): Promise<never> => new Promise(() => undefined);

async function send(gateway: OrderGateway): Promise<TicketPage> {
  // Several without a name would be taken for one.
  const page = await mount({ confirm: 'never', gateway: { ...gateway, name: crypto.randomUUID() } });
  await page.fill();
  await page.press();
  await page.settled();
  return page;
}

describe('<order-panel> in doubt', () => {
  beforeEach(() => sessionStorage.clear());

  it('OP116 the fate of an order is being found out where somebody can be asked, else it is up to a person', async () => {
    const { capabilities } = gatewayOf(fails);
    const asking = await send({ ...gatewayOf(fails), capabilities: { ...capabilities, query: true }, query: never });
    await asking.fill();
    expect(asking.button).to.equal('Finding out what became of it');
    expect(asking.text('[data-act="dismiss"]')).to.equal('');
    const alone = await send(gatewayOf(fails));
    await alone.fill();
    expect(alone.button).to.equal('Outcome unknown: check, then press “I have checked”');
    expect(alone.text('[data-act="dismiss"]')).to.equal('I have checked');
    alone.find('[data-act="dismiss"]').click();
    await alone.element.updateComplete;
    expect(alone.button).to.equal('Buy 1,200 SCOM at 17.45');
  });

  it('OP116 so it is where the page carried the order, whatever the gateway can be asked', async () => {
    const page = await mount({ confirm: 'never', gateway: { ...gatewayOf(opens), query: never } });
    page.element.addEventListener('order-submit', (event) => (event as OrderSubmitEvent).respondWith(fails()));
    await page.fill();
    await page.press();
    await page.settled();
    await page.fill();
    expect(page.button).to.equal('Outcome unknown: check, then press “I have checked”');
  });

  it('OP117 a cancel without an answer is said to have none, in the list and at once', async () => {
    const page = await send({ ...gatewayOf(opens), cancel: fails });
    expect(page.text('.standing')).to.equal('Open');
    page.find('[data-act="cancel"]').click();
    await page.settled();
    expect(page.text('.standing')).to.equal('Cancelling, no answer came: it may still trade');
    expect(page.find('.orders li').className).to.equal('grave');
    expect(page.text('[role="alert"]')).to.equal('Buy 1,200 at 17.45: Cancelling, no answer came: it may still trade');
    page.element.updateOrder(page.element.orders[0]!.clientOrderId, { status: 'cancelled' });
    await page.settled();
    expect(page.text('.standing')).to.equal('Cancelled');
    expect(page.text('[role="alert"]')).to.equal('');
  });

  it('OP117 so is a change', async () => {
    const gateway = gatewayOf(opens);
    const page = await send({ ...gateway, capabilities: { ...gateway.capabilities, replace: true }, replace: fails });
    page.find('[data-act="amend"]').click();
    await page.element.updateComplete;
    await page.type('amend-quantity', '600');
    page.stream.pass(400);
    await page.element.updateComplete;
    page.find('.amend .go').click();
    await page.settled();
    expect(page.text('.orders .standing')).to.equal('Changing, no answer came: it may be as before');
  });
});
