/** Turns user timing on and off. Its code is loaded when it is first turned on. */
import type { ErrorDesk } from './error-desk.js';
import type { Waterfall } from './waterfall.js';

export class TimingSwitch {
  readonly #src: string;
  readonly #waterfall: Waterfall;
  readonly #errors: ErrorDesk;
  #isOn = false;

  constructor(src: string, waterfall: Waterfall, errors: ErrorDesk) {
    this.#src = src;
    this.#waterfall = waterfall;
    this.#errors = errors;
  }

  set(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    if (isOn) void this.#load();
    else this.#waterfall.onStage = undefined;
  }

  async #load(): Promise<void> {
    try {
      const { userTiming } = await import('./user-timing.js');
      // It may have been turned off meanwhile.
      if (this.#isOn) this.#waterfall.onStage = userTiming(this.#src);
    } catch (cause) {
      this.#isOn = false;
      this.#errors.tell({ code: 'not_loaded', message: 'The code of user timing could not be loaded.', cause });
    }
  }
}
