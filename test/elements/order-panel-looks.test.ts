import { expect, fixture, html } from '@open-wc/testing';
import '../../src/define/all.js';
import type { OrderPanelElement } from '../../src/elements/order-panel/order-panel.js';
import type { FakeStream } from '../support/fake-stream.js';
import { FakeVenue } from '../orders/fake-venue.js';
import {
  contrastOf,
  cutTexts,
  emulate,
  placeOf,
  plainColor,
  plainMedia,
  readsInOrder,
  strokesOf,
} from '../support/looks.js';
import { SCOM, accepted, answerWith, liveStream, mount, type TicketPage } from '../support/ticket-page.js';

const FULL = {
  ...SCOM,
  postOnly: true,
  icebergMinShare: '0.25',
  bracket: true as const,
  priceBand: ['15.80', '19.30'] as const,
};
const WIDTHS = [280, 340, 360, 430, 760];

/** A ticket of that width in a page, with every option there is. */
async function mountAt(width: number, change: Partial<OrderPanelElement> = {}): Promise<TicketPage> {
  const stream: FakeStream = liveStream();
  stream.setInstrument(FULL as never);
  const venue = new FakeVenue();
  Object.assign(venue, { capabilities: { ...venue.capabilities, bracket: true } });
  const page = await mount({ account: 'A-1', gateway: venue, ...change }, stream);
  page.element.style.width = `${width}px`;
  await page.settled();
  return page;
}

/** Language and direction of the page, for one test. */
function readFromTheRight(): void {
  document.documentElement.lang = 'ar-EG';
  document.documentElement.dir = 'rtl';
}

const LONG = 'Buy 1,200 SCOM at 17.45, GTC, post-only, 300 shown, take profit 17.80, stop loss 17.20';

async function orderAll(page: TicketPage): Promise<void> {
  await page.fill();
  const time = page.find<HTMLSelectElement>('#timeInForce');
  time.value = 'gtc';
  time.dispatchEvent(new Event('change'));
  page.find('#postOnly').click();
  await page.type('displayQuantity', '300');
  await page.type('takeProfit', '17.80');
  await page.type('stopLoss', '17.20');
}

describe('<order-panel> to the eye', () => {
  beforeEach(() => {
    sessionStorage.clear();
    localStorage.clear();
  });
  afterEach(async () => {
    document.documentElement.lang = 'en';
    document.documentElement.removeAttribute('dir');
    await plainMedia();
  });

  it('OP102 in forced colours the text of each coloured button can be read', async function () {
    await emulate(this, { 'forced-colors': 'active' });
    const page = await mountAt(340);
    await page.fill();
    expect(await strokesOf(page.find('.go'))).to.be.greaterThan(20);
    await page.press();
    expect(await strokesOf(page.find('dialog .go.buy'))).to.be.within(3, 20);
    page.stream.pass(20_000);
    page.element.requestUpdate();
    await page.settled();
    expect(page.text('dialog .go.accept')).to.equal('Look again');
    expect(await strokesOf(page.find('dialog .go.accept'))).to.be.greaterThan(6);
    await page.press('dialog .back');
    await page.confirm();
    await page.press('[data-act="amend"]');
    await page.type('amend-limitPrice', '17.40');
    expect(page.text('.amend .go')).to.equal('Buy 1,200 at 17.40 instead');
    expect(await strokesOf(page.find('.amend .go'))).to.be.greaterThan(10);
  });

  it('OP103 between words that are read from the right, a sentence keeps its order: price after quantity, new after old', async () => {
    readFromTheRight();
    const page = await mountAt(340);
    await page.type('limitPrice', '١٧٫٤٥');
    await page.type('quantity', '١٢٠٠');
    const [price, bid, ask] = ['١٧٫٤٥', '١٧٫٥٠', '١٧٫٥٥'] as const;
    const quantity = /\d+|[٠-٩]+[^\s]*/.exec(page.button)![0];
    expect(readsInOrder(page.find('.go'), 'Buy', quantity, 'SCOM', price)).to.equal(true);
    expect(readsInOrder(page.find('.touch'), bid, ask, 'bps')).to.equal(true);
    expect(readsInOrder(page.find('.field .note'), 'best', bid, ask)).to.equal(true);
    await page.press();
    expect(readsInOrder(page.find('dialog h2'), 'Buy', quantity, 'SCOM', price)).to.equal(true);
    page.stream.pushBook('SCOM', [['17.50', '1200']], [['17.85', '900']]);
    await page.settled();
    expect(page.text('dialog .change')).to.contain('Best price');
    expect(readsInOrder(page.find('dialog .change'), 'Best', ask, '→', '١٧٫٨٥')).to.equal(true);
    await page.press('dialog .go');
    page.stream.pass(400);
    await page.settled();
    await page.press('dialog .go');
    const row = page.find('.orders li');
    expect(readsInOrder(row.querySelector('.what')!, 'Buy', quantity, 'at', price)).to.equal(true);
    await page.press('[data-act="amend"]');
    await page.type('amend-limitPrice', '١٧٫٤٠');
    expect(readsInOrder(page.find('.amend .change'), 'Price', price, '→', '١٧٫٤٠')).to.equal(true);
    // It stands where the page's text begins, and there is no room lost for it.
    const what = row.querySelector('.what')!.getBoundingClientRect();
    expect(placeOf(row.querySelector('.what')!, 'Buy').left).to.be.greaterThan(what.left + 60);
    for (const selector of ['.go', '.touch span', '.sums dt', '.say', '.what', '.standing', 'dialog h2', '.change']) {
      expect(getComputedStyle(page.find(selector)).direction, selector).to.equal('ltr');
    }
  });

  it('OP104 the button shows all that it says, at every width, and keeps its height', async () => {
    for (const width of WIDTHS) {
      const page = await mountAt(width);
      const button = page.find('.go');
      const { height } = button.getBoundingClientRect();
      await orderAll(page);
      expect(page.button).to.equal(LONG);
      expect(button.getBoundingClientRect().height).to.equal(height);
      expect([button.scrollWidth, button.scrollHeight], `${width} px`).to.deep.equal([
        button.clientWidth,
        button.clientHeight,
      ]);
      const text = button.firstElementChild!.getBoundingClientRect();
      const box = button.getBoundingClientRect();
      expect(
        text.top >= box.top && text.bottom <= box.bottom && text.left >= box.left && text.right <= box.right,
      ).to.equal(true);
      page.element.remove();
    }
  });

  it('OP104 so it does where numbers have many digits', async () => {
    const page = await mountAt(280);
    page.stream.setInstrument({
      symbol: 'SCOM',
      currency: 'USDT',
      tickTable: [['0', '0.00000001']],
      lotSize: '0.00000001',
      postOnly: true,
      icebergMinShare: '0.1',
      bracket: true,
    } as never);
    page.stream.pushBook('SCOM', [['65432.12345677', '5']], [['65432.12345679', '5']]);
    await orderAll(page);
    for (const [field, text] of Object.entries({
      limitPrice: '65432.12345677',
      quantity: '10.12345678',
      displayQuantity: '2.12345678',
      takeProfit: '66432.12345678',
      stopLoss: '64432.12345678',
    }))
      await page.type(field, text);
    expect(page.button).to.match(/^Buy/);
    expect(page.button.length).to.be.greaterThan(120);
    const button = page.find('.go');
    expect([button.scrollWidth, button.scrollHeight]).to.deep.equal([button.clientWidth, button.clientHeight]);
  });

  it('OP105 what is available stays in the card with the reason why nothing can be ordered, and nothing moves', async () => {
    for (const width of WIDTHS) {
      const page = await mountAt(width, { balances: { cash: { KES: '50000' }, positions: {} } });
      const { height } = page.find('form').getBoundingClientRect();
      await page.choose('market');
      await page.type('quantity', '100');
      const before = page.find('.sums').getBoundingClientRect().top;
      page.stream.pushBook('SCOM', [['17.50', '1200']], [['17.55', '50']]);
      await page.settled();
      expect(page.text('.available')).to.equal('Available, the book shows less than one lotKES 50,000.00');
      expect(cutTexts(page.element, true)).to.deep.equal([]);
      expect(page.find('.sums').getBoundingClientRect().top).to.equal(before);
      page.stream.pushBook('SCOM', [['17.50', '1200']], [['17.55', '900']]);
      page.stream.setInstrument({ ...FULL, minNotional: '60000' } as never);
      await page.settled();
      expect(page.text('.available')).to.equal('Available, less than the smallest order is worthKES 50,000.00');
      expect(cutTexts(page.element, true)).to.deep.equal([]);
      await page.choose('limit');
      expect(page.find('form').getBoundingClientRect().height).to.equal(height);
      page.element.remove();
    }
  });

  it('OP105 the confirmation fits a screen of 320 px', async () => {
    const page = await mountAt(280);
    await orderAll(page);
    await page.press();
    page.dialog.style.inlineSize = '288px';
    for (const sums of page.element.shadowRoot!.querySelectorAll('dialog .sums, dialog .sums *')) {
      expect(sums.scrollWidth, sums.textContent!).to.equal(sums.clientWidth);
    }
    expect(page.dialog.scrollWidth).to.equal(page.dialog.clientWidth);
  });

  it('OP26 a rejection of a hundred letters moves nothing, and can be read to its end in the order’s row', async () => {
    const message =
      'The broker does not accept orders of this size from this account today, ask them for a higher limit.';
    expect(message.length).to.equal(100);
    for (const width of [280, 340]) {
      const page = await mountAt(width, { confirm: 'never' });
      const place = (): number => page.find('.orders').getBoundingClientRect().top;
      const before = place();
      answerWith(page, Promise.resolve({ status: 'rejected', message }));
      await page.fill();
      await page.press();
      expect(page.text('.alarm')).to.contain('Rejected');
      expect(place()).to.equal(before);
      const standing = page.find('.standing');
      expect(standing.textContent).to.contain(message);
      expect(standing.scrollWidth).to.equal(standing.clientWidth);
      await expect(page.element).to.be.accessible();
      expect(standing.tabIndex).to.equal(0);
      standing.scrollTop = 1_000;
      const end = placeOf(standing, 'limit.');
      const box = standing.getBoundingClientRect();
      expect(end.top >= box.top && end.top + 10 <= box.bottom).to.equal(true);
      page.element.remove();
    }
  });

  it('OP107 what is barred, wrong or goes unasked is said to its end without a pointer over it', async () => {
    for (const width of WIDTHS) {
      const page = await mountAt(width, {
        account: 'BROKER-LONG-ACCOUNT-0001',
        confirm: 'unless-declined',
        orderTypes: 'limit market stop stop_limit',
      });
      answerWith(page, Promise.resolve(accepted));
      const fits = (): void => void expect(cutTexts(page.element, true), `${width} px`).to.deep.equal([]);
      for (const type of ['limit', 'market', 'stop', 'stop_limit']) {
        await page.choose(type);
        for (const time of ['day', 'gtc', 'ioc', 'fok']) {
          const select = page.find<HTMLSelectElement>('#timeInForce');
          select.value = time;
          select.dispatchEvent(new Event('change'));
          await page.settled();
          fits();
        }
      }
      await page.choose('limit');
      await page.type('limitPrice', '25');
      expect(page.text('#limitPrice-hint')).to.contain('Today’s limits are 15.80 to 19.30');
      fits();
      await page.type('limitPrice', '15.05');
      fits();
      for (const type of ['limit', 'market', 'stop', 'stop_limit']) {
        await page.choose(type);
        const select = page.find<HTMLSelectElement>('#timeInForce');
        select.value = 'day';
        select.dispatchEvent(new Event('change'));
        for (const [field, text] of [
          ['limitPrice', type === 'stop_limit' ? '17.85' : '17.45'],
          ['stopPrice', '17.80'],
          ['quantity', '100'],
        ] as const) {
          if (page.find(`#${field}`)) await page.type(field, text);
        }
        await page.press();
        page.find('.decline input').click();
        page.stream.pass(400);
        await page.settled();
        await page.press('dialog .go');
      }
      expect(page.text('.consent span')).to.equal(
        'Limit, market, stop and stop limit orders of BROKER-LONG-ACCOUNT-0001 go without asking.',
      );
      fits();
      page.element.remove();
      localStorage.clear();
    }
  });

  it('OP108 no price in the ticket’s own list is cut, and its rows keep their height', async () => {
    for (const width of WIDTHS) {
      const page = await mountAt(width, { confirm: 'never', orderTypes: 'limit stop_limit' });
      const venue = page.element.gateway as FakeVenue;
      await page.choose('stop_limit');
      await page.choose('sell');
      for (const [field, text] of [
        ['stopPrice', '17.10'],
        ['limitPrice', '17.05'],
        ['quantity', '1234500'],
      ] as const)
        await page.type(field, text);
      await page.press();
      if (page.dialog.open) {
        page.stream.pass(400);
        await page.settled();
        await page.press('dialog .go');
      }
      expect(page.text('.what')).to.equal('Sell 1,234,500 at 17.05 from 17.10');
      expect(page.text('.acts')).to.equal('Change Cancel');
      const height = (): number => page.find('.orders li').getBoundingClientRect().height;
      const before = height();
      expect(cutTexts(page.element)).to.deep.equal([]);
      venue.fill(page.element.orders[0]!.clientOrderId, '1000000');
      await page.settled();
      expect(page.text('.standing')).to.equal('Partly filled, 1,000,000 of 1,234,500 filled, at 17.05');
      expect(cutTexts(page.element, true)).to.deep.equal([]);
      expect(height()).to.equal(before);
      await page.press('[data-act="cancel"]');
      expect(height()).to.equal(before);
      page.element.remove();
      sessionStorage.clear();
    }
  });

  it('OP109 what marks a control stands out 3:1, and a placeholder 4.5:1, in light and dark', async () => {
    for (const theme of ['light', 'dark']) {
      const page = await mountAt(340, { theme, confirm: 'always' });
      await page.fill();
      await page.confirm();
      const color = (
        selector: string,
        property: 'borderTopColor' | 'color' | 'backgroundColor',
        pseudo?: string,
      ): string => plainColor(getComputedStyle(page.find(selector), pseudo)[property]);
      const surface = color('.input', 'backgroundColor');
      for (const selector of [
        '.input',
        '#timeInForce',
        '#displayQuantity',
        '[data-act="amend"]',
        '[data-act="cancel"]',
      ]) {
        expect(contrastOf(color(selector, 'borderTopColor'), surface), `${theme} ${selector}`).to.be.at.least(3);
      }
      expect(contrastOf(color('#displayQuantity', 'color', '::placeholder'), surface), theme).to.be.at.least(4.5);
      page.element.remove();
    }
  });

  it('OP110 who asks for more contrast gets it for lines and quiet text', async function () {
    await emulate(this, { 'prefers-contrast': 'more' });
    for (const theme of ['light', 'dark']) {
      const page = await mountAt(340, { theme });
      const surface = plainColor(getComputedStyle(page.find('.input')).backgroundColor);
      const line = plainColor(getComputedStyle(page.find('.sums')).borderTopColor);
      const muted = plainColor(getComputedStyle(page.find('.available')).color);
      const edge = plainColor(getComputedStyle(page.find('.input')).borderTopColor);
      expect(contrastOf(line, surface), `${theme} line`).to.be.at.least(3);
      expect(contrastOf(edge, surface), `${theme} edge`).to.be.at.least(4.5);
      expect(contrastOf(muted, surface), `${theme} muted`).to.be.at.least(7);
      page.element.remove();
    }
  });

  it('OP110 so it is in book, list and status', async function () {
    await emulate(this, { 'prefers-contrast': 'more' });
    for (const theme of ['light', 'dark']) {
      const page = await fixture(
        html`<div style="width: 340px">
          <order-book symbol="SCOM" theme=${theme} .stream=${liveStream()}></order-book>
          <open-orders account="A-1" theme=${theme} .stream=${liveStream()}></open-orders>
          <feed-status theme=${theme} .stream=${liveStream()}></feed-status>
        </div>`,
      );
      const looks = (tag: string, selector: string): CSSStyleDeclaration =>
        getComputedStyle(page.querySelector(tag)!.shadowRoot!.querySelector(selector)!);
      for (const [tag, quiet, lined] of [
        ['order-book', '.cols span', '.mid'],
        ['open-orders', '.notice', '.notice'],
        ['feed-status', '.why', '.frame'],
      ] as const) {
        const surface = plainColor(looks(tag, '.frame').backgroundColor);
        expect(contrastOf(plainColor(looks(tag, quiet).color), surface), `${theme} ${tag}`).to.be.at.least(7);
        expect(contrastOf(plainColor(looks(tag, lined).borderBottomColor), surface), `${theme} ${tag}`).to.be.at.least(
          3,
        );
      }
      page.remove();
    }
  });

  it('OP111 under a finger no field makes a phone enlarge the page, and each can be hit', async function () {
    await emulate(this, { touch: true });
    expect(matchMedia('(pointer: coarse)').matches).to.equal(true);
    for (const width of [280, 340]) {
      const page = await mountAt(width);
      await page.type('displayQuantity', '100,000');
      for (const field of page.element.shadowRoot!.querySelectorAll<HTMLElement>(
        'form :is(select, input:not([type]))',
      )) {
        expect(Number.parseFloat(getComputedStyle(field).fontSize), field.id).to.be.at.least(16);
      }
      for (const selector of ['#share', '#timeInForce', '#displayQuantity']) {
        expect(page.find(selector).getBoundingClientRect().height, selector).to.be.at.least(24);
      }
      const shown = page.find<HTMLInputElement>('#displayQuantity');
      expect(shown.scrollWidth).to.equal(shown.clientWidth);
      expect(cutTexts(page.element, true)).to.deep.equal([]);
      page.element.remove();
    }
  });

  it('OP111 so it is where the rows of the book are chosen', async function () {
    await emulate(this, { touch: true });
    const book = await fixture(html`<order-book symbol="SCOM" .stream=${liveStream()}></order-book>`);
    const select = book.shadowRoot!.querySelector('.group select')!;
    expect(Number.parseFloat(getComputedStyle(select).fontSize)).to.be.at.least(16);
  });

  it('OP111 the slider can be hit over at least 24 px', async () => {
    const page = await mountAt(340);
    expect(page.find('#share').getBoundingClientRect().height).to.be.at.least(24);
  });
});
