/**
 * The page's end of the port to a worker: opened, watched, and opened anew when the worker ends, never answers or falls
 * silent. A worker that keeps failing is given up.
 *
 * Silence is counted while this page runs, so that neither a sleep nor a slow timer of a hidden tab condemns a worker;
 * whether the numbers may be shown meanwhile is judged by the clock alone.
 */
import { type Clock, isOver } from '../clock.js';
import { type Hello, type PageMessage, WORKER_PROTOCOL, type WorkerMessage } from './worker-messages.js';

/** How long the first word of a worker may take: its script has to be fetched. */
export const START_MS = 10_000;
/** A worker that is silent for so long shows old numbers. It speaks four times a second. */
export const LATE_MS = 2_000;
/** A worker that is silent for so long is ended. */
export const SILENT_MS = 10_000;
/** A worker that lived for so long has proved itself: earlier failures are forgotten. */
const STABLE_MS = 60_000;
/** Failures before a worker is given up. */
const MOST_FAILURES = 3;
/** The most that one look may count, however long ago the last was. */
const MOST_COUNTED_MS = 500;

export interface WorkerPort {
  post(message: PageMessage, transfer?: ArrayBuffer[]): void;
  /** Ends a worker that is this page's alone, or lets go of a shared one. */
  close(): void;
}

export interface WorkerPortEvents {
  /** Hello may be said. `presence`: the name of a lock that this page holds, or empty. Not before the port is returned. */
  onReady(presence: string): void;
  onMessage(message: WorkerMessage): void;
  /** It cannot be had, or has ended. */
  onFailed(reason: string): void;
  /** Something in the worker threw. It goes on. */
  onThrew(message: string): void;
}

/** Opens a worker. Throws where it is refused at once. */
export type OpenWorker = (events: WorkerPortEvents) => WorkerPort;

export interface RemoteWorkerEvents {
  /** What is said first, each time. */
  hello(): Omit<Hello, 'kind' | 'protocol' | 'session' | 'presence'>;
  /** The worker listens: everything has to be said anew. */
  onUp(): void;
  /** It is gone, and another one is being opened. */
  onDown(): void;
  /** There will be none. */
  onGivenUp(reason: string): void;
  onMessage(message: WorkerMessage): void;
  onThrew(message: string): void;
}

export class RemoteWorker {
  readonly #open: OpenWorker;
  readonly #clock: Clock;
  readonly #events: RemoteWorkerEvents;
  #port: WorkerPort | undefined;
  #presence: string | undefined;
  #wantsUp = false;
  #isUp = false;
  #heardAt = Number.NaN;
  #startedAt = 0;
  #silentMs = 0;
  #lookedAt = 0;
  #failures = 0;
  #session = 0;

  constructor(open: OpenWorker, clock: Clock, events: RemoteWorkerEvents) {
    this.#open = open;
    this.#clock = clock;
    this.#events = events;
  }

  /** Whether it has answered and is listening. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether the last sign of life is too old for its numbers to be shown as live. */
  isLate(now: number): boolean {
    return this.#isUp && isOver(this.#heardAt, LATE_MS, now);
  }

  /** Sends, if there is anybody to send to. */
  post(message: PageMessage, transfer?: ArrayBuffer[]): void {
    if (this.#isUp) this.#port?.post(message, transfer);
  }

  /** Opens a worker unless there is one, and says hello. */
  start(): void {
    this.#wantsUp = true;
    if (this.#port === undefined) this.#openPort();
    else if (!this.#isUp) this.#hello();
  }

  /** Says goodbye. The worker stays, for the next hello. */
  leave(): void {
    if (!this.#wantsUp) return;
    this.#wantsUp = false;
    this.#port?.post({ kind: 'bye' });
    this.#isUp = false;
  }

  /** Called a few times a second. */
  look(now: number): void {
    const elapsed = Math.min(MOST_COUNTED_MS, Math.abs(now - this.#lookedAt));
    this.#lookedAt = now;
    if (!this.#wantsUp || this.#port === undefined) return;
    this.#silentMs += elapsed;
    if (this.#isUp && isOver(this.#startedAt, STABLE_MS, now)) this.#failures = 0;
    if (!this.#isUp && this.#silentMs >= START_MS) this.#failed('the worker does not answer');
    else if (this.#isUp && this.#silentMs >= SILENT_MS) this.#failed('the worker fell silent');
    else if (this.#isUp && this.#silentMs >= LATE_MS) this.post({ kind: 'probe' });
  }

  dispose(): void {
    this.leave();
    const port = this.#port;
    this.#port = undefined;
    port?.close();
  }

  #openPort(): void {
    this.#presence = undefined;
    this.#isUp = false;
    this.#silentMs = 0;
    let port: WorkerPort | undefined;
    // What an older port still says is no longer heard.
    const ifCurrent =
      <Values extends unknown[]>(act: (...values: Values) => void) =>
      (...values: Values): void => {
        if (port !== undefined && port === this.#port) act(...values);
      };
    try {
      port = this.#open({
        onReady: ifCurrent((presence: string) => {
          this.#presence = presence;
          if (this.#wantsUp) this.#hello();
        }),
        onMessage: ifCurrent((message: WorkerMessage) => this.#receive(message)),
        onFailed: ifCurrent((reason: string) => this.#failed(reason)),
        onThrew: ifCurrent((message: string) => this.#events.onThrew(message)),
      });
      this.#port = port;
    } catch (error) {
      // Refused once is refused for ever: a policy does not change its mind.
      this.#giveUp(`this page refuses workers (${error instanceof Error ? error.message : String(error)})`);
    }
  }

  #hello(): void {
    const presence = this.#presence;
    if (presence === undefined) return;
    this.#silentMs = 0;
    this.#session += 1;
    const who = { protocol: WORKER_PROTOCOL, session: this.#session, presence };
    this.#port?.post({ kind: 'hello', ...who, ...this.#events.hello() });
  }

  #receive(message: WorkerMessage): void {
    if (!this.#wantsUp) return;
    this.#silentMs = 0;
    if (message.kind === 'welcome') {
      // Of a hello that was followed by a goodbye.
      if (message.session !== this.#session) return;
      this.#isUp = true;
      this.#heardAt = this.#startedAt = this.#clock.now();
      this.#events.onUp();
    } else if (message.kind === 'refused') {
      this.#giveUp(message.reason);
    } else if (message.kind === 'lost') {
      if (!this.#isUp) return;
      this.#isUp = false;
      this.#events.onDown();
      this.#hello();
    } else if (this.#isUp) {
      // Its own time of sending: what waited here for long proves no life now.
      if (message.kind === 'tick') this.#heardAt = message.at;
      this.#events.onMessage(message);
    }
  }

  #failed(reason: string): void {
    const port = this.#port;
    const wasUp = this.#isUp;
    this.#port = undefined;
    this.#isUp = false;
    this.#failures += 1;
    port?.post({ kind: 'bye' });
    port?.close();
    // One that never spoke is not tried again: its script is missing, refused or broken.
    if (!wasUp || this.#failures >= MOST_FAILURES) this.#giveUp(reason);
    else {
      this.#events.onDown();
      if (this.#wantsUp) this.#openPort();
    }
  }

  #giveUp(reason: string): void {
    this.dispose();
    this.#events.onGivenUp(reason);
  }
}
