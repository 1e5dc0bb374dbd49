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

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: RequestError) => void;
  readonly cancelTimer: () => void;
}

export class Requests {
  readonly #clock: Clock;
  readonly #connection: Pick<Connection, 'dialect' | 'welcome' | 'send' | 'needsLogin'>;
  readonly #waiting = new Map<string, Waiting>();
  #count = 0;

  constructor(clock: Clock, connection: Pick<Connection, 'dialect' | 'welcome' | 'send' | 'needsLogin'>) {
    this.#clock = clock;
    this.#connection = connection;
  }

  async request(type: string, data: Readonly<Record<string, unknown>>, timeoutMs = REQUEST_TIMEOUT_MS): Promise<Reply> {
    const { dialect, welcome } = this.#connection;
    const notSent = (code: RequestError['code'], why: string): RequestError =>
      new RequestError(code, `${type} was not sent: ${why}.`);
    if (dialect === undefined) throw notSent('not_connected', 'there is no connection');
    if (dialect === 'guide') throw notSent('unsupported', 'this server knows market data only');
    if (this.#connection.needsLogin(type)) throw notSent('not_authenticated', 'the server wants a login for it');
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
      this.#waiting.set(id, { resolve, reject, cancelTimer: this.#clock.setTimer(giveUp, timeoutMs) });
      if (!this.#connection.send(message)) {
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

  /** The link is gone: no answer will come, and nobody knows whether the questions were heard. */
  connectionLost(): void {
    for (const id of [...this.#waiting.keys()]) {
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
