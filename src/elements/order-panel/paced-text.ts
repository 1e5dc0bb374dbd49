/** How often a text that goes on changing is read out. */
const EVERY_MS = 5_000;

/** A text for those who listen: it follows at its own pace what the eye is shown at once. */
export class PacedText {
  #text = '';
  #since = -Infinity;

  /** What is to be read out while `text` is shown. Nothing more is said as soon as nothing is shown. */
  follow(text: string, now: number): string {
    const elapsed = now - this.#since;
    // A clock that was set back has lost its word on how long ago that was.
    if (text !== this.#text && (this.#text === '' || text === '' || elapsed < 0 || elapsed >= EVERY_MS)) {
      this.#text = text;
      this.#since = now;
    }
    return this.#text;
  }
}
