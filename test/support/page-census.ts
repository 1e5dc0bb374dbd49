/**
 * Counts what a page holds and could leak: timers, frames, sockets, observers, and listeners on what outlives an element.
 * Take it before what is to be counted begins, and end it after.
 */
export interface Census {
  readonly timers: number;
  readonly frames: number;
  readonly sockets: number;
  readonly observers: number;
  readonly listeners: number;
}

type Wrapped = Record<string, (...values: never[]) => unknown>;

export class PageCensus {
  /** Frames that went out on any socket. */
  readonly sent: string[] = [];
  readonly #timers = new Set<number>();
  readonly #frames = new Set<number>();
  readonly #sockets = new Set<WebSocket>();
  readonly #observers = new Set<object>();
  readonly #listeners = new Map<EventTarget, Map<string, Set<unknown>>>();
  readonly #undo: (() => void)[] = [];
  /** Timers of the test's own are not counted. */
  readonly wait: (ms: number) => Promise<void>;

  constructor() {
    const setTimer = globalThis.setTimeout.bind(globalThis);
    this.wait = (ms) => new Promise((resolve) => setTimer(resolve, ms));
    this.#countCalls('setTimeout', 'clearTimeout', this.#timers, true);
    this.#countCalls('setInterval', 'clearInterval', this.#timers, false);
    this.#countCalls('requestAnimationFrame', 'cancelAnimationFrame', this.#frames, true);
    this.#countSockets();
    for (const name of ['ResizeObserver', 'IntersectionObserver', 'MutationObserver']) this.#countObservers(name);
    this.#countListeners();
  }

  now(): Census {
    let listeners = 0;
    for (const types of this.#listeners.values()) for (const those of types.values()) listeners += those.size;
    return {
      timers: this.#timers.size,
      frames: this.#frames.size,
      sockets: [...this.#sockets].filter(({ readyState }) => readyState !== WebSocket.CLOSED).length,
      observers: this.#observers.size,
      listeners,
    };
  }

  end(): void {
    for (const undo of this.#undo) undo();
  }

  #replace(target: object, name: string, make: (original: never) => unknown): void {
    const owner = target as Record<string, unknown>;
    const original = owner[name];
    owner[name] = make(original as never);
    this.#undo.push(() => (owner[name] = original));
  }

  #countCalls(start: string, cancel: string, alive: Set<number>, isOnce: boolean): void {
    this.#replace(globalThis, start, (original: (run: () => void, ...rest: unknown[]) => number) => {
      return (run: (...values: unknown[]) => void, ...rest: unknown[]): number => {
        const handle = original.call(
          globalThis,
          (...values: unknown[]) => {
            if (isOnce) alive.delete(handle);
            run(...values);
          },
          ...rest,
        );
        alive.add(handle);
        return handle;
      };
    });
    this.#replace(globalThis, cancel, (original: (handle: number) => void) => (handle: number) => {
      alive.delete(handle);
      original.call(globalThis, handle);
    });
  }

  #countSockets(): void {
    const sockets = this.#sockets;
    const { sent } = this;
    this.#replace(
      globalThis,
      'WebSocket',
      (Original: typeof WebSocket) =>
        class extends Original {
          constructor(url: string | URL) {
            super(url);
            sockets.add(this);
          }
          override send(data: string): void {
            sent.push(data);
            super.send(data);
          }
        },
    );
  }

  #countObservers(name: string): void {
    const observers = this.#observers;
    this.#replace(globalThis, name, (Original: new (...values: never[]) => Wrapped) => {
      return class extends Original {
        observe(...values: never[]): void {
          observers.add(this);
          super['observe']!(...values);
        }
        disconnect(): void {
          observers.delete(this);
          super['disconnect']!();
        }
      };
    });
  }

  /** Only where they could outlive an element. */
  #countListeners(): void {
    const all = this.#listeners;
    const lasting = new Set<unknown>([globalThis, document, document.documentElement, document.body]);
    const keyOf = (type: string, options: unknown): string =>
      `${type} ${typeof options === 'object' && options !== null ? 'capture' in options && Boolean(options.capture) : Boolean(options)}`;
    this.#replace(EventTarget.prototype, 'addEventListener', (original: EventTarget['addEventListener']) => {
      return function (this: EventTarget, type: string, listener: never, options?: never): void {
        if (lasting.has(this ?? globalThis) && listener !== null) {
          const types = all.get(this) ?? new Map<string, Set<unknown>>();
          all.set(this, types);
          const key = keyOf(type, options);
          types.set(key, (types.get(key) ?? new Set()).add(listener));
        }
        original.call(this, type, listener, options);
      };
    });
    this.#replace(EventTarget.prototype, 'removeEventListener', (original: EventTarget['removeEventListener']) => {
      return function (this: EventTarget, type: string, listener: never, options?: never): void {
        all.get(this)?.get(keyOf(type, options))?.delete(listener);
        original.call(this, type, listener, options);
      };
    });
  }
}
