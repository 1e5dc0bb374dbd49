import type { StorageLike } from '../../orders/journal.js';
import type { OrderType } from '../../orders/order.js';

const PREFIX = 'touchline.unasked.v1|';
const TYPES: readonly OrderType[] = ['limit', 'market', 'stop', 'stop_limit'];

/**
 * Which plain orders a person wants sent without being asked: said once, by account and order type, kept by the browser for
 * every ticket of the page's origin until it is taken back. Where there is no storage it lasts as long as the page.
 */
export class ConsentBook {
  readonly #storage: StorageLike | undefined;
  /** What the storage did not take. It goes before what is stored: a consent that was taken back must not return. */
  readonly #unstored = new Map<string, string>();
  readonly #listeners = new Set<() => void>();

  constructor(storage: StorageLike | undefined) {
    this.#storage = storage;
  }

  /** The types that go unasked in this scope. Read anew each time: another tab may have taken one back. */
  typesOf(scope: string): readonly OrderType[] {
    const words = (this.#unstored.get(scope) ?? this.#read(scope)).split(' ');
    return TYPES.filter((type) => words.includes(type));
  }

  give(scope: string, type: OrderType): void {
    this.#write(scope, [...this.typesOf(scope), type]);
  }

  /** Takes every type of this scope back. */
  revoke(scope: string): void {
    this.#write(scope, []);
  }

  /** Tells of every change, in this tab and in others, until the returned function is called. */
  observe(listener: () => void): () => void {
    if (this.#listeners.size === 0) globalThis.addEventListener('storage', this.#hear);
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) globalThis.removeEventListener('storage', this.#hear);
    };
  }

  #read(scope: string): string {
    try {
      return this.#storage?.getItem(PREFIX + scope) ?? '';
    } catch {
      // Nobody can be shown to have consented: then it is asked.
      return '';
    }
  }

  #write(scope: string, types: readonly OrderType[]): void {
    const text = types.join(' ');
    this.#unstored.set(scope, text);
    try {
      if (types.length === 0) this.#storage?.removeItem(PREFIX + scope);
      else this.#storage?.setItem(PREFIX + scope, text);
      if (this.#storage) this.#unstored.delete(scope);
    } catch {
      // Full, or forbidden: it holds for this page.
    }
    for (const listener of [...this.#listeners]) listener();
  }

  /** A null key is a storage that was emptied. */
  readonly #hear = ({ key }: StorageEvent): void => {
    if (key !== null && !key.startsWith(PREFIX)) return;
    for (const listener of [...this.#listeners]) listener();
  };
}

let shared: ConsentBook | undefined;

/** The one of this page. */
export function pageConsents(): ConsentBook {
  shared ??= new ConsentBook(localStorageOf());
  return shared;
}

function localStorageOf(): StorageLike | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    // A sandboxed frame throws on the mere question.
    return undefined;
  }
}
