/** Every open WebSocket with its session. */
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { GuideSession } from '../src/stream/protocol/session-guide.js';
import {
  HEARTBEAT_MS,
  type LoginArea,
  ServerSession,
  type ServedMarket,
  type ServerSessionOptions,
} from '../src/stream/protocol/session.js';
import { JournalError } from './journal/journal-error.js';
import type { TicketOffice } from './ticket-office.js';

export type ServerDialect = 'any' | 'guide';

/** Who may log in, and what for he must. */
export interface SocketLogin {
  readonly office: TicketOffice;
  readonly required: readonly LoginArea[];
  /** Connections of one user at one time. */
  readonly socketsPerUser: number;
}

interface Connection {
  readonly webSocket: WebSocket;
  readonly session: ServerSession | GuideSession;
  /** Of whoever is at the other end. */
  readonly address: string | undefined;
  /** Whether anything came since the last heartbeat. */
  isAlive: boolean;
}

export class Sockets {
  readonly #market: ServedMarket;
  readonly #dialect: ServerDialect;
  readonly #login: SocketLogin | undefined;
  readonly #connections = new Set<Connection>();
  #heartbeatAtMs = 0;

  constructor(market: ServedMarket, dialect: ServerDialect, login?: SocketLogin) {
    this.#market = market;
    this.#dialect = dialect;
    this.#login = login;
  }

  get size(): number {
    return this.#connections.size;
  }

  /** How many there are from an address. */
  countFrom(address: string | undefined): number {
    return [...this.#connections].filter((connection) => connection.address === address).length;
  }

  /** `origin`: that of the page which opened it. */
  add(webSocket: WebSocket, origin?: string, address?: string): void {
    const login = this.#login;
    const options: ServerSessionOptions = {
      market: this.#market,
      sessionId: `s-${randomUUID()}`,
      now: () => Date.now(),
      bufferedAmount: () => webSocket.bufferedAmount,
      send: (text) => {
        if (webSocket.readyState !== WebSocket.OPEN) return false;
        webSocket.send(text);
        return true;
      },
      close: (code, reason) => webSocket.close(code, reason),
      login: login && {
        required: login.required,
        redeem: (ticket, nowMs) => {
          const given = login.office.redeem(ticket, origin, nowMs);
          const isFull = given !== undefined && this.#countOf(given.user, session) >= login.socketsPerUser;
          return isFull ? 'too_many' : given;
        },
      },
      onResume: (id) => this.#each((other) => other.id === id && other.takenOver()),
    };
    const session: Connection['session'] =
      this.#dialect === 'guide' ? new GuideSession(options) : new ServerSession(options);
    const connection: Connection = { webSocket, session, address, isAlive: true };
    this.#connections.add(connection);
    webSocket.on('message', (data: Buffer, isBinary: boolean) => {
      connection.isAlive = true;
      try {
        if (isBinary) session.receiveBinary();
        else session.receive(data.toString());
      } catch (error) {
        if (!(error instanceof JournalError)) throw error;
        // Nobody can tell whether the act was kept, so no answer is one: who asked finds out by asking the next run.
        webSocket.terminate();
      }
    });
    webSocket.on('pong', () => (connection.isAlive = true));
    // A frame that is too large or no UTF-8: the library has chosen the close code, and `close` follows.
    webSocket.on('error', () => session.dispose());
    webSocket.on('close', () => {
      session.dispose();
      this.#connections.delete(connection);
    });
  }

  /** Ends the connections of a user who has logged out. */
  logOut(user: string): void {
    this.#each((session) => session.user === user && session.logOut());
  }

  /** Lets every session send what is due, and ends links that are dead. */
  flush(): void {
    for (const { session } of this.#connections) session.flush();
    const nowMs = Date.now();
    if (nowMs - this.#heartbeatAtMs < HEARTBEAT_MS) return;
    this.#heartbeatAtMs = nowMs;
    for (const connection of this.#connections) {
      if (!connection.isAlive) connection.webSocket.terminate();
      else if (connection.webSocket.readyState === WebSocket.OPEN) {
        connection.isAlive = false;
        connection.webSocket.ping();
      }
    }
  }

  /** How many connections a user has beside one. One that waits for its close is none: nobody may be left to answer that. */
  #countOf(user: string, own: Connection['session']): number {
    let count = 0;
    this.#each((session) => (count += session !== own && session.user === user && !session.isClosed ? 1 : 0));
    return count;
  }

  #each(act: (session: ServerSession) => void): void {
    for (const { session } of this.#connections) if (session instanceof ServerSession) act(session);
  }

  /** Says goodbye to all and waits until they are gone, at most so long; whoever stays is cut. */
  async goAway(reason: string, patienceMs: number): Promise<void> {
    const leaving = [...this.#connections].map(
      ({ webSocket, session }) =>
        new Promise<void>((resolve) => {
          webSocket.once('close', () => resolve());
          session.goAway(reason);
          setTimeout(() => webSocket.terminate(), patienceMs).unref();
        }),
    );
    await Promise.all(leaving);
  }
}
