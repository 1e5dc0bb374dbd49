/**
 * Where the time goes between the venue and the screen, stage by stage, and all together. Each stage is measured where it
 * ends, on a clock that nobody sets; what could not be measured is left out, so that no figure is a guess.
 */
import { type LatencyFigures, LatencyHistogram } from './latency-histogram.js';

/**
 * - `arrival`: from the server's sending to our receiving, by the server's clock.
 * - `apply`: from receiving a frame to having applied what is in it.
 * - `delivery`: from the oldest change that a listener has not seen to the call that tells it.
 * - `paint`: from that call to the frame after the one in which an element has painted it.
 * - `total`: from the server's sending of the oldest change to the screen.
 */
export const STAGES = ['arrival', 'apply', 'delivery', 'paint', 'total'] as const;
export type Stage = (typeof STAGES)[number];

/** Told as each is measured. `symbol`: empty where it was many at once. */
export type StageListener = (stage: Stage, latencyMs: number, symbol: string) => void;

/** What one listener of one symbol has before it. */
export class Trace {
  /** When the oldest change that it has not seen was applied; NaN while there is none. */
  changedAt = Number.NaN;
  /** How long that change had taken from the server to there; NaN when that is not known. */
  venueMs = Number.NaN;
  /** When it was told of what is not on the screen yet; NaN while there is nothing. */
  calledAt = Number.NaN;
  /** The same up to the call. */
  venueToCallMs = Number.NaN;
}

/** A clock that moves against the other by more than this was set. */
export const JUMP_MS = 250;

export class Waterfall {
  readonly #now: () => number;
  readonly #stages = Object.fromEntries(STAGES.map((stage) => [stage, new LatencyHistogram()])) as Record<
    Stage,
    LatencyHistogram
  >;
  /** When the frame came that is being read; NaN between frames. */
  #receivedAt = Number.NaN;
  /** How long it was on its way; NaN when that is not known. */
  #arrivalMs = Number.NaN;
  /** Messages in it, where that is known. */
  #messages = 0;
  /** Messages in it that changed something, and the symbol of the last. */
  #applied = 0;
  #symbol = '';
  /** The server's clock minus ours that was used last, and our two clocks' difference when it was first used. */
  #offsetMs = Number.NaN;
  #skewMs = Number.NaN;
  onStage: StageListener | undefined;

  /** `now`: milliseconds since anything, from a clock that nobody sets. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A frame has come. */
  frameReceived(): void {
    this.#receivedAt = this.#now();
    this.#arrivalMs = Number.NaN;
    this.#applied = 0;
  }

  /**
   * The frame says when it was sent: so many messages were so long on their way, by a clock that stands at `wallNow` and
   * an estimate of the server's. An estimate from before our clock was set is not one.
   */
  arrived(latencyMs: number, messages: number, wallNow: number, offsetMs: number): void {
    const skewMs = wallNow - this.#receivedAt;
    if (offsetMs !== this.#offsetMs) {
      this.#offsetMs = offsetMs;
      this.#skewMs = skewMs;
    }
    if (!(latencyMs >= 0) || Math.abs(skewMs - this.#skewMs) > JUMP_MS) return;
    this.#arrivalMs = latencyMs;
    this.#messages = messages;
  }

  /** A message has changed something of a symbol. */
  applied(symbol: string): void {
    this.#applied += 1;
    this.#symbol = symbol;
  }

  /** All that is in the frame has been applied: until now nobody could see any of it. */
  frameRead(): void {
    const at = this.#now();
    const applied = this.#applied;
    const symbol = applied === 1 ? this.#symbol : '';
    this.#note('arrival', this.#arrivalMs, at, symbol, this.#messages);
    if (applied > 0) this.#note('apply', at - this.#receivedAt, at, symbol, applied);
    this.#receivedAt = Number.NaN;
  }

  /** There is a change that this listener has not seen. Only what a frame has brought is measured. */
  changed(trace: Trace): void {
    if (Number.isNaN(this.#receivedAt) || !Number.isNaN(trace.changedAt)) return;
    trace.changedAt = this.#now();
    trace.venueMs = this.#arrivalMs + trace.changedAt - this.#receivedAt;
  }

  /** The listener is called. */
  called(symbol: string, trace: Trace): void {
    const at = this.#now();
    const waitedMs = at - trace.changedAt;
    trace.calledAt = at;
    trace.venueToCallMs = trace.venueMs + waitedMs;
    trace.changedAt = Number.NaN;
    this.#note('delivery', waitedMs, at, symbol);
  }

  /** What the listener was told of last is on the screen. */
  painted(symbol: string, trace: Trace): void {
    const at = this.#now();
    const paintMs = at - trace.calledAt;
    this.#note('paint', paintMs, at, symbol);
    this.#note('total', trace.venueToCallMs + paintMs, at, symbol);
  }

  read(): Readonly<Record<Stage, LatencyFigures>> {
    const at = this.#now();
    const { arrival, apply, delivery, paint, total } = this.#stages;
    return {
      arrival: arrival.read(at),
      apply: apply.read(at),
      delivery: delivery.read(at),
      paint: paint.read(at),
      total: total.read(at),
    };
  }

  #note(stage: Stage, latencyMs: number, at: number, symbol: string, times?: number): void {
    this.#stages[stage].record(latencyMs, at, times);
    // A clock that was set in between has measured nothing.
    if (latencyMs >= 0) this.onStage?.(stage, latencyMs, symbol);
  }
}
