/**
 * Questions to the far end by way of a worker. A question is handed to the worker now or never, once; and it ends in
 * exactly one way, also when the worker ends or sleeps.
 */
import type { Clock } from '../clock.js';
import { type Reply, RequestError } from '../market-stream.js';
import { REQUEST_TIMEOUT_MS } from '../requests.js';
import type { PageMessage, WorkerMessage } from './worker-messages.js';

/** How much longer than the worker the page waits: whoever counted first would otherwise decide what is known. */
const GRACE_MS = 500;

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: RequestError) => void;
  readonly cancelTimer: () => void;
}

export class RemoteRequests {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `post` undefined: there is nobody to hand it to. */
  async request(
    type: string,
    data: Readonly<Record<string, unknown>>,
    timeoutMs: number | undefined,
    post: ((message: PageMessage) => void) | undefined,
  ): Promise<Reply> {
    if (post === undefined) {
      throw new RequestError('not_connected', `${type} was not sent: there is no connection.`);
    }
    this.#count += 1;
    const id = this.#count;
    return new Promise<Reply>((resolve, reject) => {
      const giveUp = (): void =>
        this.#take(id)?.reject(new RequestError('timeout', `${type} has no answer yet; it may have been heard.`));
      const waitMs = (timeoutMs ?? REQUEST_TIMEOUT_MS) + GRACE_MS;
      this.#waiting.set(id, { resolve, reject, cancelTimer: this.#clock.setTimer(giveUp, waitMs) });
      // As it will be written on the wire: what that leaves out could not cross to a worker.
      const plain = JSON.parse(JSON.stringify(data)) as typeof data;
      post({ kind: 'request', id, type, data: plain, timeoutMs, at: this.#clock.now() });
    });
  }

  answer(message: Extract<WorkerMessage, { kind: 'reply' | 'no_reply' }>): void {
    const waiting = this.#take(message.id);
    if (message.kind === 'reply') waiting?.resolve(message.reply);
    else waiting?.reject(new RequestError(message.code, message.message));
  }

  /** The worker is gone: nobody knows whether the questions were heard. */
  connectionLost(): void {
    for (const id of [...this.#waiting.keys()]) {
      const words = 'The connection ended before the answer; it may have been heard.';
      this.#take(id)?.reject(new RequestError('connection_lost', words));
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.cancelTimer();
    return waiting;
  }
}
