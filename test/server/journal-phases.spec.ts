/** What a journal keeps of the phases, and what restored orders do in them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type Journal, openJournal } from '../../server/journal/journal.js';
import { Exchange } from '../../src/sim/index.js';
import type { OrderRequest } from '../../src/sim/desk-types.js';
import { balanced, order as dayOrder, START } from '../sim/support.js';
import { forgetPrices } from './old-journal.js';

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'touchline-phases-'));
  folders.push(folder);
  return folder;
};

interface Run {
  readonly exchange: Exchange;
  readonly journal: Journal;
}

/** So slow a crowd does nothing after it has filled the book. */
const run = (folder: string): Run => {
  const journal = openJournal({ folder, epoch: 'pe1' });
  return { exchange: new Exchange({ startMs: START, epoch: 'e1', journal, ratePerSymbol: 1e-9 }), journal };
};

const order = (number: number, given: Partial<OrderRequest> = {}): OrderRequest =>
  dayOrder({ clientOrderId: `order-000${number}`, timeInForce: 'gtc', ...given });

const isCrossed = ({ exchange }: Run): boolean => {
  const { bids, asks } = exchange.listing('SCOM')!.book;
  return bids.priceAt(0) >= asks.priceAt(0);
};

describe('a journal and the phases', () => {
  it('SX180 a symbol is in its phase again, also where no account was ever opened, and over many starts', () => {
    const folder = newFolder();
    let first = run(folder);
    first.exchange.setPhase('SCOM', 'auction', START);
    first.exchange.setPhase('KCB', 'halted', START);
    first.journal.close();
    for (let i = 0; i < 3; i++) {
      first = run(folder);
      const phases = ['SCOM', 'KCB', 'EQTY'].map((symbol) => first.exchange.listing(symbol)?.phase);
      assert.deepEqual(phases, ['auction', 'halted', 'continuous']);
      first.journal.close();
    }
    first = run(folder);
    first.exchange.setPhase('SCOM', 'continuous', START);
    first.exchange.desk.place(order(1), START);
    first.journal.close();
    first = run(folder);
    assert.deepEqual(
      [first.exchange.listing('SCOM')?.phase, first.exchange.listing('KCB')?.phase],
      ['continuous', 'halted'],
    );
    first.journal.close();
  });

  it('SX180 orders that had crossed in an auction have crossed again and trade at its end', () => {
    const folder = newFolder();
    const first = run(folder);
    first.exchange.setPhase('SCOM', 'auction', START);
    first.exchange.desk.place(order(1, { limitPrice: '18.50' }), START);
    first.exchange.desk.place(order(2, { limitPrice: '16.50', side: 'sell', account: 'A-2' }), START);
    const before = first.exchange.desk.snapshot('A-1')?.data;
    first.journal.close();
    const second = run(folder);
    assert.ok(isCrossed(second));
    assert.deepEqual(second.exchange.desk.snapshot('A-1')?.data, before);
    second.exchange.setPhase('SCOM', 'continuous', START);
    assert.ok(!isCrossed(second));
    for (const [account, id] of [
      ['A-1', 'order-0001'],
      ['A-2', 'order-0002'],
    ] as const) {
      // prettier-ignore
      assert.equal(second.exchange.desk.query(account, id)?.status, 'filled');
    }
    balanced(second.exchange);
    second.journal.close();
  });

  it('SX180 the end of an auction is one act: all of its fills are kept with the phase, or nothing is', () => {
    const folder = newFolder();
    const first = run(folder);
    first.exchange.setPhase('SCOM', 'auction', START);
    first.exchange.desk.place(order(1, { limitPrice: '18.50', quantity: '20000' }), START);
    let acts = 0;
    const { journal } = first;
    const keep = journal.keep.bind(journal);
    journal.keep = (act) => {
      acts++;
      assert.deepEqual(act.house.phases, { SCOM: 'continuous' });
      assert.ok(act.accounts.some(({ events }) => events.some(({ type }) => type === 'order_fill')));
      return keep(act);
    };
    first.exchange.setPhase('SCOM', 'continuous', START);
    assert.equal(acts, 1);
    first.journal.close();
  });

  it('SX181 a post-only order that the new crowd would meet ends as would_take, in any phase', () => {
    for (const phase of ['continuous', 'halted'] as const) {
      const folder = newFolder();
      const first = run(folder);
      // Takes what the crowd offers near it, so that a bid at the same price only adds to the book.
      const take = { limitPrice: '17.75', quantity: '30000', timeInForce: 'ioc', account: 'A-2' } as const;
      first.exchange.desk.place(order(1, take), START);
      first.exchange.desk.place(order(2, { limitPrice: '17.60', postOnly: true }), START);
      first.exchange.desk.place(order(3, { limitPrice: '16.00', postOnly: true }), START);
      assert.equal(first.exchange.desk.query('A-1', 'order-0002')?.status, 'open');
      first.exchange.setPhase('SCOM', phase, START);
      first.journal.close();
      forgetPrices(folder);
      const second = run(folder);
      assert.equal(second.exchange.desk.query('A-1', 'order-0002')?.status, 'cancelled');
      assert.equal(second.exchange.desk.query('A-1', 'order-0002')?.cumQuantity, '0');
      assert.equal(second.exchange.desk.query('A-1', 'order-0003')?.status, 'open');
      const ended = second.exchange.desk.since('A-1', 'pe1', 0)?.find(({ type }) => type === 'order_cancelled');
      assert.ok(ended?.type === 'order_cancelled' && ended.data.reason === 'would_take');
      second.journal.close();
    }
  });
});
