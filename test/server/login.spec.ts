import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { type ExchangeServer, type ExchangeServerOptions, startExchange } from '../../server/exchange-server.js';
import { MOST_TICKETS_OF_USER, TICKET_LIFE_MS, TicketOffice } from '../../server/ticket-office.js';
import { Exchange } from '../../src/sim/index.js';
import type { LoginDesk, SessionLogin } from '../../src/stream/protocol/session.js';
import { createMarketStream, type OwnedMarketStream } from '../../src/stream/market-stream-core.js';
import { createWebSocketTransport } from '../../src/stream/transport/websocket.js';
import { nodeSocket } from '../support/node-socket.js';
import { type Message, SessionWire, START } from './session-wire.js';

const open: { close(): unknown }[] = [];
after(async () => {
  for (const each of open.reverse()) await each.close();
});

const start = async (options: ExchangeServerOptions = {}): Promise<ExchangeServer> => {
  const server = await startExchange({ symbols: 2, ...options });
  open.push(server);
  return server;
};
const ticketOf = async (server: ExchangeServer, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(new URL('/api/ws-ticket', server.pageUrl), { method: 'POST', headers });
const newTicket = async (server: ExchangeServer): Promise<string> =>
  ((await (await ticketOf(server)).json()) as { ticket: string }).ticket;

const LOGIN: SessionLogin = {
  user: 'u-17',
  accounts: ['A-1'],
  scopes: ['market', 'trade'],
  expiresAt: START + 3_600_000,
};
/** A desk that takes any ticket by its name, once. */
const desk = (
  logins: Readonly<Record<string, SessionLogin>>,
  required: LoginDesk['required'] = ['private', 'orders'],
): LoginDesk => {
  const left = new Map(Object.entries(logins));
  return {
    required,
    redeem: (ticket) => {
      const login = left.get(ticket);
      left.delete(ticket);
      return login;
    },
  };
};
const auth = (ticket: string, id = 'a1') => ({ type: 'auth', id, data: { ticket } });
const ask = { type: 'account_subscribe', id: 'r1', data: { account: 'A-1' } };
const order = (id: string, account = 'A-1') => ({
  type: 'order_place',
  id,
  data: {
    clientOrderId: `order-${id}-000`,
    account,
    symbol: 'SCOM',
    side: 'buy',
    orderType: 'limit',
    quantity: '100',
    limitPrice: '16.00',
    stopPrice: null,
    timeInForce: 'day',
  },
});
const brief = (messages: readonly Message[]): string[] =>
  messages.map(({ type, data }) => (type === 'error' ? data.code : type));

describe('ServerSession: logins', () => {
  it('SX47 the welcome says what a login is needed for, and that is refused without one; market data go on', () => {
    const wire = new SessionWire({ login: desk({ good: LOGIN }) });
    wire.say({ type: 'hello', id: 'h', data: { protocol: 1, client: 'test', features: ['orders'] } });
    assert.deepEqual(wire.take()[0]?.data.authRequired, ['private', 'orders']);
    wire.say(ask);
    wire.say(order('r2'));
    wire.say({ type: 'order_query', id: 'r3', data: { account: 'A-1', clientOrderId: 'order-r2-000' } });
    const refused = wire.take();
    assert.deepEqual(brief(refused), ['auth_required', 'auth_required', 'auth_required']);
    assert.deepEqual(
      refused.map(({ id }) => id),
      ['r1', 'r2', 'r3'],
    );
    wire.say({ type: 'subscribe', id: 's1', symbols: ['SCOM'], channels: ['ticker', 'book'] });
    assert.ok(brief(wire.take()).includes('order_book_snapshot'));
    wire.say(auth('good'));
    const [ok] = wire.take();
    assert.deepEqual([ok?.type, ok?.id, ok?.data], ['auth_ok', 'a1', LOGIN]);
    wire.say(ask);
    wire.say(order('r4'));
    assert.deepEqual(brief(wire.take()).slice(0, 2), ['account_snapshot', 'order_ack']);
    // One answer for an order that is too hasty as well.
    const hasty = new SessionWire({ login: desk({}), limits: { messagesPerSecond: 2 } }).hello();
    for (const id of ['r1', 'r2', 'r3']) hasty.say(order(id));
    const answers = hasty.take().map(({ id }) => id);
    assert.deepEqual(answers, [...new Set(answers)]);
    // Before the greeting there is no login.
    const early = new SessionWire({ login: desk({ good: LOGIN }) });
    early.say(auth('good'));
    assert.deepEqual(brief(early.take()), ['bad_state']);
    // And a server that knows none says so.
    const none = new SessionWire().hello();
    none.say(auth('good'));
    none.say(ask);
    assert.deepEqual(brief(none.take()), ['unknown_type', 'account_snapshot']);
  });

  it('SX232 a renewed login with fewer accounts hears of those no more, and is told so; one with as many hears on', () => {
    const both: SessionLogin = { ...LOGIN, accounts: ['A-1', 'B-2'] };
    const wire = new SessionWire({ login: desk({ both, again: both, fewer: LOGIN }) }).hello();
    wire.say(auth('both'));
    wire.say(ask);
    wire.say({ ...ask, data: { account: 'B-2' } });
    wire.take();
    const { market } = wire;
    const place = (account: string, i: number): void => {
      const { data } = order(`r${i}`, account);
      market.desk?.place(data as never, START);
    };
    const heard = (): string[] =>
      wire.take().flatMap(({ type, stream, data }) => (type === 'order_ack' ? [stream] : [data.code].filter(Boolean)));
    place('B-2', 1);
    assert.deepEqual(heard(), ['private:B-2']);
    wire.say(auth('again'));
    place('B-2', 2);
    assert.deepEqual(heard(), ['private:B-2']);
    wire.say(auth('fewer'));
    const [ok, told, ...more] = wire.take();
    assert.deepEqual([ok?.type, told?.type, told?.id, told?.data.fatal], ['auth_ok', 'error', undefined, false]);
    assert.deepEqual([told?.data.code, told?.data.details], ['not_entitled', { account: 'B-2' }]);
    assert.deepEqual(more, []);
    place('B-2', 3);
    place('A-1', 4);
    assert.deepEqual(heard(), ['private:A-1']);
    // Where accounts want no login, none takes them away.
    const open = new SessionWire({ login: desk({ fewer: LOGIN }, []) }).hello();
    open.say({ ...ask, data: { account: 'B-2' } });
    open.say(auth('fewer'));
    assert.deepEqual(brief(open.take()), ['account_snapshot', 'auth_ok']);
  });

  it('SX48 a ticket works once; a login is for its accounts and scopes, and its connection for one user', () => {
    const reader: SessionLogin = { ...LOGIN, scopes: ['market'] };
    const other: SessionLogin = { ...LOGIN, user: 'u-18' };
    const wire = new SessionWire({ login: desk({ reader, other, again: LOGIN }) }).hello();
    for (const ticket of ['unknown', 'reader', 'reader', 'other']) wire.say(auth(ticket));
    assert.deepEqual(brief(wire.take()), ['auth_failed', 'auth_ok', 'auth_failed', 'auth_failed']);
    wire.say({ ...ask, data: { account: 'B-2' } });
    wire.say(order('r2'));
    const change = { revision: 1, quantity: '100', limitPrice: '16.00', stopPrice: null };
    wire.say({ type: 'order_replace', id: 'r2c', data: { account: 'A-1', clientOrderId: 'order-0001', ...change } });
    wire.say(ask);
    assert.deepEqual(brief(wire.take()), ['not_entitled', 'not_entitled', 'not_entitled', 'account_snapshot']);
    wire.say(auth('again'));
    wire.say(order('r3'));
    wire.say(order('r4', 'B-2'));
    assert.deepEqual(brief(wire.take()), ['auth_ok', 'order_ack', 'balance_update', 'not_entitled']);
  });

  it('SX49 a minute before its end a login is warned of once; renewed it goes on, else it ends with 4401', () => {
    const until = (ms: number): SessionLogin => ({ ...LOGIN, expiresAt: START + ms });
    const wire = new SessionWire({ login: desk({ one: until(100_000), two: until(300_000) }) }).hello();
    wire.say(auth('one'));
    wire.pass(39_900);
    assert.deepEqual(brief(wire.take()), ['auth_ok']);
    wire.pass(30_000);
    const warned = wire.take();
    assert.deepEqual(brief(warned), ['auth_expiring']);
    wire.say(auth('two', 'a2'));
    wire.pass(100_000);
    assert.deepEqual(brief(wire.take()), ['auth_ok']);
    assert.equal(wire.closed, undefined);
    wire.pass(200_000);
    assert.deepEqual(brief(wire.take()), ['auth_expiring', 'auth_expired']);
    assert.deepEqual(wire.closed, { code: 4401, reason: 'auth_expired' });
  });

  it('SX63 where nothing is served without a login it is waited for 5 s, in either dialect, and then the close is 4401', () => {
    for (const isGreeted of [true, false]) {
      const wire = new SessionWire({ login: desk({ good: LOGIN }, ['market']) });
      if (isGreeted) wire.hello();
      wire.say({ type: 'subscribe', id: 's1', symbols: ['SCOM'] });
      wire.pass(4_900);
      assert.deepEqual(brief(wire.take()), ['auth_required']);
      wire.pass(200);
      assert.deepEqual(brief(wire.take()), ['auth_required']);
      assert.equal(wire.closed?.code, 4401);
    }
    const wire = new SessionWire({ login: desk({ good: LOGIN }, ['market']) }).hello();
    wire.say(auth('good'));
    wire.say({ type: 'subscribe', id: 's1', symbols: ['SCOM'] });
    wire.pass(10_000);
    assert.ok(brief(wire.take()).includes('market_data'));
    assert.equal(wire.closed, undefined);
  });
});

describe('ServerSession: a login for everything', () => {
  it('SX216 where a login is needed for market, accounts and orders need it too, with its accounts and scopes', () => {
    const reader: SessionLogin = { ...LOGIN, scopes: ['market'] };
    const wire = new SessionWire({ login: desk({ reader }, ['market']) }).hello();
    const everything = (): void => {
      wire.say(ask);
      wire.say(order('r2'));
      wire.say({ type: 'order_cancel', id: 'r3', data: { account: 'A-1', clientOrderId: 'order-r2-000' } });
      wire.say({ type: 'order_query', id: 'r4', data: { account: 'A-1', clientOrderId: 'order-r2-000' } });
      wire.say({ ...ask, id: 'r5', data: { account: 'B-2' } });
    };
    everything();
    assert.deepEqual(brief(wire.take()), Array(5).fill('auth_required'));
    wire.say(auth('reader'));
    everything();
    assert.deepEqual(brief(wire.take()), [
      'auth_ok',
      'account_snapshot',
      'not_entitled',
      'not_entitled',
      'order_status',
      'not_entitled',
    ]);
  });
});

describe('ServerSession: resuming', () => {
  const hello = (streams: Record<string, readonly [string, number]>) => ({
    type: 'hello',
    id: 'h',
    data: { protocol: 1, client: 'test', features: ['batch', 'trades'], resume: { session: 's-old', streams } },
  });
  const exchangeWithTrades = (): { exchange: Exchange; last: number } => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1' });
    exchange.step(START + 2_000);
    return { exchange, last: exchange.listing('SCOM')?.trades.lastSequence ?? 0 };
  };

  it('SX64 trades are told again from where the lost session stood, each marked, before the live ones', () => {
    const { exchange, last } = exchangeWithTrades();
    assert.ok(last > 3);
    const wire = new SessionWire({ exchange });
    wire.nowMs = START + 2_000;
    wire.say(hello({ 'trades:SCOM': ['e1', last - 3], 'book:SCOM': ['e1', 1] }));
    const [welcome] = wire.take();
    assert.equal(welcome?.data.session, 's-old');
    wire.say({ type: 'subscribe', id: 's1', symbols: ['SCOM', 'KCB'], channels: ['ticker', 'trades', 'book'] });
    const [confirmed, resumed, ...rest] = wire.take();
    assert.deepEqual([confirmed?.type, resumed?.type], ['subscription_confirmed', 'resumed']);
    assert.deepEqual(resumed?.data, {
      replayed: { 'trades:SCOM': [last - 2, last] },
      reset: { 'book:SCOM': 'snapshot' },
    });
    const trades = rest.filter(({ type }) => type === 'trade') as (Message & { replay?: boolean })[];
    assert.deepEqual(
      trades.map(({ seq, replay }) => [seq, replay]),
      [last - 2, last - 1, last].map((seq) => [seq, true]),
    );
    while ((exchange.listing('SCOM')?.trades.lastSequence ?? 0) === last) wire.pass(500);
    wire.pass(500);
    const live = wire.take().find(({ type, stream }) => type === 'trade' && stream === 'trades:SCOM') as Message;
    assert.deepEqual([live.seq, 'replay' in live], [last + 1, false]);
    // Once: a wish that is stated again is a wish for what comes.
    wire.say({ type: 'subscribe', id: 's2', symbols: ['SCOM'], channels: ['trades'] });
    assert.ok(!wire.take().some(({ type }) => type === 'resumed'));
  });

  it('SX65 trades of another run, of the future, or from before the log begin anew', () => {
    const { exchange, last } = exchangeWithTrades();
    for (const mark of [['e0', last] as const, ['e1', last + 1] as const]) {
      const wire = new SessionWire({ exchange });
      wire.say(hello({ 'trades:SCOM': mark }));
      wire.say({ type: 'subscribe', id: 's1', symbols: ['SCOM'], channels: ['trades'] });
      const messages = wire.take();
      assert.deepEqual(messages.find(({ type }) => type === 'resumed')?.data, {
        replayed: {},
        reset: { 'trades:SCOM': 'live' },
      });
      assert.ok(!messages.some(({ type }) => type === 'trade'));
    }
    const whole = new SessionWire({ exchange });
    whole.say(hello({ 'trades:SCOM': ['e1', last] }));
    whole.say({ type: 'subscribe', id: 's1', symbols: ['SCOM'], channels: ['trades'] });
    assert.deepEqual(whole.take().find(({ type }) => type === 'resumed')?.data, {
      replayed: { 'trades:SCOM': [last + 1, last] },
      reset: {},
    });
  });

  it('SX66 the events of an account answer `account_subscribe` from where they stood; else the account does', () => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1' });
    const first = new SessionWire({ exchange }).hello();
    first.say(ask);
    first.say(order('r2'));
    const [snapshot] = first.take();
    first.session.dispose();
    const epoch = snapshot?.epoch ?? '';
    const wire = new SessionWire({ exchange });
    wire.say(hello({ 'private:A-1': [epoch, 0] }));
    wire.take();
    wire.say(ask);
    wire.say(order('r3'));
    wire.say({ ...ask, id: 'r4' });
    const told = wire.take() as (Message & { replay?: boolean })[];
    assert.deepEqual(
      told.map(({ type, id, seq, replay }) => [type, id, seq, replay]),
      [
        ['resumed', 'r1', undefined, undefined],
        ['order_ack', undefined, 1, true],
        ['balance_update', undefined, 2, true],
        ['order_ack', 'r3', 3, undefined],
        ['balance_update', undefined, 4, undefined],
        ['account_snapshot', 'r4', 4, undefined],
      ],
    );
    assert.deepEqual(told[0]?.data, { replayed: { 'private:A-1': [1, 2] }, reset: {} });
    for (const mark of [['other', 0] as const, [epoch, 99] as const]) {
      const anew = new SessionWire({ exchange });
      anew.say(hello({ 'private:A-1': mark }));
      anew.take();
      anew.say(ask);
      const [resumed, account] = anew.take();
      assert.deepEqual(resumed?.data, { replayed: {}, reset: { 'private:A-1': 'snapshot' } });
      assert.deepEqual([resumed?.id, account?.type, account?.id], [undefined, 'account_snapshot', 'r1']);
    }
  });

  it('SX67 what a login does not permit is not resumed either', () => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1' });
    exchange.desk.snapshot('B-2');
    const wire = new SessionWire({ exchange, login: desk({ good: LOGIN }) });
    wire.say(hello({ 'private:A-1': ['pe1', 0], 'private:B-2': ['pe1', 0] }));
    wire.take();
    wire.say(ask);
    assert.deepEqual(brief(wire.take()), ['auth_required']);
    wire.say(auth('good'));
    wire.say({ ...ask, data: { account: 'B-2' } });
    wire.say({ ...ask, id: 'r3' });
    assert.deepEqual(brief(wire.take()), ['auth_ok', 'not_entitled', 'resumed']);
  });
});

/** A page in Node, on a real socket. */
const pageOf = (
  server: ExchangeServer,
  options: Partial<Parameters<typeof createMarketStream>[0]> = {},
): OwnedMarketStream => {
  const stream = createMarketStream({
    src: server.url,
    transport: createWebSocketTransport({ makeSocket: nodeSocket() }),
    reconnectDelay: 100,
    onError: () => {},
    ...options,
  });
  open.push({ close: () => stream.dispose() });
  return stream;
};
const until = async (stream: OwnedMarketStream, isTrue: () => boolean): Promise<void> => {
  if (isTrue()) return;
  await new Promise<void>((resolve) => {
    const undo = stream.observe(() => {
      if (!isTrue()) return;
      undo();
      resolve();
    });
  });
};

describe('the reference exchange, with a login', () => {
  it(
    'SX68 a ticket from `POST /api/ws-ticket` logs in over a real socket; logging out ends the connection, and a new ticket helps',
    { timeout: 20_000 },
    async () => {
      const server = await start({ login: { lifeMs: 600_000 } });
      const reasons: string[] = [];
      const stream = pageOf(server, {
        token: async ({ reason }) => {
          reasons.push(reason);
          return newTicket(server);
        },
      });
      stream.subscribe(['SCOM'], () => {});
      const account = (): Promise<string> =>
        stream.request('account_subscribe', { account: 'A-1' }).then(
          ({ type }) => type,
          (error: { code: string }) => error.code,
        );
      const isIn = async (): Promise<void> => {
        while ((await account()) !== 'account_snapshot') await new Promise((resolve) => setTimeout(resolve, 20));
      };
      await isIn();
      assert.deepEqual(reasons, ['connect']);
      server.logOut('anybody');
      await until(stream, () => stream.status.closeCode === 4401);
      await isIn();
      assert.deepEqual(reasons, ['connect', 'refused']);
      stream.dispose();
    },
  );

  it('SX69 a ticket is random, lives 30 s, works once and only for the page it was given to', async () => {
    const office = new TicketOffice(1_000);
    const visitor = { user: 'u', accounts: [], scopes: [] };
    const tickets = Array.from({ length: 100 }, () => office.issue(visitor, 'https://a.example', 0) ?? '');
    assert.equal(new Set(tickets).size, 100);
    assert.ok(tickets.every((ticket) => Buffer.from(ticket, 'base64url').length === 32));
    const [one = '', two = '', three = ''] = tickets;
    assert.deepEqual(office.redeem(one, 'https://a.example', 5), { ...visitor, expiresAt: 1_005 });
    assert.equal(office.redeem(one, 'https://a.example', 5), undefined);
    assert.equal(office.redeem(two, 'https://b.example', 5), undefined);
    assert.equal(office.redeem(three, 'https://a.example', TICKET_LIFE_MS + 1), undefined);
    const full = new TicketOffice(1_000);
    for (let i = 0; i < 10_000; i += 1) full.issue({ ...visitor, user: `u-${i % 500}` }, undefined, 0);
    assert.equal(full.issue(visitor, undefined, 1), undefined);
    assert.notEqual(full.issue(visitor, undefined, TICKET_LIFE_MS + 1), undefined);

    const server = await start({
      login: { identify: ({ headers }) => (headers.cookie === 'in' ? visitor : undefined) },
    });
    assert.equal((await ticketOf(server)).status, 403);
    const given = await ticketOf(server, { cookie: 'in' });
    assert.deepEqual([given.status, given.headers.get('access-control-allow-origin')], [200, null]);
    assert.equal((await ticketOf(await start())).status, 503);
  });

  it('SX233 one user never has all tickets: with many that wait, a new one takes the place of his oldest', () => {
    const office = new TicketOffice(1_000);
    const greedy = { user: 'greedy', accounts: [], scopes: [] };
    const other = { ...greedy, user: 'other' };
    const early = office.issue(other, undefined, 0) ?? '';
    const tickets = Array.from({ length: 12_000 }, () => office.issue(greedy, undefined, 0) ?? '');
    assert.ok(!tickets.includes(''));
    const late = office.issue(other, undefined, 0) ?? '';
    for (const ticket of [early, late]) assert.equal(office.redeem(ticket, undefined, 1)?.user, 'other');
    const taken = tickets.map((ticket) => office.redeem(ticket, undefined, 1) !== undefined);
    assert.equal(taken.indexOf(true), 12_000 - MOST_TICKETS_OF_USER);
    assert.equal(taken.lastIndexOf(false), 12_000 - MOST_TICKETS_OF_USER - 1);
    // What was used, ran out or was taken back does not count.
    for (const end of [
      (ticket: string) => office.redeem(ticket, undefined, 2),
      () => office.logOut('greedy'),
      () => office.issue(other, undefined, TICKET_LIFE_MS * 9),
    ]) {
      for (let i = 0; i < MOST_TICKETS_OF_USER; i++) end(office.issue(greedy, undefined, 2) ?? '');
    }
    const again = Array.from({ length: MOST_TICKETS_OF_USER }, () => office.issue(greedy, undefined, 9) ?? '');
    assert.ok(again.every((ticket) => office.redeem(ticket, undefined, 9) !== undefined));
  });

  it('SX240 one user logs in on so many connections, one address has so many sockets, and one that ends makes room', async () => {
    const identify = ({ headers }: { headers: { cookie?: string | undefined } }) => ({
      user: headers.cookie ?? '',
      accounts: ['A-1'],
      scopes: ['trade'],
    });
    const server = await start({ login: { identify, socketsPerUser: 2 }, socketsPerAddress: 4 });
    const connect = async (): Promise<WebSocket> => {
      const socket = new WebSocket(server.url);
      await once(socket, 'open');
      const welcome = once(socket, 'message');
      socket.send(JSON.stringify({ type: 'hello', id: 'h', data: { protocol: 1, client: 'test', features: [] } }));
      await welcome;
      return socket;
    };
    const logIn = async (socket: WebSocket, cookie: string): Promise<string> => {
      const { ticket } = (await (await ticketOf(server, { cookie })).json()) as { ticket: string };
      const answer = once(socket, 'message');
      socket.send(JSON.stringify(auth(ticket)));
      return brief([JSON.parse(String((await answer)[0])) as Message]).join();
    };
    const count = async (): Promise<unknown> =>
      ((await (await fetch(new URL('/health', server.pageUrl))).json()) as Record<string, unknown>)['connections'];
    const [one, two, three] = [await connect(), await connect(), await connect()];
    assert.deepEqual([await logIn(one, 'u-1'), await logIn(two, 'u-1')], ['auth_ok', 'auth_ok']);
    assert.equal(await logIn(three, 'u-1'), 'overloaded');
    assert.equal(await logIn(two, 'u-1'), 'auth_ok', 'a renewed login is no more than one');
    const four = await connect();
    assert.equal(await logIn(four, 'u-2'), 'auth_ok');
    const refused = new WebSocket(server.url);
    refused.on('error', () => {});
    const outcome = await Promise.race([
      once(refused, 'open').then(() => 101),
      once(refused, 'unexpected-response').then((args) => (args[1] as { statusCode: number }).statusCode),
    ]);
    assert.equal(outcome, 429);
    one.close();
    await once(one, 'close');
    while ((await count()) !== 3);
    assert.equal(await logIn(three, 'u-1'), 'auth_ok');
    await connect();
  });

  it('SX240 a connection that is taken over makes room at once, also where nobody is left to answer its close', async () => {
    const identify = () => ({ user: 'u-1', accounts: ['A-1'], scopes: ['trade'] });
    const server = await start({ login: { identify, socketsPerUser: 1 } });
    const ask = async (socket: WebSocket, message: object): Promise<Message> => {
      const answer = once(socket, 'message');
      socket.send(JSON.stringify(message));
      return JSON.parse(String((await answer)[0])) as Message;
    };
    const connect = async (resume?: object): Promise<{ socket: WebSocket; session: string; answer: string }> => {
      const socket = new WebSocket(server.url);
      await once(socket, 'open');
      const data = { protocol: 1, client: 'test', features: [], ...(resume && { resume }) };
      const welcome = await ask(socket, { type: 'hello', id: 'h', data });
      const answer = brief([await ask(socket, auth(await newTicket(server)))]).join();
      return { socket, session: String(welcome.data.session), answer };
    };
    const one = await connect();
    assert.equal(one.answer, 'auth_ok');
    one.socket.pause();
    assert.equal((await connect()).answer, 'overloaded');
    assert.equal((await connect({ session: one.session, streams: {} })).answer, 'auth_ok');
    one.socket.terminate();
  });

  it('SX233 where nobody says who somebody is, strangers do not push each other out', async () => {
    const server = await start({ login: {} });
    const read = async (ticket: string): Promise<number> =>
      (
        await fetch(new URL('/api/account?account=A-1', server.pageUrl), {
          headers: { authorization: `Bearer ${ticket}` },
        })
      ).status;
    const tickets: string[] = [];
    for (let i = 0; i < MOST_TICKETS_OF_USER + 20; i++) tickets.push(await newTicket(server));
    const [first = '', ...others] = tickets;
    assert.notEqual(await read(first), 401);
    for (const ticket of others) assert.notEqual(await read(ticket), 401);
    assert.notEqual(await read(first), 401);
  });

  it('SX220 logging out takes back the tickets of the user that wait, and no others', async () => {
    const identify = ({ headers }: { headers: { cookie?: string | undefined } }) => ({
      user: headers.cookie ?? '',
      accounts: ['A-1'],
      scopes: ['trade'],
    });
    const server = await start({ login: { identify } });
    const given = async (cookie: string): Promise<string> =>
      ((await (await ticketOf(server, { cookie })).json()) as { ticket: string }).ticket;
    const read = async (ticket: string): Promise<number> =>
      (
        await fetch(new URL('/api/account?account=A-1', server.pageUrl), {
          headers: { authorization: `Bearer ${ticket}` },
        })
      ).status;
    const [one, other] = [await given('u-1'), await given('u-2')];
    server.logOut('u-1');
    assert.deepEqual([await read(one), await read(other)], [401, 200]);
    assert.equal(await read(await given('u-1')), 200);
  });

  it('SX83 with a list of origins no other page connects or has a ticket, nor has one that names none', async () => {
    const server = await start({ login: {}, origins: ['https://trade.example'] });
    const statusOf = async (origin?: string): Promise<number> => {
      const socket = new WebSocket(server.url, origin === undefined ? {} : { origin });
      const outcome = await Promise.race([
        once(socket, 'open').then(() => 101),
        once(socket, 'unexpected-response').then((args) => (args[1] as { statusCode: number }).statusCode),
      ]);
      socket.on('error', () => {});
      socket.terminate();
      return outcome;
    };
    assert.equal(await statusOf('https://trade.example'), 101);
    for (const origin of [undefined, 'https://trade.example.evil', 'http://trade.example', 'null']) {
      assert.equal(await statusOf(origin), 403);
      assert.equal((await ticketOf(server, origin === undefined ? {} : { origin })).status, 403);
    }
    assert.equal((await ticketOf(server, { origin: 'https://trade.example' })).status, 200);
  });

  it(
    'SX84 a killed connection is taken up: no trade is lost or doubled, the account follows, and the old socket ends with 4409',
    { timeout: 30_000 },
    async () => {
      const exchange = new Exchange({ startMs: Date.now(), epoch: 'e1', symbols: 1, ratePerSymbol: 100 });
      const server = await start({ market: exchange, login: {} });
      const sockets: WebSocket[] = [];
      const stream = pageOf(server, {
        token: () => newTicket(server),
        bufferSize: 100_000,
        transport: createWebSocketTransport({
          makeSocket: (url) => {
            const socket = nodeSocket()(url) as WebSocket;
            sockets.push(socket);
            return socket;
          },
        }),
      });
      stream.subscribe(['SCOM'], () => {}, { trades: true, book: false });
      for (let i = 0; i < 4; i += 1) {
        const before = stream.trades('SCOM').length;
        await until(stream, () => stream.trades('SCOM').length > before + 10);
        sockets.at(-1)?.terminate();
        await until(stream, () => stream.state !== 'open');
        await until(stream, () => stream.state === 'open');
      }
      const seen = stream.trades('SCOM').length;
      await until(stream, () => stream.trades('SCOM').length > seen);
      const numbers = stream.trades('SCOM').map(({ tradeId }) => Number(tradeId.split('-').at(-1)));
      assert.deepEqual(
        numbers,
        numbers.map((_, i) => (numbers[0] ?? 0) + i),
      );
      assert.equal(stream.metrics().gaps, 0);
      assert.ok(sockets.length >= 5);

      // Whoever takes a session up ends it where it still lives.
      const old = new WebSocket(server.url);
      await once(old, 'open');
      const say = (socket: WebSocket, resume?: object): void =>
        socket.send(
          JSON.stringify({ type: 'hello', id: 'h', data: { protocol: 1, client: 't', features: [], ...resume } }),
        );
      say(old);
      const [welcome] = (await once(old, 'message')) as [Buffer];
      const { session } = (JSON.parse(String(welcome)) as { data: { session: string } }).data;
      const next = new WebSocket(server.url);
      await once(next, 'open');
      say(next, { resume: { session, streams: {} } });
      const [code] = (await once(old, 'close')) as [number];
      assert.equal(code, 4409);
      next.terminate();
      stream.dispose();
    },
  );
});

describe('a refused handshake', () => {
  it(
    'AU22 where the answer can be seen its `Retry-After` is waited for; where not, the wait is our own',
    { timeout: 20_000 },
    async () => {
      for (const [retryAfter, status, leastMs] of [
        ['7', 503, 7_000],
        ['120', 429, 120_000],
        [undefined, 503, 0],
        ['nonsense', 503, 0],
        ['99999', 503, 300_000],
      ] as const) {
        const refusing: Server = createServer();
        refusing.on('upgrade', (_request, socket) => {
          const header = retryAfter === undefined ? '' : `Retry-After: ${retryAfter}\r\n`;
          socket.end(`HTTP/1.1 ${status} Refused\r\n${header}Connection: close\r\nContent-Length: 0\r\n\r\n`);
        });
        refusing.listen(0, '127.0.0.1');
        await once(refusing, 'listening');
        const { port } = refusing.address() as AddressInfo;
        const stream = createMarketStream({
          src: `ws://127.0.0.1:${port}/`,
          transport: createWebSocketTransport({ makeSocket: nodeSocket() }),
          reconnectDelay: 100,
          onError: () => {},
        });
        stream.connect();
        await until(stream, () => stream.status.retryAt > 0);
        const waitMs = stream.status.retryAt - Date.now();
        assert.ok(waitMs <= Math.max(leastMs, 1_000), `${waitMs} ms for ${retryAfter}`);
        assert.ok(waitMs > leastMs - 1_000, `${waitMs} ms for ${retryAfter}`);
        stream.dispose();
        refusing.close();
      }
    },
  );
});
