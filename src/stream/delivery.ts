/**
 * Telling listeners, no more often than they can use it. Changes of a symbol are merged until its listener is called:
 * on the next frame when it has been quiet, then at most once a throttle interval, and always once more for the last
 * change. Above the rate limit calls wait, the most important first; nothing waits for more than two seconds. Nothing
 * is lost by waiting: a listener is told *that* something changed, and reads what is there then.
 *
 * A frame's first ten milliseconds go by importance; what has waited for long gets up to forty more, the oldest first. So
 * the important are quick whatever there is besides, and the others come round. A page that cannot keep up stretches the
 * throttles (`load.ts`), but neither the first data of a symbol nor a change of its verdict wait for that.
 */
import type { Clock } from './clock.js';
import type { FrameScheduler } from './frame-scheduler.js';
import type { Load } from './load.js';
import type { MarketUpdate, StreamMetrics } from './market-stream.js';
import type { Settings } from './settings.js';
import { Trace, type Waterfall } from './waterfall.js';

/** What can change of a symbol, as bits. */
export const BOOK = 1;
export const TICKER = 2;
export const TRADES = 4;
export const VERDICT = 8;
const DATA = BOOK | TICKER | TRADES;

/**
 * A change that has waited for this long is told whatever the limit says: with a frame it makes two seconds. The sooner,
 * the longer it takes to tell all who wait.
 */
const STARVING_MS = 1_900;
/** Frames leave room between them: so much longer than the calls themselves takes a round of them. */
const ROUND_FACTOR = 2;
const MOST_ROUND_MS = 1_600;
/** How long one frame may be spent on listeners before the rest waits for the next. */
const FRAME_BUDGET_MS = 10;
/** The same while anyone has waited for long: what a page may take and still be usable. */
const LONG_BUDGET_MS = 50;
/** How long that is. */
const LONG_WAIT_MS = 500;
/** How long to wait for the limit to allow another call. */
const REFILL_MS = 16;

export interface DeliveryOptions {
  readonly clock: Clock;
  readonly scheduler: FrameScheduler;
  /** `rateLimit`: calls a second over all listeners and symbols. `throttle`: for subscriptions without their own. */
  readonly settings: Pick<Settings, 'rateLimit' | 'throttle'>;
  readonly waterfall: Waterfall;
  readonly load: Pick<Load, 'note' | 'throttle'>;
  onThrow(error: unknown): void;
  /** A listener has been told of trades. */
  onTradesSeen(symbol: string): void;
}

export type DeliveryFigures = Pick<
  StreamMetrics,
  'buffered' | 'conflated' | 'conflationRatio' | 'delivered' | 'painted' | 'queueAgeMs'
>;

/** One symbol of one subscription. */
interface Cell {
  readonly symbol: string;
  readonly subscription: Subscription;
  readonly trace: Trace;
  changes: number;
  /** Whether its listener has been told of any data yet. */
  hasData: boolean;
  dirtyAt: number;
  calledAt: number;
}

interface Subscription {
  readonly listener: (update: MarketUpdate) => void;
  /** Undefined: the stream's. */
  readonly throttleMs: number | undefined;
  readonly priority: number;
  /** How long a call takes, about: rather too long than too short. */
  costMs: number;
  hasThrown: boolean;
}

export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #clock: Clock;
  readonly #bySymbol = new Map<string, Set<Cell>>();
  readonly #dirty = new Set<Cell>();
  /** When that is; `-Infinity` once a frame is on its way. */
  #plannedAt = Infinity;
  /** Calls off the frame or the timer that is waited for. */
  #cancelWait: (() => void) | undefined;
  #requestedAt = 0;
  #tokens: number;
  #tokensAt: number;
  #delivered = 0;
  #conflated = 0;
  #painted = 0;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#tokens = this.#mostTokens;
    this.#tokensAt = options.clock.now();
  }

  /** Each change for each listener is delivered, conflated into one that waited already, or the first of a cell that waits. */
  figures(): DeliveryFigures {
    const delivered = this.#delivered;
    const conflated = this.#conflated;
    const waiting = [...this.#dirty];
    const now = this.#clock.now();
    return {
      delivered,
      conflated,
      conflationRatio: delivered === 0 ? 1 : (delivered + conflated) / delivered,
      painted: this.#painted,
      buffered: new Set(waiting.map(({ symbol }) => symbol)).size,
      queueAgeMs: Math.max(0, ...waiting.map(({ dirtyAt }) => now - dirtyAt)),
    };
  }

  /** Adds a listener, which is told at once, on the next frame, of each symbol. Returns its undo, safe to call twice. */
  add(
    symbols: Iterable<string>,
    listener: (update: MarketUpdate) => void,
    { throttleMs, priority }: { readonly throttleMs: number | undefined; readonly priority: number },
    initialChanges: (symbol: string) => number,
  ): () => void {
    const subscription: Subscription = { listener, throttleMs, priority, costMs: 0, hasThrown: false };
    const now = this.#clock.now();
    const cells = [...new Set(symbols)].map((symbol): Cell => {
      const cell: Cell = {
        symbol,
        subscription,
        trace: new Trace(),
        changes: 0,
        hasData: false,
        dirtyAt: 0,
        calledAt: -Infinity,
      };
      const cellsOfSymbol = this.#bySymbol.get(symbol);
      if (cellsOfSymbol === undefined) this.#bySymbol.set(symbol, new Set([cell]));
      else cellsOfSymbol.add(cell);
      this.#mark(cell, initialChanges(symbol), now);
      return cell;
    });
    return () => {
      for (const cell of cells) {
        this.#dirty.delete(cell);
        const cellsOfSymbol = this.#bySymbol.get(cell.symbol);
        cellsOfSymbol?.delete(cell);
        if (cellsOfSymbol?.size === 0) this.#bySymbol.delete(cell.symbol);
      }
      if (this.#dirty.size === 0) this.#cancelPlan();
    };
  }

  /** Notes a change of a symbol for all who listen to it; or so many that were merged, the oldest so many milliseconds ago. */
  mark(symbol: string, changes: number, times = 1, ageMs = 0): void {
    const cells = this.#bySymbol.get(symbol);
    if (cells === undefined || changes === 0) return;
    const now = this.#clock.now();
    for (const cell of cells) this.#mark(cell, changes, now, times, ageMs);
  }

  /** What the listeners of a symbol were told last is on the screen. Several that show it in one frame count once. */
  painted(symbol: string): void {
    let newest: Trace | undefined;
    for (const { trace } of this.#bySymbol.get(symbol) ?? []) {
      if (trace.calledAt >= (newest?.calledAt ?? -Infinity)) newest = trace;
    }
    if (newest === undefined) return;
    this.#painted += 1;
    this.#options.waterfall.painted(symbol, newest);
    for (const { trace } of this.#bySymbol.get(symbol) ?? []) trace.calledAt = Number.NaN;
  }

  dispose(): void {
    this.#cancelPlan();
    this.#bySymbol.clear();
    this.#dirty.clear();
  }

  /** A tenth of a second's worth may go out in one burst. */
  get #mostTokens(): number {
    return Math.max(1, this.#options.settings.rateLimit / 10);
  }

  #mark(cell: Cell, changes: number, now: number, times = 1, ageMs = 0): void {
    this.#conflated += times;
    if (cell.changes === 0) {
      this.#conflated -= 1;
      cell.dirtyAt = now - ageMs;
      this.#dirty.add(cell);
    }
    cell.changes |= changes;
    this.#options.waterfall.changed(cell.trace);
    this.#plan(this.#dueAt(cell, now), now);
  }

  #dueAt(cell: Cell, now: number): number {
    // A clock that was set back must not silence a symbol.
    if (cell.calledAt > now) cell.calledAt = now;
    if (!cell.hasData && (cell.changes & DATA) !== 0) return -Infinity;
    const { load, settings } = this.#options;
    const askedMs = cell.subscription.throttleMs ?? settings.throttle;
    return cell.calledAt + ((cell.changes & VERDICT) !== 0 ? askedMs : load.throttle(askedMs));
  }

  /** Asks for a frame when something is due, else for a timer until it is. */
  #plan(dueAt: number, now: number): void {
    // A frame that is on its way is early enough, and asking anew would put it off.
    if (dueAt >= this.#plannedAt) return;
    this.#cancelPlan();
    this.#plannedAt = dueAt;
    if (dueAt <= now) this.#requestFrame();
    else this.#cancelWait = this.#clock.setTimer(() => this.#requestFrame(), dueAt - now);
  }

  #requestFrame(): void {
    this.#plannedAt = -Infinity;
    this.#requestedAt = this.#clock.now();
    this.#cancelWait = this.#options.scheduler.request((_now, isFrame) => this.#flush(isFrame !== false));
  }

  #cancelPlan(): void {
    this.#cancelWait?.();
    this.#plannedAt = Infinity;
  }

  #flush(isFrame: boolean): void {
    this.#cancelPlan();
    const now = this.#clock.now();
    const lateMs = isFrame && now >= this.#requestedAt ? now - this.#requestedAt : Number.NaN;
    this.#refill(now);
    const due = this.#dueCells(now);
    // Some that starve first: a single call of an important listener may be longer than the whole frame.
    this.#tellWaiting(due, now, true);
    this.#tellImportant(due, now);
    this.#tellWaiting(due, now, false);
    const spentMs = Math.max(0, this.#clock.now() - now);
    const left = spentMs < FRAME_BUDGET_MS || this.#tokens < 1 ? [] : due.filter((cell) => this.#dirty.has(cell));
    this.#options.load.note(
      {
        lateMs,
        spentMs,
        isCutShort: left.length > 0,
        overdueMs: left.reduce((most, cell) => Math.max(most, now - Math.max(cell.dirtyAt, this.#dueAt(cell, now))), 0),
      },
      now + spentMs,
    );
    this.#planNext(now);
  }

  #tellImportant(due: readonly Cell[], now: number): void {
    const startedAt = this.#clock.now();
    if (startedAt - now >= LONG_BUDGET_MS) return;
    for (const cell of due) {
      if (this.#clock.now() - startedAt >= FRAME_BUDGET_MS) return;
      // An earlier listener of this frame may have ended the subscription.
      if (!this.#dirty.has(cell)) continue;
      if (this.#tokens < 1) return;
      this.#tokens -= 1;
      this.#call(cell, now);
    }
  }

  /** Those that starve are told whatever the limit says, and take nothing of it from the important. */
  #tellWaiting(due: readonly Cell[], now: number, onlyStarving: boolean): void {
    const roundMs = due.reduce((sum, { subscription }) => sum + subscription.costMs, 0);
    const starvingMs = STARVING_MS - Math.min(MOST_ROUND_MS, ROUND_FACTOR * roundMs);
    const waiting = due.filter(
      (cell) => now - cell.dirtyAt >= Math.min(LONG_WAIT_MS, starvingMs) && this.#dirty.has(cell),
    );
    for (const cell of waiting.sort((a, b) => a.dirtyAt - b.dirtyAt)) {
      if (this.#clock.now() - now >= (onlyStarving ? FRAME_BUDGET_MS : LONG_BUDGET_MS)) return;
      if (!this.#dirty.has(cell)) continue;
      if (now - cell.dirtyAt < starvingMs) {
        if (this.#tokens < 1 || onlyStarving) return;
        this.#tokens -= 1;
      }
      this.#call(cell, now);
    }
  }

  /** What may be called now, the most important first: by priority, then those whose verdict is another, then by age. */
  #dueCells(now: number): Cell[] {
    const due: Cell[] = [];
    for (const cell of this.#dirty) if (this.#dueAt(cell, now) <= now) due.push(cell);
    return due.sort(
      (a, b) =>
        b.subscription.priority - a.subscription.priority ||
        (b.changes & VERDICT) - (a.changes & VERDICT) ||
        a.dirtyAt - b.dirtyAt,
    );
  }

  #call(cell: Cell, now: number): void {
    const { symbol, subscription, changes } = cell;
    this.#dirty.delete(cell);
    this.#delivered += 1;
    this.#options.waterfall.called(symbol, cell.trace);
    cell.changes = 0;
    cell.hasData ||= (changes & DATA) !== 0;
    cell.calledAt = now;
    if ((changes & TRADES) !== 0) this.#options.onTradesSeen(symbol);
    const startedAt = this.#clock.now();
    try {
      subscription.listener({
        symbol,
        book: (changes & BOOK) !== 0,
        ticker: (changes & TICKER) !== 0,
        trades: (changes & TRADES) !== 0,
        verdict: (changes & VERDICT) !== 0,
      });
    } catch (error) {
      // Ten times a second would bury the page's console, and says no more than once.
      if (!subscription.hasThrown) this.#options.onThrow(error);
      subscription.hasThrown = true;
    }
    const tookMs = this.#clock.now() - startedAt;
    subscription.costMs = Math.max(tookMs, subscription.costMs + (tookMs - subscription.costMs) / 4, 0);
  }

  #planNext(now: number): void {
    let dueAt = Infinity;
    for (const cell of this.#dirty) dueAt = Math.min(dueAt, this.#dueAt(cell, now));
    if (dueAt === Infinity) return;
    // What is due already and was held back waits for the limit, or for the next frame.
    const isHeldBack = dueAt <= now;
    if (isHeldBack && this.#tokens < 1) dueAt = now + REFILL_MS;
    this.#plan(dueAt, now);
  }

  #refill(now: number): void {
    const elapsed = Math.max(0, now - this.#tokensAt);
    this.#tokensAt = now;
    this.#tokens = Math.min(this.#mostTokens, this.#tokens + (elapsed * this.#options.settings.rateLimit) / 1_000);
  }
}
