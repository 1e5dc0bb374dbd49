/**
 * A server for the wire benches, in a process of its own: protocol 1 on a real socket, the market of `wire-load.ts`, sent by
 * the clock. The bench starts and stops it, and asks it what each book must be.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ClientMessage } from '../../src/stream/protocol/messages.js';
import { type LoadOptions, type ReferenceBook, WireLoad } from './wire-load.js';

/** What the bench says. `rate`: messages a second. */
export type WireOrder = { readonly kind: 'start'; readonly rate: number } | { readonly kind: 'stop' };
/** What the server says. `heldBack`: how often the socket was full, so that frames waited here. */
export type WireNews =
  | { readonly kind: 'listening'; readonly url: string }
  | {
      readonly kind: 'stopped';
      readonly frames: number;
      readonly messages: number;
      readonly heldBack: number;
      readonly resyncs: number;
      readonly books: readonly ReferenceBook[];
    };

const STEP_MS = 5;
/** Bytes that may wait in the socket. Far less than a cycle, whose frames are written anew when it comes round. */
const MOST_WAITING = 4 * 1024 * 1024;

const load = new WireLoad(JSON.parse(process.argv[2] ?? '{}') as LoadOptions);
const places = new Map(load.names.map((name, i) => [name, i]));
const tell = (news: WireNews): void => void process.send?.(news);

let peer: { readonly socket: WebSocket; readonly stream: Duplex } | undefined;
let timer: NodeJS.Timeout | undefined;
let heldBack = 0;
let resyncs = 0;

const receive = (socket: WebSocket, message: ClientMessage): void => {
  const send = (answer: object): void => socket.send(JSON.stringify(answer));
  const serverTime = Date.now();
  switch (message.type) {
    case 'hello': {
      const limits = { symbols: 5_000, messagesPerSecond: 50, ordersPerSecond: 10, messageBytes: 65_536 };
      const features = ['decimal_strings', 'batch', 'book', 'trades'];
      const data = { protocol: 1, session: 's-1', serverTime, heartbeatMs: 15_000, features, limits, authRequired: [] };
      return send({ type: 'welcome', id: message.id, data });
    }
    case 'ping':
      return send({ type: 'pong', id: message.id, t: message.t, serverTime });
    case 'subscribe': {
      const added = message.symbols.filter((symbol) => places.has(symbol));
      const instruments = added.map((symbol) => ({ symbol, tickSize: '0.01', lotSize: '1' }));
      send({ type: 'subscription_confirmed', id: message.id, data: { symbols: added, added, instruments } });
      if (message.channels?.includes('book') !== true) return;
      for (const symbol of added) socket.send(load.snapshot(places.get(symbol)!, serverTime));
      return;
    }
    case 'unsubscribe':
      return send({
        type: 'unsubscription_confirmed',
        id: message.id,
        data: { symbols: [], removed: message.symbols },
      });
    case 'order_book_resync':
      resyncs += 1;
      return socket.send(load.snapshot(places.get(message.data.symbol) ?? 0, serverTime, message.id));
    default:
      return send({
        type: 'error',
        id: message.id,
        data: { code: 'unknown_type', message: '', fatal: false, retryAfterMs: null },
      });
  }
};

const start = (rate: number): void => {
  const startedAt = performance.now();
  const { count: first } = load;
  const step = (): void => {
    if (peer === undefined) return;
    const { socket, stream } = peer;
    const due = first + Math.floor(((performance.now() - startedAt) * rate) / 1_000 / load.batch);
    stream.cork();
    while (load.count < due) {
      if (socket.bufferedAmount > MOST_WAITING) {
        heldBack += 1;
        break;
      }
      socket.send(load.next(Date.now()), { binary: false });
    }
    stream.uncork();
  };
  timer = setInterval(step, STEP_MS);
};

const server = createServer((_request, response) => response.writeHead(404).end());
const sockets = new WebSocketServer({ noServer: true });
server.on('upgrade', (request, stream, head) => {
  sockets.handleUpgrade(request, stream, head, (socket) => {
    peer = { socket, stream };
    socket.on('message', (data: Buffer) => receive(socket, JSON.parse(data.toString()) as ClientMessage));
    socket.on('close', () => (peer = undefined));
  });
});
server.listen(0, '127.0.0.1', () => {
  tell({ kind: 'listening', url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/` });
});
process.on('message', (order: WireOrder) => {
  if (order.kind === 'start') return start(order.rate);
  clearInterval(timer);
  const books = load.names.map((_, i) => load.reference(i));
  tell({ kind: 'stopped', frames: load.count, messages: load.count * load.batch, heldBack, resyncs, books });
});
process.on('disconnect', () => process.exit());
