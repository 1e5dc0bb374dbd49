/**
 * Where each symbol of a stream has its place: the connection that serves it, and the one that it is on its way to. On
 * whatever way a place is left, the far end there is told that nothing is wanted any more.
 */
import { type Clock, isOver } from './clock.js';
import type { Lane } from './lane.js';
import type { Market } from './market.js';

/** How long symbols have to go over to a connection that is there. */
export const HANDOVER_MS = 30_000;

/** Where a symbol is served, and where it is on its way to. */
export interface Place {
  lane: Lane | undefined;
  next: Lane | undefined;
  /** Since when it is on its way. */
  sentAt: number;
}

export class Places {
  readonly #market: Pick<Market, 'place' | 'prepare' | 'abandon' | 'rejected'>;
  readonly #clock: Clock;
  readonly #places = new Map<string, Place>();

  constructor(market: Pick<Market, 'place' | 'prepare' | 'abandon' | 'rejected'>, clock: Clock) {
    this.#market = market;
    this.#clock = clock;
  }

  get(symbol: string): Place | undefined {
    return this.#places.get(symbol);
  }

  set(symbol: string, place: Place): void {
    this.#places.set(symbol, place);
  }

  delete(symbol: string): void {
    this.#places.delete(symbol);
  }

  clear(): void {
    this.#places.clear();
  }

  [Symbol.iterator](): Iterator<[string, Place]> {
    return this.#places.entries();
  }

  /** A symbol has gone over to the connection that it was prepared for. */
  takenOver(symbol: string): void {
    const place = this.#places.get(symbol);
    if (place?.next === undefined) return;
    place.lane?.telling.drop(symbol);
    place.lane = place.next;
    place.next = undefined;
  }

  get isMoving(): boolean {
    for (const { next } of this.#places.values()) if (next !== undefined) return true;
    return false;
  }

  /** A symbol is to go over. One that its connection does not serve yet just changes its place. */
  send(symbol: string, to: Lane): void {
    const place = this.#places.get(symbol);
    if (place === undefined) return;
    if (!this.isServed(symbol, place.lane)) return this.seatOn(symbol, place, to);
    if (place.next === to) return;
    this.callOff(symbol, place);
    place.next = to;
    place.sentAt = this.#clock.now();
    to.telling.add(symbol);
    if (to.isOpen) this.#market.prepare(symbol, to);
  }

  /** A symbol that was on its way stays where it is. */
  callOff(symbol: string, place: Place): void {
    if (place.next === undefined) return;
    place.next.telling.drop(symbol);
    place.next = undefined;
    this.#market.abandon(symbol);
  }

  isServed(symbol: string, lane: Lane | undefined): boolean {
    return lane?.isOpen === true && lane.telling.hasTold(symbol);
  }

  seatOn(symbol: string, place: Place, lane: Lane): void {
    for (const other of [place.lane, place.next]) if (other !== lane) other?.telling.drop(symbol);
    place.lane = lane;
    place.next = undefined;
    lane.telling.add(symbol);
    const now = this.#clock.now();
    this.#market.place(symbol, lane, now);
    const refusal = lane.telling.refusalOf(symbol);
    if (refusal !== undefined) this.#market.rejected(symbol, refusal, now);
  }

  rejected(lane: Lane, symbol: string, code: string): void {
    const place = this.#places.get(symbol);
    if (place?.lane === lane) return this.#market.rejected(symbol, code, this.#clock.now());
    if (place?.next !== lane) return;
    this.#market.abandon(symbol);
    // Whose connection is going to end has no choice but to go there, in the end.
    if (place.lane?.successor === undefined) this.callOff(symbol, place);
  }

  refuse(symbol: string, place: Place, from: Lane | undefined): void {
    from?.telling.drop(symbol);
    place.lane = undefined;
    this.#market.rejected(symbol, 'too_many_symbols', this.#clock.now());
  }

  /** Calls off what does not come to its end, where the symbol may as well stay. */
  judgeMoves(now: number): void {
    for (const [symbol, place] of this.#places) {
      const { lane, next, sentAt } = place;
      if (next?.isOpen === true && lane?.successor === undefined && isOver(sentAt, HANDOVER_MS, now)) {
        this.callOff(symbol, place);
      }
    }
  }
}
