import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type ExchangeServer, type ExchangeServerOptions, startExchange } from '../../server/exchange-server.js';
import { HttpLogins, MOST_LOGINS_OF_USER } from '../../server/http-logins.js';
import { createRoutes } from '../../server/http-routes.js';
import { JournalError } from '../../server/journal/journal-error.js';
import { OrderRoutes } from '../../server/order-routes.js';
import { phaseRoute } from '../../server/phase-route.js';
import { TICKET_LIFE_MS, TicketOffice } from '../../server/ticket-office.js';
import { Exchange } from '../../src/sim/index.js';
import { SessionWire } from './session-wire.js';

const undo: (() => unknown)[] = [];
after(async () => {
  for (const each of undo.reverse()) await each();
});

const start = async (options: ExchangeServerOptions = {}): Promise<ExchangeServer> => {
  const server = await startExchange({ symbols: 2, ...options });
  undo.push(() => server.close());
  return server;
};

const wish = (clientOrderId: string, given: object = {}) => ({
  clientOrderId,
  account: 'A-1',
  symbol: 'SCOM',
  side: 'buy',
  orderType: 'limit',
  quantity: '100',
  limitPrice: '16.00',
  stopPrice: null,
  timeInForce: 'day',
  ...given,
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, never> & {
    readonly code?: string;
    readonly order?: Record<string, unknown>;
    readonly retryable?: boolean;
  };
  readonly headers: Headers;
}

const ask = async (
  { pageUrl }: ExchangeServer,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> => {
  const response = await fetch(new URL(path, pageUrl), {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as never, headers: response.headers };
};
const place = (server: ExchangeServer, id: string, given: object = {}, headers: Record<string, string> = {}) =>
  ask(server, 'POST', '/api/orders', wish(id, given), { 'idempotency-key': id, ...headers });
const said = ({ status, body }: Answer): string =>
  `${status} ${body.code ?? (body.order === undefined ? '' : String(body.order['status']))}`.trim();

describe('orders over HTTP', () => {
  it('SX155 an order is placed, read, changed and cancelled, each answered with the order as it stands', async () => {
    const server = await start();
    const path = '/api/orders/order-0001?account=A-1';
    assert.equal(said(await ask(server, 'GET', path)), '404 unknown_order');
    const placed = await place(server, 'order-0001');
    assert.equal(said(placed), '201 open');
    assert.deepEqual(placed.body.order, server.market.desk?.query('A-1', 'order-0001'));
    assert.equal(said(await ask(server, 'GET', path)), '200 open');
    const change = { revision: 1, quantity: '200', limitPrice: '16.05', stopPrice: null };
    const changed = await ask(server, 'PATCH', path, change);
    assert.equal(said(changed), '200 open');
    assert.deepEqual([changed.body.order?.['quantity'], changed.body.order?.['revision']], ['200', 1]);
    assert.equal(said(await ask(server, 'PATCH', path, change)), '200 open');
    assert.equal(said(await ask(server, 'PATCH', path, { ...change, quantity: '300' })), '409 revision_conflict');
    const account = await ask(server, 'GET', '/api/account?account=A-1');
    const snapshot = server.market.desk?.snapshot('A-1');
    assert.deepEqual(account.body, { epoch: snapshot?.epoch, sequence: snapshot?.sequence, ...snapshot?.data });
    assert.equal((account.body as unknown as { orders: unknown[] }).orders.length, 1);
    assert.equal(said(await ask(server, 'DELETE', path)), '200 cancelled');
    const again = await ask(server, 'DELETE', path);
    assert.equal(said(again), '409 already_cancelled');
    assert.equal((again.body as Record<string, unknown>)['status'], 'cancelled');
    assert.equal(said(await ask(server, 'DELETE', '/api/orders/nobody-000?account=A-1')), '404 unknown_order');
  });

  it('SX156 a refusal has its code: 409 for an id that is taken, 422 for a rule, with the same answer when it comes again', async () => {
    const server = await start();
    assert.equal(said(await place(server, 'order-0001')), '201 open');
    const again = await place(server, 'order-0001');
    assert.equal(said(again), '200 open');
    assert.equal(said(await place(server, 'order-0001', { quantity: '200' })), '409 duplicate_conflict');
    for (const _ of [1, 2]) {
      const refused = await place(server, 'order-0002', { quantity: '90000000' });
      assert.equal(said(refused), '422 insufficient_funds');
      assert.equal(refused.body.retryable, false);
    }
    assert.equal(said(await place(server, 'order-0003', { symbol: 'NONE' })), '422 unknown_symbol');
    const guide = await start({ dialect: 'guide' });
    assert.equal((await place(guide, 'order-0001')).status, 405);
    const exchange = new Exchange({ symbols: 1, startMs: Date.now(), epoch: 'e1' });
    const { epoch, symbols } = exchange;
    const market = { epoch, symbols, listing: (name: string) => exchange.listing(name), step: () => undefined };
    const replay = await start({ market });
    assert.equal(said(await place(replay, 'order-0001')), '422 not_permitted');
    assert.equal(said(await ask(replay, 'GET', '/api/account?account=A-1')), '403 not_entitled');
  });

  it('SX157 the header Idempotency-Key must be the clientOrderId', async () => {
    const server = await start();
    assert.equal(said(await ask(server, 'POST', '/api/orders', wish('order-0001'))), '400 bad_message');
    const other = { 'idempotency-key': 'order-0002' };
    assert.equal(said(await ask(server, 'POST', '/api/orders', wish('order-0001'), other)), '400 bad_message');
    assert.equal(server.market.desk?.query('A-1', 'order-0001'), undefined);
  });

  it('SX158 a body that is no JSON, too long, of another type or out of form is refused, and so is what is no order', async () => {
    const server = await start();
    const key = { 'idempotency-key': 'order-0001' };
    const post = (body: unknown, headers: Record<string, string> = {}) =>
      ask(server, 'POST', '/api/orders', body, { ...key, ...headers });
    assert.equal(said(await post('{"clientOrderId"')), '400 bad_json');
    const body = Buffer.from(JSON.stringify({ ...wish('order-0001'), pad: '#' })).map((byte) =>
      byte === 35 ? 0xff : byte,
    );
    const headers = { ...key, 'content-type': 'application/json' };
    assert.equal((await fetch(new URL('/api/orders', server.pageUrl), { method: 'POST', headers, body })).status, 400);
    assert.equal(said(await post(JSON.stringify({ ...wish('order-0001'), pad: 'x'.repeat(70_000) }))), '413 too_large');
    assert.equal(
      said(await post(JSON.stringify(wish('order-0001')), { 'content-type': 'text/plain' })),
      '415 bad_message',
    );
    for (const bad of [
      'null',
      '[]',
      '7',
      wish('short'),
      wish('order-0001', { quantity: 100 }),
      wish('order-0001', { side: 'give' }),
    ]) {
      assert.equal(said(await post(bad)), '400 bad_message', JSON.stringify(bad));
    }
    assert.equal(said(await ask(server, 'GET', '/api/account')), '400 bad_message');
    assert.equal(said(await ask(server, 'GET', '/api/orders/%E0%A4%A?account=A-1')), '400 bad_message');
    assert.equal(said(await ask(server, 'GET', '/api/orders/order-0001/more?account=A-1')), '404 unknown_order');
    for (const [method, path, allow] of [
      ['GET', '/api/orders', 'POST'],
      ['PUT', '/api/orders/order-0001?account=A-1', 'GET, PATCH, DELETE'],
      ['POST', '/api/account?account=A-1', 'GET'],
    ] as const) {
      const answer = await ask(server, method, path);
      assert.deepEqual([answer.status, answer.headers.get('allow')], [405, allow]);
    }
    assert.equal(server.market.desk?.query('A-1', 'order-0001'), undefined);
  });

  it('SX159 a body that breaks off places nothing', async () => {
    const server = await start();
    const text = JSON.stringify(wish('order-0001'));
    const socket = connect(server.port, '127.0.0.1');
    const head = [
      'POST /api/orders HTTP/1.1',
      'host: x',
      'content-type: application/json',
      'idempotency-key: order-0001',
    ];
    await new Promise((resolve) =>
      socket.write(`${[...head, `content-length: ${text.length + 1}`].join('\r\n')}\r\n\r\n${text}`, resolve),
    );
    socket.destroy();
    assert.equal(said(await place(server, 'order-0002')), '201 open');
    assert.equal(server.market.desk?.query('A-1', 'order-0001'), undefined);
  });

  it('SX160 orders and the rest of an account are held to the rates of one connection; what is placed is told so also in haste', async (test) => {
    // Rates are counted while time stands still, however slow the machine.
    test.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const server = await start();
    const first = await Promise.all(Array.from({ length: 60 }, (_, i) => place(server, `order-${1_000 + i}`)));
    const codes = first.map(said);
    const many = codes.filter((text) => text === '201 open').length;
    assert.ok(many >= 10 && many < 60, codes.join());
    const refused = first.find(({ status }) => status === 429);
    assert.deepEqual(
      [refused?.body.code, refused?.body.retryable, refused?.headers.get('retry-after')],
      ['rate_limited', true, '1'],
    );
    // Another account is another connection.
    assert.equal(said(await place(server, 'order-2000', { account: 'A-2' })), '201 open');
    test.mock.timers.tick(1_000);
    const looks = await Promise.all(Array.from({ length: 200 }, () => ask(server, 'GET', '/api/account?account=A-1')));
    assert.ok(looks.some(({ status }) => status === 429) && looks.some(({ status }) => status === 200));
    const hurry = await Promise.all([
      ...Array.from({ length: 200 }, () => ask(server, 'GET', '/api/account?account=A-3')),
      ...Array.from({ length: 8 }, (_, i) => place(server, `order-${3_000 + i}`, { account: 'A-3' })),
    ]);
    assert.ok(hurry.slice(200).some((answer) => said(answer) === '429 rate_limited'));
    const placed = first.findIndex(({ status }) => status === 201);
    const again = await Promise.all(Array.from({ length: 60 }, () => place(server, `order-${1_000 + placed}`)));
    assert.deepEqual([...new Set(again.map(said))], ['200 open']);
  });

  it('SX161 where a login is needed a ticket as Bearer gives it, for as long as it lasts, its page and its accounts', async () => {
    const visitor = { user: 'u-17', accounts: ['A-1'], scopes: ['market', 'trade'] };
    let now = visitor;
    const server = await start({ login: { identify: () => now } });
    const origin = 'http://desk.example';
    const login = async (headers: Record<string, string> = {}) => {
      const { body } = await ask(server, 'POST', '/api/ws-ticket', undefined, headers);
      return { authorization: `Bearer ${(body as unknown as { ticket: string }).ticket}` };
    };
    const none = await place(server, 'order-0001');
    assert.deepEqual([said(none), none.headers.get('www-authenticate')], ['401 auth_required', 'Bearer']);
    assert.equal(said(await ask(server, 'GET', '/api/account?account=A-1')), '401 auth_required');
    assert.equal(said(await place(server, 'order-0001', {}, { authorization: 'Bearer made-up' })), '401 auth_required');
    const bearer = await login();
    assert.equal(said(await place(server, 'order-0001', {}, bearer)), '201 open');
    assert.equal(
      said(await ask(server, 'DELETE', '/api/orders/order-0001?account=A-1', undefined, bearer)),
      '200 cancelled',
    );
    assert.equal(said(await place(server, 'order-0002', { account: 'A-2' }, bearer)), '403 not_entitled');
    assert.equal(said(await ask(server, 'GET', '/api/account?account=A-2', undefined, bearer)), '403 not_entitled');
    // Its page only.
    assert.equal(said(await place(server, 'order-0003', {}, { ...bearer, origin })), '401 auth_required');
    const ofPage = await login({ origin });
    assert.equal(said(await place(server, 'order-0003', {}, { ...ofPage, origin })), '201 open');
    now = { ...visitor, scopes: ['market'] };
    const reader = await login();
    assert.equal(said(await place(server, 'order-0004', {}, reader)), '403 not_entitled');
    assert.equal((await ask(server, 'GET', '/api/account?account=A-1', undefined, reader)).status, 200);
    server.logOut('u-17');
    assert.equal(said(await place(server, 'order-0005', {}, bearer)), '401 auth_required');
    const market = await start({ login: { required: ['market'] } });
    assert.equal(said(await place(market, 'order-0001')), '401 auth_required');

    const office = new TicketOffice(1_000);
    const logins = new HttpLogins(office);
    const header = `Bearer ${office.issue(visitor, undefined, 0)}`;
    assert.equal(logins.find(header, [undefined], 10)?.user, 'u-17');
    assert.equal(logins.find(header, [undefined], 1_009)?.user, 'u-17');
    assert.equal(logins.find(header, [undefined], 1_010), undefined);
    const late = `Bearer ${office.issue(visitor, undefined, 0)}`;
    assert.equal(logins.find(late, [undefined], TICKET_LIFE_MS + 1), undefined);
  });

  it('SX162 a page of another origin reads an answer only where it may; one that is not on the list is refused', async () => {
    const server = await start({ origins: ['http://desk.example'] });
    const origin = 'http://desk.example';
    for (const other of [{}, { origin: 'http://evil.example' }] as Record<string, string>[]) {
      const answer = await place(server, 'order-0001', {}, other);
      assert.deepEqual([said(answer), answer.headers.get('access-control-allow-origin')], ['403 not_entitled', null]);
      assert.equal((await ask(server, 'OPTIONS', '/api/orders', undefined, other)).status, 403);
    }
    const placed = await place(server, 'order-0001', {}, { origin });
    assert.equal(said(placed), '201 open');
    assert.equal(placed.headers.get('access-control-allow-origin'), origin);
    assert.match(placed.headers.get('access-control-expose-headers') ?? '', /date/);
    assert.equal(placed.headers.get('vary'), 'origin');
    const asked = await ask(server, 'OPTIONS', '/api/orders/order-0001', undefined, { origin });
    assert.equal(asked.status, 204);
    assert.equal(asked.headers.get('access-control-allow-methods'), 'GET, PATCH, DELETE');
    assert.equal(asked.headers.get('access-control-allow-headers'), 'authorization, content-type, idempotency-key');
    const open = await start();
    const any = await ask(open, 'GET', '/api/account?account=A-1', undefined, { origin: 'http://any.example' });
    assert.equal(any.headers.get('access-control-allow-origin'), 'http://any.example');
    assert.equal(any.headers.get('cache-control'), 'no-store');
  });

  it('SX222 a page that reads from its own server is known by its host, under https as under http', async () => {
    const identify = () => ({ user: 'u-17', accounts: ['A-1'], scopes: ['trade'] });
    for (const scheme of ['http', 'https']) {
      const origins: string[] = [];
      const server = await start({ login: { identify }, origins });
      const { host } = new URL(server.pageUrl);
      const origin = `${scheme}://${host}`;
      origins.push(origin);
      const given = async (): Promise<Record<string, string>> => {
        const address = new URL('/api/ws-ticket', server.pageUrl);
        const answer = await fetch(address, { method: 'POST', headers: { origin } });
        return { authorization: `Bearer ${((await answer.json()) as { ticket: string }).ticket}` };
      };
      const own = { 'sec-fetch-site': 'same-origin' };
      const read = (headers: Record<string, string>): Promise<Answer> =>
        ask(server, 'GET', '/api/account?account=A-1', undefined, headers);
      const bearer = await given();
      assert.equal((await read({ ...bearer, ...own })).status, 200);
      assert.equal((await place(server, 'order-0001', {}, { ...bearer, origin })).status, 201);
      assert.equal((await read({ ...bearer, ...own })).status, 200);
      assert.equal((await read({ ...bearer, 'sec-fetch-site': 'same-site' })).status, 403);
      assert.equal((await read(bearer)).status, 403);
      origins[0] = `${scheme}://other.example`;
      assert.equal((await read({ ...bearer, ...own })).status, 403);
    }
    // A ticket of another page is not one of this.
    const server = await start({ login: { identify } });
    const answer = await fetch(new URL('/api/ws-ticket', server.pageUrl), {
      method: 'POST',
      headers: { origin: 'https://other.example' },
    });
    const { ticket } = (await answer.json()) as { ticket: string };
    const headers = { authorization: `Bearer ${ticket}`, 'sec-fetch-site': 'same-origin' };
    assert.equal(said(await ask(server, 'GET', '/api/account?account=A-1', undefined, headers)), '401 auth_required');
  });

  it('SX163 an order is answered when it is kept, and lives on as one placed over a socket', async () => {
    const data = mkdtempSync(join(tmpdir(), 'gateways-'));
    undo.push(() => rmSync(data, { recursive: true, force: true }));
    const server = await start({ data });
    assert.equal(said(await place(server, 'order-0001')), '201 open');
    const kept = readdirSync(data, { recursive: true, encoding: 'utf8' })
      .filter((name) => /journal|acts|\.jsonl?$/.test(name))
      .map((name) => readFileSync(join(data, name), 'utf8'));
    assert.ok(kept.some((text) => text.includes('order-0001')));
    await server.close();
    const next = await start({ data });
    assert.equal(said(await ask(next, 'GET', '/api/orders/order-0001?account=A-1')), '200 open');
    assert.equal(said(await place(next, 'order-0001')), '200 open');
  });

  it('SX217 after an act that was not kept each request gets a 500, never an order out of memory', async () => {
    let isKept = true;
    const journal = { epoch: 'pe1', run: 1, kept: [], hasRoom: () => true, keep: () => isKept };
    const market = new Exchange({ symbols: 2, startMs: Date.now(), epoch: 'e1', ratePerSymbol: 0.001, journal });
    const server = await start({ market });
    assert.equal(said(await place(server, 'order-0001')), '201 open');
    isKept = false;
    assert.equal(said(await place(server, 'order-0002')), '500 internal');
    for (const id of ['order-0001', 'order-0002', 'order-0003']) {
      const path = `/api/orders/${id}?account=A-1`;
      const change = { revision: 1, quantity: '200', limitPrice: '16.05', stopPrice: null };
      const answers = [
        await place(server, id),
        await ask(server, 'GET', path),
        await ask(server, 'PATCH', path, change),
        await ask(server, 'DELETE', path),
      ];
      assert.deepEqual(answers.map(said), Array(4).fill('500 internal'));
    }
    assert.equal(said(await ask(server, 'GET', '/api/account?account=A-1')), '500 internal');
  });

  it(
    'SX219 a request ends without an answer where nobody can tell whether its act was kept',
    { timeout: 10_000 },
    async () => {
      let isLost = false;
      const keep = (): boolean => {
        if (isLost) throw new JournalError('a line may or may not have been written');
        return true;
      };
      const journal = { epoch: 'pe1', run: 1, kept: [], hasRoom: () => true, keep };
      for (const path of ['/api/orders', '/api/phase']) {
        isLost = false;
        const market = new Exchange({ symbols: 2, startMs: Date.now(), epoch: 'e1', ratePerSymbol: 0.001, journal });
        market.desk.snapshot('A-1');
        const orders = new OrderRoutes({ market, isPermitted: () => true, login: undefined, now: Date.now });
        const more = { root: tmpdir(), ticket: () => undefined, health: () => ({}) };
        const http = createServer(createRoutes({ market, orders, phase: phaseRoute(market), ...more }));
        undo.push(() => http.close());
        http.listen(0, '127.0.0.1');
        await once(http, 'listening');
        isLost = true;
        const body = path === '/api/phase' ? { symbol: 'SCOM', phase: 'halted' } : wish('order-0001');
        const sent = fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': 'order-0001' },
          body: JSON.stringify(body),
        });
        await assert.rejects(
          sent,
          (error: Error) => (error.cause as NodeJS.ErrnoException).code === 'UND_ERR_SOCKET',
          path,
        );
      }
    },
  );

  it('SX224 what a body has besides, nested to any depth, ends with the guards: it is neither kept nor in the way of a start', async () => {
    const data = mkdtempSync(join(tmpdir(), 'touchline-deep-'));
    undo.push(() => rmSync(data, { recursive: true, force: true }));
    const server = await start({ data });
    const odd = (text: object, depth: number): string =>
      JSON.stringify(text).replace(/}$/, `,"odd":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    const change = { revision: 1, quantity: '200', limitPrice: '16.05', stopPrice: null };
    for (const depth of [3_000, 4_095, 5_000, 30_000]) {
      const id = `order-${depth}`;
      const key = { 'idempotency-key': id };
      assert.equal(said(await ask(server, 'POST', '/api/orders', odd(wish(id), depth), key)), '201 open');
      const path = `/api/orders/${id}?account=A-1`;
      assert.equal(said(await ask(server, 'PATCH', path, odd(change, depth))), '200 open');
    }
    assert.equal(readFileSync(join(data, 'journal.log'), 'utf8').includes('odd'), false);
    await server.close();
    const next = await start({ data });
    assert.equal(said(await place(next, 'order-30000')), '200 open');
  });

  it('SX225 a fault that nobody foresaw is answered as internal, and the exchange serves on', async () => {
    const market = new Exchange({ symbols: 2, startMs: Date.now(), epoch: 'e1', ratePerSymbol: 0.001 });
    const { desk } = market;
    const place0 = desk.place.bind(desk);
    desk.place = (request, nowMs) => {
      if (request.clientOrderId === 'order-0001') throw new RangeError('Maximum call stack size exceeded');
      return place0(request, nowMs);
    };
    const server = await start({ market });
    assert.equal(said(await place(server, 'order-0001')), '500 internal');
    assert.equal(said(await place(server, 'order-0002')), '201 open');
  });

  it('SX238 what is not there is 404 however it is asked for, and each refusal has words for people', async () => {
    const server = await start();
    const nobody = '/api/orders/nobody-000?account=A-1';
    const path = '/api/orders/order-0001?account=A-1';
    const change = { revision: 1, quantity: '200', limitPrice: '16.05', stopPrice: null };
    const words = ({ body }: Answer): string => String((body as Record<string, unknown>)['message']);
    for (const answer of [
      await ask(server, 'GET', nobody),
      await ask(server, 'PATCH', nobody, change),
      await ask(server, 'DELETE', nobody),
    ]) {
      assert.equal(said(answer), '404 unknown_order');
      assert.equal(words(answer), 'No order has this id.');
    }
    await place(server, 'order-0001');
    const refusals = [
      await ask(server, 'PATCH', path, { ...change, quantity: '150' }),
      await ask(server, 'PATCH', path, { ...change, limitPrice: '99.00' }),
      await ask(server, 'PATCH', path, { ...change, limitPrice: '16.02' }),
      await ask(server, 'PATCH', path, { ...change, quantity: '90000000' }),
      await ask(server, 'PATCH', path, { ...change, revision: 2 }),
    ];
    await ask(server, 'DELETE', path);
    refusals.push(await ask(server, 'DELETE', path), await ask(server, 'PATCH', path, change));
    assert.deepEqual(refusals.map(said), [
      '409 bad_quantity',
      '409 price_band',
      '409 bad_price',
      '409 insufficient_funds',
      '409 revision_conflict',
      '409 already_cancelled',
      '409 too_late',
    ]);
    for (const refusal of refusals) assert.match(words(refusal), /^[A-Z].* .*\.$/);
  });

  it('SX233 the next of very many logins of one user ends his oldest, and nobody else his', () => {
    const office = new TicketOffice(1_000_000);
    const logins = new HttpLogins(office);
    const login = (user: string): string => {
      const header = `Bearer ${office.issue({ user, accounts: [], scopes: [] }, undefined, 0)}`;
      assert.equal(logins.find(header, [undefined], 1)?.user, user);
      return header;
    };
    const other = login('other');
    const his = Array.from({ length: MOST_LOGINS_OF_USER + 2 }, () => login('greedy'));
    const lasting = his.map((header) => logins.find(header, [undefined], 2) !== undefined);
    assert.deepEqual([lasting.indexOf(true), lasting.lastIndexOf(false)], [2, 1]);
    assert.equal(logins.find(other, [undefined], 2)?.user, 'other');
  });

  it('SX164 whoever watches the account on a socket hears of what is done over HTTP', async () => {
    const exchange = new Exchange({ symbols: 2, startMs: Date.now(), epoch: 'e1', ratePerSymbol: 0.001 });
    const server = await start({ market: exchange });
    const wire = new SessionWire({ market: exchange });
    wire.say({ type: 'hello', id: 'h', data: { protocol: 1, client: 'test', features: ['orders'] } });
    wire.say({ type: 'account_subscribe', id: 'a', data: { account: 'A-1' } });
    wire.take();
    await place(server, 'order-0001');
    await ask(server, 'DELETE', '/api/orders/order-0001?account=A-1');
    assert.deepEqual(
      wire
        .take()
        .map(({ type }) => type)
        .filter((type) => type.startsWith('order')),
      ['order_ack', 'order_cancelled'],
    );
  });
});
