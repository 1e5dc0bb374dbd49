import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { startExchange, type ExchangeServerOptions } from '../../server/exchange-server.js';
import { ZERO, formatDecimal, unitsToText } from '../../src/book/decimal.js';
import { Exchange } from '../../src/sim/index.js';
import { createHttpGateway, type HttpGatewayOptions } from '../../src/orders/http-gateway.js';
import { memoryJournal } from '../../src/orders/journal.js';
import { ReservationLedger } from '../../src/orders/ledger.js';
import { OrderDesk } from '../../src/orders/order-desk.js';
import { newClientOrderId } from '../../src/orders/client-order-id.js';
import type { Order, OrderRequest } from '../../src/orders/order.js';

const undo: (() => unknown)[] = [];
after(async () => {
  for (const each of undo.reverse()) await each();
});

/** A page with a desk on the reference exchange, and what tells when it is as wanted. */
async function page(options: ExchangeServerOptions = {}, over: Partial<HttpGatewayOptions> = {}) {
  const exchange = new Exchange({ symbols: 1, startMs: Date.now(), epoch: 'e1', ratePerSymbol: 0.001 });
  const server = await startExchange({ market: exchange, ...options });
  undo.push(() => server.close());
  const url = new URL('/api', server.pageUrl).href;
  const gateway = createHttpGateway({ url, fetch, pollEvery: 50, ...over });
  const [journal, ledger] = [memoryJournal(), new ReservationLedger()];
  const desk = new OrderDesk({ account: 'A-1', gateway, journal, ledger });
  let look: () => void = () => undefined;
  undo.push(desk.observe(() => look()));
  const until = (isTrue: () => boolean): Promise<void> =>
    new Promise((resolve) => ((look = () => isTrue() && resolve()), look()));
  const submit = (change: Partial<OrderRequest> = {}): (() => Order | undefined) => {
    const clientOrderId = newClientOrderId(Date.now());
    const request: OrderRequest = {
      ...{ clientOrderId, account: 'A-1', symbol: 'SCOM', side: 'buy', orderType: 'limit', quantity: '100' },
      ...{ limitPrice: '16.00', stopPrice: null, timeInForce: 'day', createdAt: Date.now() },
      ...change,
    };
    desk.submit(request, undefined, () => 'gateway');
    return () => desk.order(clientOrderId);
  };
  return { server, exchange, desk, until, submit };
}

describe('createHttpGateway on the reference exchange', () => {
  it('GW29 a desk places, changes, fills and cancels over HTTP, and sees what others do to its orders', async () => {
    const { exchange, desk, until, submit } = await page();
    await until(() => desk.isReady);
    const order = submit();
    await until(() => order()?.state === 'open');
    const { clientOrderId } = order()!.request;
    assert.ok(Math.abs((order()!.request.goodUntil ?? 0) - Date.now()) < 10_000);
    desk.amend(clientOrderId, { quantity: '200', limitPrice: '16.05' });
    await until(() => order()?.revision === 1);
    desk.cancel(clientOrderId);
    await until(() => order()?.state === 'cancelled');
    const { book } = exchange.listing('SCOM')!;
    const filled = submit({ limitPrice: unitsToText(book.asks.priceAt(0), book.priceScale) });
    await until(() => filled()?.state === 'filled');
    await until(() => formatDecimal(desk.available('position:SCOM') ?? ZERO) === '10100');
    const refused = submit({ quantity: '90000000' });
    await until(() => refused()?.state === 'rejected');
    assert.equal(refused()?.reason?.code, 'insufficient_funds');
    const elsewhere = submit();
    await until(() => elsewhere()?.state === 'open');
    exchange.desk.cancel('A-1', elsewhere()!.request.clientOrderId, Date.now());
    await until(() => elsewhere()?.state === 'cancelled');
  });

  it(
    'OR176 over HTTP too the exits of an entry come onto the desk, and one that is cancelled there takes the other along',
    { timeout: 30_000 },
    async () => {
      const { exchange, desk, until, submit } = await page();
      await until(() => desk.isReady);
      const { book } = exchange.listing('SCOM')!;
      const limitPrice = unitsToText(book.asks.priceAt(0), book.priceScale);
      const entry = submit({ limitPrice, takeProfit: '18.50', stopLoss: '16.50' });
      await until(() => entry()?.state === 'filled');
      const { clientOrderId } = entry()!.request;
      const exit = (kind: string) => desk.order(`${clientOrderId}.${kind}`);
      await until(() => exit('tp')?.state === 'open' && exit('sl')?.state === 'open');
      assert.deepEqual([exit('tp')?.request.parent, exit('sl')?.stopPrice], [clientOrderId, '16.50']);
      desk.amend(`${clientOrderId}.tp`, { limitPrice: '18.60' });
      await until(() => exit('tp')?.limitPrice === '18.60');
      desk.cancel(`${clientOrderId}.sl`);
      await until(() => exit('sl')?.state === 'cancelled' && exit('tp')?.state === 'cancelled');
    },
  );

  it('GW29 with a login it goes by a ticket as Bearer; without one nothing is ready', async () => {
    let ticket = 'none';
    let asked = 0;
    const headers = () => {
      asked++;
      return { authorization: `Bearer ${ticket}` };
    };
    const { server, desk, until, submit } = await page({ login: {} }, { headers });
    await until(() => asked > 0);
    assert.equal(desk.isReady, false);
    const answer = await fetch(new URL('/api/ws-ticket', server.pageUrl), { method: 'POST' });
    ({ ticket } = (await answer.json()) as { ticket: string });
    await until(() => desk.isReady);
    const order = submit();
    await until(() => order()?.state === 'open');
  });
});
