/**
 * Sockets of Node's `ws` for a stream. Unlike a browser's they show the HTTP answer to a refused handshake, and so for how
 * long the server wants to be left alone.
 */
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { SocketLike } from '../../src/stream/transport/websocket.js';

export const nodeSocket =
  () =>
  (url: string): SocketLike => {
    const socket: WebSocket & { retryAfterMs?: number } = new WebSocket(url);
    socket.on('unexpected-response', (_request, { headers }: IncomingMessage) => {
      const seconds = Number(headers['retry-after']);
      if (seconds > 0) socket.retryAfterMs = seconds * 1_000;
      // Whoever listens has to end it, and `close` follows.
      socket.terminate();
    });
    return socket as SocketLike;
  };
