/** A stream in a worker that is none: page and host on one fake clock, with ports whose messages take time and are cloned. */
import { createMarketStream, type MarketStreamOptions } from '../../src/stream/market-stream-core.js';
import type { StreamError } from '../../src/stream/stream-error.js';
import type { WorkerPortEvents } from '../../src/stream/worker/remote-worker.js';
import { SwitchedStream } from '../../src/stream/worker/switched-stream.js';
import { WorkerHost } from '../../src/stream/worker/worker-host.js';
import type { PageMessage, WorkerMessage } from '../../src/stream/worker/worker-messages.js';
import { chooseWorker, type WorkerChoice } from '../../src/stream/worker/worker-choice.js';
import { FakeClock, fakeScheduler, FakeWake } from './fake-clock.js';
import { FakeThread } from './fake-thread.js';
import { type Bench, fixedRandom } from './fake-server.js';
import { FakeWire } from './fake-wire.js';

/** One port, with what goes over it. */
export class FakePort {
  /** What the page sent, and what the worker sent. */
  readonly fromPage: PageMessage[] = [];
  readonly fromWorker: WorkerMessage[] = [];
  isClosed = false;
  /** The worker hears and says nothing, as if it were stopped. What was sent meanwhile is heard when it goes on. */
  isFrozen = false;
  /** The page takes nothing in, as in one long task. */
  isPageBusy = false;
  #held: (() => void)[] = [];

  /** Runs what was held up. */
  goOn(): void {
    this.isFrozen = this.isPageBusy = false;
    const held = this.#held;
    this.#held = [];
    for (const act of held) act();
  }

  hold(act: () => void): void {
    this.#held.push(act);
  }
}

/** A world with one kind of worker that any number of pages may open. */
export class FakeWorkers {
  readonly clock = new FakeClock();
  readonly wire = new FakeWire();
  readonly ports: FakePort[] = [];
  /** Where workers run, and where pages do. */
  readonly workerThread = new FakeThread(this.clock);
  readonly pageThread = new FakeThread(this.clock);
  /** How long a message is on its way. */
  delayMs = 1;
  /** Undefined: workers can be had. */
  refusal: string | undefined;
  /** Whether a worker that is opened ever hears anything. */
  isMute = false;
  /** One host for all, as a shared worker has. Default: one for each port. */
  shared: WorkerHost | undefined;
  #fail = (_reason: string): void => {};
  /** What the pages hold, by the name of their locks. */
  readonly #watches = new Map<string, () => void>();

  makeHost(): WorkerHost {
    return new WorkerHost({
      clock: this.workerThread.clock,
      scheduler: fakeScheduler(this.workerThread.clock),
      transport: this.workerThread.transport(this.wire.transport),
      random: fixedRandom(),
      watchPresence: (name, onGone) => {
        this.#watches.set(name, onGone);
        return () => this.#watches.delete(name);
      },
    });
  }

  /** The newest worker ends. Its sockets go with it, as those of a real one do. */
  fail(reason: string): void {
    for (const socket of this.wire.sockets) socket.close();
    this.lastPort.isClosed = true;
    this.#fail(reason);
  }

  /** The page that holds this lock is gone. */
  crash(presence: string): void {
    this.#watches.get(presence)?.();
  }

  readonly open = (events: WorkerPortEvents) => {
    if (this.refusal !== undefined) throw new Error(this.refusal);
    const port = new FakePort();
    this.ports.push(port);
    const { clock } = this;
    const isEnded = (): boolean => port.isClosed;
    const send = (to: FakeThread, act: () => void, isHeld: () => boolean): void => {
      clock.setTimer(() => (isHeld() ? port.hold(act) : to.run(act)), this.delayMs);
    };
    const receive = (this.shared ?? this.makeHost()).attach((message, transfer = []) => {
      const copy = structuredClone(message, { transfer });
      send(
        this.pageThread,
        () => {
          if (port.isClosed) return;
          port.fromWorker.push(copy);
          events.onMessage(copy);
        },
        () => port.isFrozen || port.isPageBusy,
      );
    });
    this.#fail = (reason) => events.onFailed(reason);
    const presence = `page ${this.ports.length}`;
    clock.setTimer(() => events.onReady(presence), 0);
    return {
      post: (message: PageMessage, transfer: ArrayBuffer[] = []) => {
        if (this.isMute) return;
        port.fromPage.push(message);
        const copy = structuredClone(message, { transfer });
        send(
          this.workerThread,
          () => {
            if (!isEnded() || copy.kind === 'bye') receive(copy);
          },
          () => port.isFrozen,
        );
      },
      close: () => (port.isClosed = true),
    };
  };

  get lastPort(): FakePort {
    const port = this.ports.at(-1);
    if (port === undefined) throw new Error('no worker was opened');
    return port;
  }

  /** A page with a stream. One that may have no worker is on the same wire. */
  page(options: Partial<MarketStreamOptions> = {}, choice: Partial<WorkerChoice> = {}): Bench {
    const { clock, wire } = this;
    const inPage = this.pageThread.clock;
    const wake = new FakeWake();
    const errors: StreamError[] = [];
    const whole: MarketStreamOptions = {
      src: 'ws://fake/',
      clock: inPage,
      random: fixedRandom(),
      scheduler: fakeScheduler(inPage),
      wake: wake.source,
      onError: (error) => errors.push(error),
      ...options,
    };
    const stream = new SwitchedStream(whole);
    chooseWorker(stream, whole, {
      kind: 'dedicated',
      open: () => this.open,
      createInPage: (given) => createMarketStream({ ...given, transport: wire.transport }),
      ...choice,
    });
    return { clock, wire, wake, stream, errors };
  }
}

/** The usual bench, with the stream in a worker. */
export const makeWorkerBench = (options: Partial<MarketStreamOptions> = {}): Bench & { workers: FakeWorkers } => {
  const workers = new FakeWorkers();
  return { ...workers.page(options), workers };
};
