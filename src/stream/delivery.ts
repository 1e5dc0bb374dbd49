/**
 * Telling listeners, no more often than they can use it. Changes of a symbol are merged until its listener is called:
 * on the next frame when it has been quiet, then at most once a throttle interval, and always once more for the last
 * change. Above the rate limit calls wait, the most important first; nothing waits for more than two seconds. Nothing
 * is lost by waiting: a listener is told *that* something changed, and reads what is there then.
 */
import type { Clock } from './clock.js';
import type { FrameScheduler } from './frame-scheduler.js';
import type { MarketUpdate, StreamMetrics } from './market-stream.js';
import type { Settings } from './settings.js';
import { Trace, type Waterfall } from './waterfall.js';

/** What can change of a symbol, as bits. */
export const BOOK = 1;
export const TICKER = 2;
export const TRADES = 4;
export const VERDICT = 8;

/** A change that has waited for this long goes first, whatever the limit: with a frame it makes two seconds. */
const STARVING_MS = 1_900;
/** How long one frame may be spent on listeners before the rest waits for the next. */
const FRAME_BUDGET_MS = 10;
/** How long to wait for the limit to allow another call. */
const REFILL_MS = 16;

export interface DeliveryOptions {
  readonly clock: Clock;
  readonly scheduler: FrameScheduler;
  /** `rateLimit`: calls a second over all listeners and symbols. `throttle`: for subscriptions without their own. */
  readonly settings: Pick<Settings, 'rateLimit' | 'throttle'>;
  readonly waterfall: Waterfall;
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
  dirtyAt: number;
  calledAt: number;
}

interface Subscription {
  readonly listener: (update: MarketUpdate) => void;
  /** Undefined: the stream's. */
  readonly throttleMs: number | undefined;
  readonly priority: number;
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
    const subscription: Subscription = { listener, throttleMs, priority, hasThrown: false };
    const now = this.#clock.now();
    const cells = [...new Set(symbols)].map((symbol): Cell => {
      const cell: Cell = { symbol, subscription, trace: new Trace(), changes: 0, dirtyAt: 0, calledAt: -Infinity };
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

  /** Notes a change of a symbol for all who listen to it. */
  mark(symbol: string, changes: number): void {
    const cells = this.#bySymbol.get(symbol);
    if (cells === undefined || changes === 0) return;
    const now = this.#clock.now();
    for (const cell of cells) this.#mark(cell, changes, now);
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

  #mark(cell: Cell, changes: number, now: number): void {
    if (cell.changes === 0) {
      cell.dirtyAt = now;
      this.#dirty.add(cell);
    } else this.#conflated += 1;
    cell.changes |= changes;
    this.#options.waterfall.changed(cell.trace);
    this.#plan(this.#dueAt(cell, now), now);
  }

  #dueAt(cell: Cell, now: number): number {
    // A clock that was set back must not silence a symbol.
    if (cell.calledAt > now) cell.calledAt = now;
    return cell.calledAt + (cell.subscription.throttleMs ?? this.#options.settings.throttle);
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
    this.#cancelWait = this.#options.scheduler.request(() => this.#flush());
  }

  #cancelPlan(): void {
    this.#cancelWait?.();
    this.#plannedAt = Infinity;
  }

  #flush(): void {
    this.#cancelPlan();
    const now = this.#clock.now();
    this.#refill(now);
    for (const cell of this.#dueCells(now)) {
      if (this.#clock.now() - now >= FRAME_BUDGET_MS) break;
      const isStarving = now - cell.dirtyAt >= STARVING_MS;
      if (this.#tokens < 1 && !isStarving) break;
      // An earlier listener of this frame may have ended the subscription.
      if (!this.#dirty.has(cell)) continue;
      this.#tokens = Math.max(0, this.#tokens - 1);
      this.#call(cell, now);
    }
    this.#planNext(now);
  }

  /** What may be called now: the starving by age, then by priority, then by age. */
  #dueCells(now: number): Cell[] {
    const due: Cell[] = [];
    for (const cell of this.#dirty) if (this.#dueAt(cell, now) <= now) due.push(cell);
    if (due.length < 2) return due;
    const isStarving = (cell: Cell): number => (now - cell.dirtyAt >= STARVING_MS ? 1 : 0);
    return due.sort(
      (a, b) =>
        isStarving(b) - isStarving(a) ||
        (isStarving(a) === 1 ? 0 : b.subscription.priority - a.subscription.priority) ||
        a.dirtyAt - b.dirtyAt,
    );
  }

  #call(cell: Cell, now: number): void {
    const { symbol, subscription, changes } = cell;
    this.#dirty.delete(cell);
    this.#delivered += 1;
    this.#options.waterfall.called(symbol, cell.trace);
    cell.changes = 0;
    cell.calledAt = now;
    if ((changes & TRADES) !== 0) this.#options.onTradesSeen(symbol);
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
