/** Exits of orders over restarts, and over the wire. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { openJournal } from '../../server/journal/journal.js';
import type { OrderRequest } from '../../src/sim/desk-types.js';
import { Exchange, offerings } from '../../src/sim/index.js';
import { balanced, order, START } from '../sim/support.js';
import { forgetPrices } from './old-journal.js';

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'touchline-exits-'));
  folders.push(folder);
  return folder;
};

/** One run on a folder, killed behind its work: nothing is said goodbye to. */
const live = <Result>(folder: string, work: (exchange: Exchange) => Result): Result => {
  const journal = openJournal({ folder, epoch: 'pe1' });
  try {
    const exchange = new Exchange({ symbols: offerings(1), ratePerSymbol: 1e-9, startMs: START, epoch: 'e1', journal });
    const result = work(exchange);
    balanced(exchange);
    return result;
  } finally {
    journal.close();
  }
};

const ENTRY = 'order-0001';
const [TARGET, STOP] = [`${ENTRY}.tp`, `${ENTRY}.sl`];
const entry = (given: Partial<OrderRequest> = {}): OrderRequest =>
  order({ quantity: '300', limitPrice: '17.50', takeProfit: '17.80', stopLoss: '17.20', timeInForce: 'gtc', ...given });
const sellTo = (exchange: Exchange, id: string, quantity: string): void => {
  const sell = order({ clientOrderId: id, account: 'B-1', side: 'sell', limitPrice: '17.50', quantity });
  assert.equal(exchange.desk.place(sell, START).kind, 'accepted');
};
const orders = (exchange: Exchange) =>
  exchange.desk
    .snapshot('A-1')!
    .data.orders.map(({ clientOrderId, quantity, leavesQuantity, revision, limitPrice, stopPrice, parent }) => ({
      ...{ clientOrderId, quantity, leavesQuantity, revision, limitPrice, stopPrice, parent },
    }));
const shares = (exchange: Exchange): unknown => exchange.desk.snapshot('A-1')!.data.positions;

describe('a journal: exits', () => {
  it('SX212 a pair outlives a restart at any point, as large, bound once, and goes on as one', () => {
    const folder = newFolder();
    const [before, held] = live(folder, (exchange) => {
      exchange.desk.place(entry(), START);
      sellTo(exchange, 'other-0001', '100');
      sellTo(exchange, 'other-0002', '100');
      const change = { account: 'A-1', clientOrderId: TARGET, revision: 2, quantity: '200', stopPrice: null };
      assert.equal(exchange.desk.replace({ ...change, limitPrice: '17.90' }, START).kind, 'replaced');
      return [orders(exchange), shares(exchange)];
    });
    assert.equal(before.length, 3);
    live(folder, (exchange) => {
      assert.deepEqual(orders(exchange), before);
      assert.deepEqual(shares(exchange), held);
      // A change that was made before the restart is known, and one made by the exchange is no client's.
      const change = { account: 'A-1', clientOrderId: TARGET, quantity: '200', limitPrice: '17.90', stopPrice: null };
      assert.equal(exchange.desk.replace({ ...change, revision: 2 }, START).kind, 'duplicate');
      assert.deepEqual(exchange.desk.replace({ ...change, revision: 1, quantity: '100' }, START), {
        kind: 'rejected',
        code: 'revision_conflict',
        status: 'open',
      });
      assert.equal(exchange.desk.place(entry(), START).kind, 'duplicate');
      sellTo(exchange, 'other-0003', '100');
      assert.deepEqual(
        [TARGET, STOP].map((id) => exchange.desk.query('A-1', id)?.leavesQuantity),
        ['300', '300'],
      );
    });
    live(folder, (exchange) => {
      assert.equal(exchange.desk.cancel('A-1', STOP, START).kind, 'cancelled');
      assert.equal(exchange.desk.query('A-1', TARGET)?.status, 'cancelled');
      const [position] = exchange.desk.snapshot('A-1')!.data.positions;
      assert.deepEqual([position?.quantity, position?.available], ['10300', '10300']);
    });
  });

  it('SX212 a pair that has traded a part is as large as what it left, and so much is bound', () => {
    const folder = newFolder();
    const left = ['200', '200', ['10200', '10000']];
    const standing = (exchange: Exchange): unknown => [
      ...[TARGET, STOP].map((id) => exchange.desk.query('A-1', id)?.leavesQuantity),
      ...exchange.desk.snapshot('A-1')!.data.positions.map(({ quantity, available }) => [quantity, available]),
    ];
    live(folder, (exchange) => {
      const { asks } = exchange.listing('SCOM')!.book;
      // Nobody but the take profit sells at its price.
      const away = { account: 'C-1', limitPrice: '17.55', quantity: String(asks.sizeAt(0)) };
      exchange.desk.place(order({ clientOrderId: 'other-0009', ...away }), START);
      exchange.desk.place(entry({ takeProfit: '17.55' }), START);
      sellTo(exchange, 'other-0001', '300');
      const buy = order({ clientOrderId: 'other-0002', account: 'B-1', limitPrice: '17.55', quantity: '100' });
      assert.equal(exchange.desk.place(buy, START).kind, 'accepted');
      assert.deepEqual(standing(exchange), left);
    });
    live(folder, (exchange) => assert.deepEqual(standing(exchange), left));
  });

  it('SX212 the pair after an ended one has the next number, also after a restart', () => {
    const folder = newFolder();
    live(folder, (exchange) => {
      exchange.desk.place(entry(), START);
      sellTo(exchange, 'other-0001', '100');
      exchange.desk.cancel('A-1', TARGET, START);
    });
    live(folder, (exchange) => {
      sellTo(exchange, 'other-0002', '100');
      assert.deepEqual(
        orders(exchange).map(({ clientOrderId }) => clientOrderId),
        [ENTRY, `${TARGET}2`, `${STOP}2`],
      );
      assert.equal(exchange.desk.query('A-1', STOP)?.status, 'cancelled');
    });
  });

  it('SX213 an exit that trades with the new crowd ends its twin before that can trade', () => {
    for (const [moved, price] of [
      [TARGET, '17.30'],
      [STOP, '17.60'],
    ] as const) {
      const folder = newFolder();
      live(folder, (exchange) => {
        const [takeProfit, stopLoss] = moved === TARGET ? [price, '16.90'] : ['18.00', price];
        // A market that is elsewhere than the one that comes after it.
        const { asks, bids } = exchange.listing('SCOM')!.book;
        const [side, opposite, reach] = moved === TARGET ? ['sell', bids, '17.25'] : ['buy', asks, '17.75'];
        for (let i = 0; opposite.length > 0 && Math.abs(opposite.priceAt(0) - 1750) <= 25; i++) {
          const take = { side: side as 'buy', limitPrice: reach, quantity: String(opposite.sizeAt(0)) };
          exchange.desk.place(order({ clientOrderId: `sweep-${i}00000`, account: `C-${i}`, ...take }), START);
        }
        const limitPrice = moved === TARGET ? '17.25' : '17.70';
        exchange.desk.place(entry({ limitPrice, takeProfit, stopLoss }), START);
        const sell = order({ clientOrderId: 'other-0001', account: 'B-1', side: 'sell', limitPrice, quantity: '300' });
        exchange.desk.place(sell, START);
        assert.equal(exchange.desk.query('A-1', moved)?.leavesQuantity, '300');
      });
      forgetPrices(folder);
      live(folder, (exchange) => {
        const twin = moved === TARGET ? STOP : TARGET;
        assert.equal(exchange.desk.query('A-1', moved)?.status, 'filled', moved);
        assert.equal(exchange.desk.query('A-1', twin)?.status, 'cancelled', twin);
        assert.equal(exchange.desk.query('A-1', twin)?.cumQuantity, '0');
        const [position] = exchange.desk.snapshot('A-1')!.data.positions;
        assert.deepEqual([position?.quantity, position?.available], ['10000', '10000']);
      });
    }
  });

  it('SX223 a restart goes on from the last price that was kept: no stop and no exit goes off by it', () => {
    let far = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const folder = newFolder();
      const journal = openJournal({ folder, epoch: 'pe1' });
      const first = new Exchange({
        symbols: offerings(1),
        seed,
        ratePerSymbol: 20,
        startMs: START,
        epoch: 'e1',
        journal,
      });
      const listing = first.listing('SCOM')!;
      let nowMs = START;
      const wait = (ms: number): void => {
        for (const end = nowMs + ms; nowMs < end;) first.step((nowMs += 1_000));
      };
      wait(60_000 + seed * 10_000);
      const { lastPrice } = listing.engine;
      const at = (ticks: number): string => ((lastPrice + ticks * 5) / 100).toFixed(2);
      const exits = { takeProfit: at(4), stopLoss: at(-4) };
      const bought = { orderType: 'market', limitPrice: null, quantity: '300' } as const;
      first.desk.place(order({ ...bought, clientOrderId: ENTRY, ...exits }), nowMs);
      const stop = { orderType: 'stop', limitPrice: null, side: 'sell', timeInForce: 'gtc' } as const;
      first.desk.place(order({ ...stop, clientOrderId: 'order-0002', stopPrice: at(-3) }), nowMs);
      const kept = listing.ticker.price;
      // Nothing of ours may happen in it, or what follows says nothing.
      const before = orders(first);
      if (seed % 2 === 0) wait(1_000);
      const isCalm = before.length === 3 && JSON.stringify(orders(first)) === JSON.stringify(before);
      journal.close();
      if (!isCalm) continue;
      if (Math.abs(lastPrice - listing.referencePrice) > 20) far += 1;
      live(folder, (exchange) => {
        assert.deepEqual(orders(exchange), before, `seed ${seed}`);
        assert.equal(exchange.listing('SCOM')!.ticker.price, kept);
        assert.ok(Number(exchange.listing('SCOM')!.ticker.low) <= Number(kept));
      });
    }
    assert.ok(far >= 5, `${far} of them were far from the reference price`);
  });
});
