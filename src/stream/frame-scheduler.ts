/**
 * One frame callback for the whole page, however many streams and elements wait for it. A hidden tab gets no frames, so
 * a slow timer stands behind the frame: last values still arrive there, once a second. Outside a page there are only
 * timers.
 */
import { type Clock, systemClock } from './clock.js';

export interface FrameScheduler {
  /**
   * Calls once on the next frame; the returned function calls it off. `isFrame`: false where the page had no frame for us,
   * as in a hidden tab, and a timer stood in.
   */
  request(callback: (now: number, isFrame?: boolean) => void): () => void;
}

/** How long to wait for a frame before going on without one. */
export const HIDDEN_FRAME_MS = 1_000;
/** A frame where there are none: 60 a second. */
const TIMER_FRAME_MS = 16;

export interface FrameSource {
  request(callback: () => void): number;
  cancel(handle: number): void;
}

const pageFrames = (): FrameSource | undefined =>
  typeof globalThis.requestAnimationFrame === 'function'
    ? { request: (callback) => requestAnimationFrame(callback), cancel: (handle) => cancelAnimationFrame(handle) }
    : undefined;

/** `frames` is asked for at each request, so that a scheduler may be made before there is a page. */
export const createFrameScheduler = (
  frames: () => FrameSource | undefined = pageFrames,
  clock: Clock = systemClock,
): FrameScheduler => {
  let waiting = new Set<(now: number, isFrame: boolean) => void>();
  let stopWaiting: (() => void) | undefined;

  const run = (isFrame: boolean): void => {
    stopWaiting?.();
    stopWaiting = undefined;
    const due = waiting;
    waiting = new Set();
    const now = clock.now();
    for (const callback of due) {
      try {
        callback(now, isFrame);
      } catch (error) {
        // One reader's fault must not cost the others their frame; it still reaches the page's error handler.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  };

  const start = (): (() => void) => {
    const source = frames();
    if (source === undefined) return clock.setTimer(() => run(true), TIMER_FRAME_MS);
    const handle = source.request(() => run(true));
    const cancelTimer = clock.setTimer(() => run(false), HIDDEN_FRAME_MS);
    return () => {
      source.cancel(handle);
      cancelTimer();
    };
  };

  return {
    request(callback) {
      // A wrapper, so that the same function asked for twice is called twice and cancelled apart.
      const entry = (now: number, isFrame: boolean): void => callback(now, isFrame);
      waiting.add(entry);
      stopWaiting ??= start();
      return () => {
        if (!waiting.delete(entry) || waiting.size > 0) return;
        stopWaiting?.();
        stopWaiting = undefined;
      };
    },
  };
};

/** The page's own scheduler. */
export const pageScheduler: FrameScheduler = /* @__PURE__ */ createFrameScheduler();
