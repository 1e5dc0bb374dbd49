/** How often something happened, and how it looked the first time. */
export class Examples {
  #count = 0;
  #first = '';

  add(what: string): void {
    if (this.#count++ === 0) this.#first = what;
  }

  /** One sentence, or none when it never happened. */
  note(what: string): string[] {
    return this.#count === 0 ? [] : [`${this.#count} ${what}; the first: ${this.#first}`];
  }
}
