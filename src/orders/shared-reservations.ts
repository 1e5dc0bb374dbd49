/**
 * Tells the other pages of this origin what orders here hold back, and counts what is held back there: two tabs cannot spend
 * the same shilling either. What was told a moment ago may be under way still; the venue's own check is the rule.
 */
import { ZERO, compare, formatDecimal, parseDecimal } from '../book/decimal.js';
import { isAsset } from './account.js';
import type { DeskClock } from './clock.js';
import type { Held, ReservationLedger } from './ledger.js';

/** What goes from page to page. */
export interface PageChannel {
  post(message: unknown): void;
  /** Called with what another page has posted. */
  listen(receive: (message: unknown) => void): void;
  close(): void;
}

/** So often a page repeats what it holds back. */
const REPEAT_MS = 20_000;
/** A page that has said nothing for so long is gone: hidden ones run their timers once a minute. */
const GONE_MS = 150_000;

export class SharedReservations {
  readonly #ledger: ReservationLedger;
  readonly #channel: PageChannel;
  readonly #clock: DeskClock;
  readonly #from: string;
  readonly #unwatch: () => void;
  #callOff: (() => void) | undefined;

  /** `from` tells this page from any other. */
  constructor(ledger: ReservationLedger, channel: PageChannel, clock: DeskClock, from: string) {
    this.#ledger = ledger;
    this.#channel = channel;
    this.#clock = clock;
    this.#from = from;
    this.#unwatch = ledger.watchOwn(() => this.#tell());
    channel.listen((message) => this.#take(message));
    channel.post({ kind: 'asks', from });
    if (ledger.held.length > 0) this.#tell();
  }

  /** The page goes: what it holds back is not told any more. */
  close(): void {
    this.#unwatch();
    this.#callOff?.();
    this.#channel.post({ kind: 'holds', from: this.#from, held: [] });
    this.#channel.close();
  }

  #tell(): void {
    this.#callOff?.();
    const { held } = this.#ledger;
    this.#channel.post({
      kind: 'holds',
      from: this.#from,
      held: held.map((each) => ({ ...each, amount: formatDecimal(each.amount, each.amount.scale) })),
    });
    this.#callOff = held.length > 0 ? this.#clock.setTimer(() => this.#tell(), REPEAT_MS) : undefined;
  }

  #take(message: unknown): void {
    const { kind, from, held } = (message ?? {}) as { kind?: unknown; from?: unknown; held?: unknown };
    if (typeof from !== 'string' || from === this.#from) return;
    if (kind === 'asks') return void (this.#ledger.held.length > 0 && this.#tell());
    if (kind !== 'holds' || !Array.isArray(held)) return;
    this.#ledger.holdForeign(from, held.flatMap(readHeld), this.#clock.now() + GONE_MS);
  }
}

/** Another page may run another version of the kit: what cannot be read is left out. */
function readHeld(value: unknown): Held[] {
  const { account, key, asset, amount, isReflected } = (value ?? {}) as Record<string, unknown>;
  const exact = typeof amount === 'string' ? parseDecimal(amount) : undefined;
  if (typeof account !== 'string' || typeof key !== 'string' || !isAsset(asset)) return [];
  // Nothing that another page holds back gives us more.
  if (exact === undefined || compare(exact, ZERO) < 0) return [];
  return [{ account, key, asset, amount: exact, isReflected: isReflected === true }];
}
