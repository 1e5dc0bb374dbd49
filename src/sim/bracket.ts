/**
 * The exits of an entry order: a take profit and a stop loss, of which either can be left out. They work as a pair for what the
 * entry has filled, and trade no more than that between them. A pair that has ended never comes back: what the entry fills after
 * it gets the next pair.
 */
import type { DeskOrder } from './desk-order.js';

/** Where an exit belongs. */
export interface ExitPlace {
  /** The client order id of its entry. */
  readonly parent: string;
  /** Which pair of the entry, from 1. */
  readonly pair: number;
}

export type ExitKind = 'takeProfit' | 'stopLoss';

/** The exits that work at a time. */
export interface ExitPair {
  /** Shares that they stand for: each of them is to leave as many, and so many are bound, once for both. */
  open: number;
  /** The stop loss first, where there is one. */
  readonly exits: readonly DeskOrder[];
}

export class Bracket {
  pair: ExitPair | undefined;
  /** How many pairs there were, the working one included. */
  pairs = 0;
  /** Shares that came in, are bound, and have no exit yet. */
  due = 0;

  /** An exit has traded. */
  traded(quantity: number): void {
    if (this.pair !== undefined) this.pair.open -= quantity;
  }

  /** An exit has ended with something left. Returns the shares to free: at the first end those of the pair, then none. */
  release(): number {
    const open = this.pair?.open ?? 0;
    if (this.pair !== undefined) this.pair.open = 0;
    return open;
  }

  /** Takes up an exit that works on after a restart. Returns the shares to bind for it. */
  adopt(exit: DeskOrder): number {
    const bound = this.pair?.open ?? 0;
    const exits = [...(this.pair?.exits ?? []), exit];
    this.pair = {
      open: exit.leaves,
      exits: exits.sort((a, b) => Number(a.type === 'limit') - Number(b.type === 'limit')),
    };
    return exit.leaves - bound;
  }
}

/**
 * The id of an exit. No client can make one that has a dot, so that it meets no other: `01JD9Z6Q8M.tp`, and from the second pair on
 * with its number, `01JD9Z6Q8M.tp2`.
 */
export const exitId = (kind: ExitKind, { parent, pair }: ExitPlace): string =>
  `${parent}.${kind === 'takeProfit' ? 'tp' : 'sl'}${pair === 1 ? '' : pair}`;

/** Whether an id is one that only the desk gives. */
export const isExitId = (clientOrderId: string): boolean => clientOrderId.includes('.');
