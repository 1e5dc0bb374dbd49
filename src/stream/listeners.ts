/** Those who want to hear of one thing. Each is called whatever the others do: throw, leave, or bring new ones. */
export class Listeners<Values extends readonly unknown[]> {
  readonly #entries = new Set<{ readonly listener: (...values: Values) => void }>();
  readonly #onThrow: (error: unknown) => void;

  constructor(onThrow: (error: unknown) => void) {
    this.#onThrow = onThrow;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Returns its undo. The same function may be added twice, and is then called twice. */
  add(listener: (...values: Values) => void): () => void {
    const entry = { listener };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  call(...values: Values): void {
    // Those of this moment: one that is added now hears of the next thing.
    for (const entry of Array.from(this.#entries)) {
      if (!this.#entries.has(entry)) continue;
      try {
        entry.listener(...values);
      } catch (error) {
        this.#onThrow(error);
      }
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}
