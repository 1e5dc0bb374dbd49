import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { WebSocket as NodeSocket, WebSocketServer } from 'ws';
import { systemClock } from '../../src/stream/clock.js';
import { createMarketStream, type OwnedMarketStream } from '../../src/stream/market-stream-core.js';
import { createWebSocketTransport, type SocketLike } from '../../src/stream/transport/websocket.js';
import { KrakenConnection } from '../../stories/kraken-exchange.js';

/** Waits until something holds, asked at every turn of the loop. */
async function until(holds: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within 10 s: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

// A real socket to a real server that speaks Kraken's second socket, with the simulated market behind it.
describe('a venue behind a real socket', () => {
  let server: WebSocketServer;
  let connections: KrakenConnection[];
  let streams: OwnedMarketStream[];

  before(async () => {
    connections = [];
    streams = [];
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) => {
      const connection = new KrakenConnection({ onMessage: (text) => socket.send(text) }, systemClock, 0);
      connections.push(connection);
      socket.on('message', (data: Buffer) => connection.receive(data.toString()));
      socket.on('close', () => connection.close());
    });
    await once(server, 'listening');
  });

  after(() => {
    for (const stream of streams) stream.dispose();
    for (const socket of server.clients) socket.terminate();
    server.close();
  });

  it('VL1 subscribes, proves every update, and has the venue’s own levels; after a cut it does so again', async () => {
    const stream = createMarketStream({
      src: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
      venue: 'kraken',
      scheduler: { request: (callback) => systemClock.setTimer(() => callback(systemClock.now()), 16) },
      wake: () => () => {},
      transport: createWebSocketTransport({ makeSocket: (url) => new NodeSocket(url) as unknown as SocketLike }),
      onError: ({ message }) => assert.fail(message),
    });
    streams.push(stream);
    stream.subscribe(['BTC/USD'], () => {}, { depth: 10 });
    const isLive = (): boolean => {
      const { state, verified } = stream.verdict('BTC/USD');
      return state === 'live' && verified.by === 'checksum' && verified.depth === 10;
    };
    for (let round = 1; round <= 2; round++) {
      await until(() => connections.length === round && isLive(), `live, round ${round}`);
      const { version } = stream.book('BTC/USD')!;
      await until(() => isLive() && stream.book('BTC/USD')!.version > version + 5, 'updates, each of them proved');
      const book = stream.book('BTC/USD')!;
      assert.equal(book.bids.length, 10);
      const texts = Array.from({ length: 10 }, (_, i) => book.textAt('bid', i)!.map(Number));
      const expected = connections[round - 1]!.levels('BTC/USD', 10).bids.map((level) => level.map(Number));
      assert.ok(texts.filter(([price]) => expected.some(([other]) => other === price)).length >= 8, 'the same market');
      assert.deepEqual([stream.metrics().gaps, stream.metrics().resyncs, stream.metrics().refused], [0, 0, 0]);
      for (const socket of server.clients) socket.terminate();
      await until(() => stream.state !== 'open', 'the cut is noticed');
    }
    assert.equal(stream.metrics().reconnects, 1);
  });
});
