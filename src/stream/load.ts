/**
 * Is the page keeping up? Looked at in windows of a second, by what telling the listeners took. A page that cannot keep
 * up is told less often, step by step; at the last step less is asked for, too. After some calm seconds it goes back a
 * step; one that was taken back too soon is tried again later, so that nothing flaps. Who pays is what can be merged:
 * rows, books and the telling of trades. A verdict is never slower than it was asked for, and private events do not
 * pass here at all.
 */
import type { LoadMode } from './market-stream.js';

/** What one frame of telling took. */
export interface FrameLoad {
  /** How late the frame came after it was asked for, in milliseconds; NaN where that says nothing, as in a hidden tab. */
  readonly lateMs: number;
  /** How long the listeners took. */
  readonly spentMs: number;
  /** The time was used up before everybody who was due had been told. */
  readonly isCutShort: boolean;
  /** How long the longest waiting of those who were not told has been due. */
  readonly overdueMs: number;
}

const WINDOW_MS = 1_000;
/** A window that was longer was not lived through, or the tab is hidden. */
const MOST_WINDOW_MS = 3 * WINDOW_MS;
/** The share of a window that listeners may take before it is too much, and one that may be doubled. */
const TOO_BUSY = 0.4;
const CALM = 0.18;
/** Frames that come so late on average show a page that is busy with other things; up to the second they are in time. */
const TOO_LATE_MS = 100;
const IN_TIME_MS = 50;
/** So long overdue is too much, even if it is caught up with. */
const OVERDUE_MS = 500;
/** So many frames in a row without catching up are too much. */
const FEW_FRAMES = 3;
/** Each of these steps doubles the throttles; the last one of all asks for fewer levels as well. */
const SLOWER_STEPS = 4;
const LAST_STEP = SLOWER_STEPS + 1;
/** No throttle is made longer than this. */
const LONGEST_THROTTLE_MS = 1_000;
/** A frame: what a throttle of 0 really is. */
const FRAME_MS = 16;
/** Calm windows for a step back, at first, and at most. */
const CALM_WINDOWS = 5;
const MOST_CALM_WINDOWS = 60;
/** A step back that is regretted within so many windows was taken too soon; one that is not, was right. */
const REGRET_WINDOWS = 10;

export class Load {
  readonly #onChange: () => void;
  /** 0 is full. */
  #step = 0;
  #windowStart: number;
  #frames = 0;
  #spentMs = 0;
  #cutShort = 0;
  #overdueMs = 0;
  #lateMs = 0;
  #timedFrames = 0;
  /** Calm windows in a row, and how many are wanted. */
  #calm = 0;
  #patience = CALM_WINDOWS;
  #sinceStepBack = Infinity;
  #isPressed = false;

  /** `onChange`: the step is another. */
  constructor(now: number, onChange: () => void) {
    this.#windowStart = now;
    this.#onChange = onChange;
  }

  get mode(): LoadMode {
    if (this.#step === LAST_STEP || this.#isPressed) return 'shallower';
    return this.#step === 0 ? 'full' : 'slower';
  }

  /** Somebody who is served by way of another thread needs the last step, or no longer does. */
  press(isPressed: boolean): void {
    if (isPressed === this.#isPressed) return;
    this.#isPressed = isPressed;
    this.#onChange();
  }

  /** What a throttle is now, in milliseconds: never shorter than it was asked for, and longer only up to a second. */
  throttle(askedMs: number): number {
    if (this.#step === 0 || askedMs >= LONGEST_THROTTLE_MS) return askedMs;
    return Math.min(LONGEST_THROTTLE_MS, Math.max(FRAME_MS, askedMs) * 2 ** Math.min(SLOWER_STEPS, this.#step));
  }

  /** A frame has been spent on listeners. */
  note(frame: FrameLoad, now: number): void {
    this.#frames += 1;
    this.#spentMs += frame.spentMs;
    this.#cutShort += frame.isCutShort ? 1 : 0;
    this.#overdueMs = Math.max(this.#overdueMs, frame.overdueMs);
    if (!Number.isNaN(frame.lateMs)) {
      this.#lateMs += frame.lateMs;
      this.#timedFrames += 1;
    }
    this.pulse(now);
  }

  /** Called a few times a second: a page that has nothing to do recovers too. */
  pulse(now: number): void {
    const elapsed = now - this.#windowStart;
    if (elapsed >= 0 && elapsed < WINDOW_MS) return;
    if (elapsed >= 0 && elapsed <= MOST_WINDOW_MS) this.#judge(elapsed);
    this.#windowStart = now;
    this.#frames = 0;
    this.#spentMs = 0;
    this.#cutShort = 0;
    this.#overdueMs = 0;
    this.#lateMs = 0;
    this.#timedFrames = 0;
  }

  #judge(elapsed: number): void {
    const share = this.#spentMs / elapsed;
    const late = this.#timedFrames === 0 ? 0 : this.#lateMs / this.#timedFrames;
    const neverCaughtUp = this.#frames >= FEW_FRAMES && this.#cutShort === this.#frames;
    this.#sinceStepBack += 1;
    if (share >= TOO_BUSY || late >= TOO_LATE_MS || neverCaughtUp || this.#overdueMs >= OVERDUE_MS) {
      this.#calm = 0;
      if (this.#step === LAST_STEP) return;
      if (this.#sinceStepBack <= REGRET_WINDOWS) this.#patience = Math.min(MOST_CALM_WINDOWS, 2 * this.#patience);
      this.#sinceStepBack = Infinity;
      this.#go(this.#step + 1);
    } else if (share < CALM && late < IN_TIME_MS && this.#overdueMs < TOO_LATE_MS) {
      this.#calm += 1;
      if (this.#step === 0) {
        // Long well: an old regret counts no more.
        if (this.#calm >= MOST_CALM_WINDOWS) this.#patience = CALM_WINDOWS;
      } else if (this.#calm >= this.#patience) {
        this.#calm = 0;
        this.#sinceStepBack = 0;
        this.#go(this.#step - 1);
      }
    } else this.#calm = 0;
  }

  #go(step: number): void {
    this.#step = step;
    this.#onChange();
  }
}
