/** Recordings by a worker: handed over without a copy, and read in slices, so that the page stays usable. */
import type { Clock } from '../clock.js';
import type { RecordOptions } from '../market-stream.js';
import type { PageMessage, WorkerMessage } from './worker-messages.js';

/** Bytes that are read between two pauses. */
const SLICE_LENGTH = 1_048_576;

interface Waiting {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

export class RemoteRecordings {
  readonly #clock: Clock;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Rejects with an `Error` that says why there is none. */
  async ask(options: RecordOptions, post: (message: PageMessage) => void): Promise<string> {
    this.#count += 1;
    const id = this.#count;
    const bytes = await new Promise<Uint8Array>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      post({ kind: 'record', id, private: options.private !== false });
    });
    const decoder = new TextDecoder();
    let text = '';
    for (let at = 0; at < bytes.length; at += SLICE_LENGTH) {
      text += decoder.decode(bytes.subarray(at, at + SLICE_LENGTH), { stream: true });
      if (at + SLICE_LENGTH < bytes.length) {
        await new Promise<void>((resolve) => void this.#clock.setTimer(resolve, 0));
      }
    }
    return text + decoder.decode();
  }

  answer({ id, bytes, message }: Extract<WorkerMessage, { kind: 'recording' }>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (bytes !== undefined) waiting?.resolve(bytes);
    else waiting?.reject(new Error(message));
  }

  /** The worker is gone, and what it kept with it. */
  lost(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error('The worker that recorded has ended.'));
    this.#waiting.clear();
  }
}
