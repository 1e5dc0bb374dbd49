import type { Clock } from '../../src/stream/clock.js';
import type { TransportFactory } from '../../src/stream/transport/transport.js';
import type { FakeClock } from './fake-clock.js';

/**
 * A thread that can be stopped while the others run: what comes due there, or comes in, waits, and runs in its order when
 * it goes on.
 */
export class FakeThread {
  isFrozen = false;
  /** What waited is not done yet: whatever comes meanwhile comes after it. */
  #isBehind = false;
  readonly clock: Clock;
  #held: { readonly act: () => void; readonly isTimer: boolean }[] = [];

  constructor(clock: FakeClock) {
    this.clock = {
      now: () => clock.now(),
      hrNow: () => clock.hrNow(),
      setTimer: (callback, delayMs) => {
        let isOff = false;
        const cancel = clock.setTimer(() => this.#run(() => void (isOff || callback()), true), delayMs);
        return () => {
          isOff = true;
          cancel();
        };
      },
    };
  }

  /** Runs a message's task. */
  run(act: () => void): void {
    this.#run(act, false);
  }

  /** Goes on. `between` is called after each thing that had waited; `first` are its timers or the messages to it. */
  goOn(between: () => void = () => {}, first: 'timers' | 'messages' | 'oldest' = 'oldest'): void {
    this.isFrozen = false;
    const isFirst = ({ isTimer }: { isTimer: boolean }): boolean =>
      first === 'oldest' || isTimer === (first === 'timers');
    this.#held = [...this.#held.filter(isFirst), ...this.#held.filter((one) => !isFirst(one))];
    this.#isBehind = true;
    while (!this.isFrozen && this.#held.length > 0) {
      this.#held.shift()?.act();
      between();
    }
    this.#isBehind = false;
  }

  #run(act: () => void, isTimer: boolean): void {
    if (this.isFrozen || this.#isBehind) this.#held.push({ act, isTimer });
    else act();
  }

  /** What comes in on its sockets. */
  transport(inner: TransportFactory): TransportFactory {
    return (src, events, clock) =>
      inner(
        src,
        {
          onOpen: () => this.run(() => events.onOpen()),
          onClose: (...end) => this.run(() => events.onClose(...end)),
          onMessage: (...message) => this.run(() => events.onMessage(...message)),
          onRefused: (...refusal) => this.run(() => events.onRefused(...refusal)),
          onUnusable: (error) => this.run(() => events.onUnusable(error)),
        },
        clock,
      );
  }
}
