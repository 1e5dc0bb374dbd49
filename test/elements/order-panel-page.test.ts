import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define/order-panel.js';
import { accepted, answerWith, gatewayOf, liveStream, mount, pickLevel } from '../support/ticket-page.js';

describe('<order-panel> in a page', () => {
  beforeEach(() => sessionStorage.clear());

  it('OP15 what the page carries is the page’s to cancel and to change, whatever the gateway can', async () => {
    const gateway = gatewayOf(() => Promise.reject(new Error('must not')));
    const page = await mount({ confirm: 'never', gateway });
    answerWith(page, Promise.resolve(accepted));
    await page.fill();
    await page.press();
    await page.settled();
    expect(page.text('.standing')).to.equal('Open');
    expect(page.text('.acts')).to.equal('');
    page.element.updateOrder(page.element.orders[0]!.clientOrderId, { status: 'cancelled' });
    await page.settled();
    expect(page.text('.standing')).to.equal('Cancelled');
  });

  it('OP17 one pick fills every ticket of that symbol, whatever its account', async () => {
    const one = await mount({});
    const other = await mount({ account: 'A-2' });
    const elsewhere = await mount({ symbol: 'EQTY' });
    pickLevel({ field: 'price', price: '17.60' });
    const prices = [one, other, elsewhere].map(
      ({ element }) => (JSON.parse(element.value) as Record<string, string>)['limitPrice'],
    );
    expect(prices).to.deep.equal(['17.60', '17.60', '']);
  });

  it('OP19 an empty ticket keeps its form from being sent, named or not, unless that asks for no validation or has no part in it', async () => {
    const ticket = html`<order-panel symbol="SCOM" .stream=${liveStream()}></order-panel>`;
    const named = html`<order-panel name="ticket" symbol="SCOM" .stream=${liveStream()}></order-panel>`;
    const apart = html`<order-panel name="ticket" form="none" symbol="SCOM" .stream=${liveStream()}></order-panel>`;
    const forms = [
      html`<form>${named}<button>Send</button></form>`,
      html`<form>${ticket}<button>Send</button></form>`,
      html`<form novalidate>${named}<button>Send</button></form>`,
      html`<form>${named}<button formnovalidate>Send</button></form>`,
      html`<form>${apart}<button>Send</button></form>`,
    ];
    const sent: number[] = [];
    for (const template of forms) {
      const form = await fixture<HTMLFormElement>(template);
      await form.querySelector('order-panel')!.updateComplete;
      let times = 0;
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        times++;
      });
      form.querySelector('button')!.click();
      sent.push(times);
    }
    expect(sent).to.deep.equal([0, 0, 1, 1, 1]);
  });
});
