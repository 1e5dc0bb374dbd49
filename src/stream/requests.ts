/**
 * Questions that want an answer, over the stream's own connection: orders above all. A question is sent now or never,
 * once, and ends in exactly one way: an answer, or a `RequestError` that says whether it may have been heard.
 */
import type { Clock } from './clock.js';
import type { Connection } from './connection.js';
import { type Reply, RequestError } from './market-stream.js';
import { MAX_CLIENT_FRAME_BYTES, type ServerMessage } from './protocol/messages.js';

/** How long an answer may take, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 5_000;

/** The connection that questions go over; another one may take its place. */
export type Asked = Pick<Connection, 'dialect' | 'welcome' | 'send' | 'needsLogin'>;

interface Waiting {
  /** Where it was asked. */
  readonly asked: Asked;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: RequestError) => void;
  readonly cancelTimer: () => void;
}

export class Requests {
  readonly #clock: Clock;
  readonly #connection: () => Asked;
  readonly #waiting = new Map<string, Waiting>();
  #count = 0;

  /** `connection`: that of this moment. */
  constructor(clock: Clock, connection: () => Asked) {
    this.#clock = clock;
    this.#connection = connection;
  }

  async request(type: string, data: Readonly<Record<string, unknown>>, timeoutMs = REQUEST_TIMEOUT_MS): Promise<Reply> {
    const connection = this.#connection();
    const { dialect, welcome } = connection;
    const notSent = (code: RequestError['code'], why: string): RequestError =>
      new RequestError(code, `${type} was not sent: ${why}.`);
    if (dialect === undefined) throw notSent('not_connected', 'there is no connection');
    if (dialect === 'guide') throw notSent('unsupported', 'this server knows market data only');
    if (connection.needsLogin(type)) throw notSent('not_authenticated', 'the server wants a login for it');
    this.#count += 1;
    const id = `r${this.#count}`;
    const message = { type, id, data };
    const most = welcome?.data.limits.messageBytes ?? MAX_CLIENT_FRAME_BYTES;
    if (new TextEncoder().encode(JSON.stringify(message)).length > most) {
      throw notSent('too_large', `the server takes ${most} bytes at most`);
    }
    return new Promise<Reply>((resolve, reject) => {
      const giveUp = (): void => this.#fail(id, 'timeout', `${type} has no answer yet; it may have been heard.`);
      // Before it is sent: a transport within the page may answer at once.
      this.#waiting.set(id, {
        asked: connection,
        resolve,
        reject,
        cancelTimer: this.#clock.setTimer(giveUp, timeoutMs),
      });
      if (!connection.send(message)) {
        this.#take(id)?.reject(notSent('not_connected', 'the connection takes nothing now'));
      }
    });
  }

  /** Hands a message to whoever asked for it. False when nobody did, or no longer waits. */
  answer(message: ServerMessage): boolean {
    const id = 'id' in message ? message.id : undefined;
    const waiting = id === undefined ? undefined : this.#take(id);
    if (waiting === undefined) return false;
    const data = 'data' in message ? message.data : undefined;
    const place =
      'epoch' in message && 'seq' in message ? { epoch: message.epoch as string, sequence: message.seq as number } : {};
    waiting.resolve({ type: message.type, data, ...place });
    return true;
  }

  /** Whether an answer is awaited on this connection. */
  awaits(connection: Asked): boolean {
    return [...this.#waiting.values()].some(({ asked }) => asked === connection);
  }

  /** The link is gone: no answer will come, and nobody knows whether the questions were heard. */
  connectionLost(connection: Asked): void {
    for (const [id, { asked }] of this.#waiting) {
      if (asked !== connection) continue;
      this.#fail(id, 'connection_lost', 'The connection ended before the answer; it may have been heard.');
    }
  }

  #fail(id: string, code: RequestError['code'], message: string): void {
    this.#take(id)?.reject(new RequestError(code, message));
  }

  #take(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.cancelTimer();
    return waiting;
  }
}
