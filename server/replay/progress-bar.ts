/** A bar on a terminal that says how far a replay has come. Where nobody looks there is none. */

const WIDTH = 40;
/** How often it is drawn. */
const INTERVAL_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

/** The part of a terminal that is used here; `process.stderr` is one. */
export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export class ProgressBar {
  readonly #terminal: Terminal;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #isDrawn = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** `part` is from 0 to 1, `nowMs` of any clock. */
  show(part: number, nowMs: number): void {
    if (this.#terminal.isTTY !== true || nowMs - this.#drawnAt < INTERVAL_MS) return;
    this.#drawnAt = nowMs;
    this.#isDrawn = true;
    const filled = Math.round(part * WIDTH);
    const percent = `${Math.floor(part * 100)} %`.padStart(5);
    this.#terminal.write(`\r${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${percent}`);
  }

  /** Leaves the line as if nothing had been there. */
  clear(): void {
    if (this.#isDrawn) this.#terminal.write(CLEAR_LINE);
    this.#isDrawn = false;
  }
}
