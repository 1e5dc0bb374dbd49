import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { Book, type SideView } from '../../src/book/book.js';
import { unitsToText } from '../../src/book/decimal.js';
import { type ExchangeServer, type ExchangeServerOptions, startExchange } from '../../server/exchange-server.js';
import { JournalError } from '../../server/journal/journal-error.js';
import { Exchange } from '../../src/sim/index.js';
import type { Message } from './session-wire.js';

const open: ExchangeServer[] = [];
after(() => Promise.all(open.map((server) => server.close())));

const start = async (options: ExchangeServerOptions = {}): Promise<ExchangeServer> => {
  const server = await startExchange(options);
  open.push(server);
  return server;
};

/** A client that keeps books, and everything else it heard. */
class Client {
  readonly socket: WebSocket;
  readonly books = new Map<string, Book>();
  readonly heard: Message[] = [];
  #wake: (() => void) | undefined;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      const all = message.type === 'market_data_batch' ? (message.data as unknown as Message[]) : [message];
      for (const one of all) this.#take(one);
      this.#wake?.();
    });
  }

  async hello(): Promise<this> {
    await once(this.socket, 'open');
    this.say({ type: 'hello', id: '1', data: { protocol: 1, client: 'test', features: ['batch', 'decimal_strings'] } });
    await this.until(() => this.heard.some(({ type }) => type === 'welcome'));
    return this;
  }

  say(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #take(message: Message): void {
    const { type, data, epoch, seq, prevSeq } = message;
    if (type === 'order_book_snapshot' || type === 'order_book_delta') {
      let book = this.books.get(data.symbol);
      if (book === undefined) this.books.set(data.symbol, (book = new Book(data.symbol, { priceScale: 2 })));
      const header = { epoch, sequence: seq, eventTime: data.timestamp, bids: data.bids, asks: data.asks };
      const change =
        type === 'order_book_snapshot'
          ? book.applySnapshot({ ...header, depth: data.depth })
          : book.applyDelta({ ...header, previousSequence: prevSeq, checksum: data.checksum });
      assert.equal(change, 'applied');
    } else this.heard.push(message);
  }
}

const fetchJson = async (server: ExchangeServer, path: string): Promise<Record<string, unknown>> => {
  const response = await fetch(new URL(path, server.pageUrl));
  assert.equal(response.status, 200, path);
  return (await response.json()) as Record<string, unknown>;
};

/** Sends a path as it stands; `fetch` would tidy it up first. */
const statusOf = (server: ExchangeServer, path: string, method = 'GET'): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });

const closeOf = async (socket: WebSocket): Promise<[number, string]> => {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return [code, String(reason)];
};

describe('the reference exchange', () => {
  it(
    'SX90 books built by two clients of different depth equal the exchange’s own once it rests',
    { timeout: 20_000 },
    async () => {
      const exchange = new Exchange({ startMs: Date.now(), epoch: 'e1', symbols: 20, ratePerSymbol: 50 });
      const server = await start({ market: exchange });
      const wanted: [Client, number, number][] = [
        [await new Client(server.url).hello(), 1_000, 50],
        [await new Client(server.url).hello(), 7, 3],
      ];
      for (const [client, depth, maxRateHz] of wanted) {
        client.say({
          type: 'subscribe',
          id: '2',
          symbols: exchange.symbols,
          channels: ['book', 'ticker'],
          depth,
          maxRateHz,
        });
      }
      const [[fast]] = wanted as [[Client, number, number]];
      const first = fast.heard.length;
      await fast.until(() => fast.heard.length > first + 200);
      for (const symbol of exchange.symbols) exchange.setPhase(symbol, 'halted', Date.now());
      for (const [client] of wanted) {
        await client.until(() => client.heard.filter(({ type }) => type === 'instrument_status').length === 20);
      }
      for (const [client, depth] of wanted) {
        for (const symbol of exchange.symbols) {
          const whole = await fetchJson(server, `/books/${symbol}.json`);
          const book = client.books.get(symbol);
          assert.ok(book);
          for (const side of ['bids', 'asks'] as const) {
            const view: SideView = book[side];
            const mine: string[][] = Array.from({ length: view.length }, (_, i): string[] => [
              unitsToText(view.priceAt(i), book.priceScale),
              unitsToText(view.sizeAt(i), book.sizeScale),
            ]);
            assert.deepEqual(mine, (whole[side] as unknown[]).slice(0, depth), `${symbol} ${side} to ${depth}`);
          }
          if (depth === 1_000) assert.equal(book.sequence, whole['seq']);
        }
        client.socket.close();
      }
    },
  );

  it(
    'SX91 a frame of 50 MB ends its connection with 1009, and the exchange serves on',
    { timeout: 20_000 },
    async () => {
      const server = await start();
      const client = await new Client(server.url).hello();
      client.socket.on('error', () => {});
      const closed = closeOf(client.socket);
      client.socket.send(Buffer.alloc(50_000_000, 0x20), { binary: false });
      assert.equal((await closed)[0], 1009);
      assert.deepEqual(
        client.heard.map(({ type }) => type),
        ['welcome'],
        'cut off by its length, before it was read',
      );
      const next = await new Client(server.url).hello();
      next.socket.close();
      assert.equal((await fetchJson(server, '/health'))['status'], 'ok');
    },
  );

  it('SX92 a restart has another epoch', async () => {
    const epochs: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      const server = await start();
      epochs.push((await fetchJson(server, '/books/SCOM.json'))['epoch']);
      await server.close();
    }
    assert.notEqual(epochs[0], epochs[1]);
  });

  it('SX93 stopping says going_away, closes with 1012 and frees the port', async () => {
    const server = await start();
    const client = await new Client(server.url).hello();
    const closed = closeOf(client.socket);
    await Promise.all([server.close(), server.close()]);
    assert.deepEqual(await closed, [1012, 'shutdown']);
    assert.equal(client.heard.at(-1)?.type, 'going_away');
    await assert.rejects(fetch(server.pageUrl));
    await start({ port: server.port });
  });

  it(
    'SX221 a handshake that is finished while it stops gets 503 and does not hold the stop up',
    { timeout: 10_000 },
    async () => {
      const server = await start();
      const handshake = [
        'GET /ws/market/ HTTP/1.1',
        'Host: exchange',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
        '',
        '',
      ].join('\r\n');
      const late = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
      late.write(handshake.slice(0, -2));
      // One that does not answer the goodbye, so that there is time for the late one. By its 101 the other's first half is there.
      const deaf = connect(server.port, '127.0.0.1');
      deaf.write(handshake);
      await once(deaf, 'data');
      const closed = server.close();
      late.write(handshake.slice(-2));
      const [answer] = (await once(late, 'data')) as [Buffer];
      assert.match(answer.toString(), /^HTTP\/1\.1 503 /);
      await closed;
      late.destroy();
      deaf.destroy();
    },
  );

  it('SX94 a path without a market is 404 at the handshake, and a taken port rejects', async () => {
    const server = await start();
    const socket = new WebSocket(server.url.replace('/ws/market/', '/ws/other/'));
    const [error] = (await once(socket, 'error')) as [Error];
    assert.match(error.message, /404/);
    await assert.rejects(startExchange({ port: server.port }), { code: 'EADDRINUSE' });
  });

  it('SX95 only what is in the served folders can be read', async () => {
    const server = await start();
    assert.equal(await statusOf(server, '/'), 200);
    assert.equal(await statusOf(server, '/examples/html/desk.js'), 200);
    for (const path of [
      '/package.json',
      '/examples/../package.json',
      '/examples/%2e%2e/package.json',
      '/examples/html/..%2f..%2fpackage.json',
      '/examples',
      '/examples/',
      '/%',
      '/examples/html/desk.js%00',
      '/../../../../etc/passwd',
      '//etc/passwd',
      '/server/main.ts',
      '/books/NOPE.json',
      '/books/%.json',
    ]) {
      assert.equal(await statusOf(server, path), 404, path);
    }
    assert.equal(await statusOf(server, '/', 'POST'), 405);
    assert.equal(await statusOf(server, '/', 'HEAD'), 200);
  });

  it('SX96 what is listed can be read without a socket', async () => {
    const server = await start({ symbols: 8 });
    const listed = (await fetchJson(server, '/symbols.json')) as unknown as { symbol: string }[];
    assert.deepEqual(
      listed.map(({ symbol }) => symbol),
      ['ABSA', 'EQTY', 'KCB', 'NCBA', 'SAFCOM', 'SCOM', 'SYM001', 'SYM002'],
    );
  });

  it("SX97 a server of the guide's dialect knows nothing else", { timeout: 10_000 }, async () => {
    const server = await start({ dialect: 'guide' });
    const client = new Client(server.url);
    await once(client.socket, 'open');
    client.say({ type: 'hello', id: '1', data: { protocol: 1, client: 'test', features: [] } });
    client.say({ type: 'ping', id: '2', t: 5 });
    client.say({ type: 'subscribe', id: '3', symbols: ['SCOM', 'NOPE'] });
    await client.until(() => client.heard.length >= 4);
    const [pong, confirmed, row] = client.heard;
    assert.deepEqual(pong, { type: 'pong' });
    assert.deepEqual(confirmed, { type: 'subscription_confirmed', data: { symbols: ['SCOM', 'NOPE'] } });
    assert.deepEqual(Object.keys(row?.data ?? {}), [
      'symbol',
      'price',
      'volume',
      'high',
      'low',
      'change',
      'changePercent',
      'timestamp',
    ]);
    const closed = closeOf(client.socket);
    client.socket.send('{');
    assert.deepEqual(await closed, [1011, '']);
  });

  it('SX219 a connection ends without an answer where nobody can tell whether its act was kept, and no other does', async () => {
    let isLost = false;
    const keep = (): boolean => {
      if (isLost) throw new JournalError('a line may or may not have been written');
      return true;
    };
    const journal = { epoch: 'pe1', run: 1, kept: [], hasRoom: () => true, keep };
    const market = new Exchange({ symbols: 2, startMs: Date.now(), epoch: 'e1', ratePerSymbol: 0.001, journal });
    market.desk.snapshot('A-1');
    const server = await start({ market });
    const [one, other] = [await new Client(server.url).hello(), await new Client(server.url).hello()];
    const closed = once(one.socket, 'close');
    isLost = true;
    const limit = { symbol: 'SCOM', side: 'buy', orderType: 'limit', quantity: '100', limitPrice: '16.00' };
    const data = { clientOrderId: 'order-0001', account: 'A-1', ...limit, stopPrice: null, timeInForce: 'day' };
    one.say({ type: 'order_place', id: '2', data });
    assert.deepEqual((await closed)[0], 1006);
    assert.deepEqual(
      one.heard.filter(({ id }) => id === '2'),
      [],
    );
    // A step of the crowd may be the act that was lost.
    await new Promise<void>((resolve) => {
      market.step = () => {
        resolve();
        throw new JournalError('a line may or may not have been written');
      };
    });
    other.say({ type: 'ping', id: '3', t: 1 });
    await other.until(() => other.heard.some(({ type }) => type === 'pong'));
    other.socket.close();
    await once(other.socket, 'close');
  });
});
