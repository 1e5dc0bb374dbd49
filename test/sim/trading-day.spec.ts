import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { TradingPhase } from '../../src/book/instrument.js';
import { type Act, type ActJournal, COMPRESSED_DAY, Exchange, offerings } from '../../src/sim/index.js';
import { balanced, order, START } from './support.js';

const DAY = { pre_open: 2_000, auction: 1_000, continuous: 3_000, closed: 500 };
const LENGTH = 6_500;

/** In memory, but as JSON, like one on a disk. */
class MemoryJournal implements ActJournal {
  readonly epoch = 'pe1';
  readonly acts: string[] = [];
  run = 1;
  isFull = false;
  get kept(): Act[] {
    return this.acts.map((text) => JSON.parse(text) as Act);
  }
  hasRoom(): boolean {
    return !this.isFull;
  }
  keep(act: Act): boolean {
    this.acts.push(JSON.stringify(act));
    return true;
  }
}

const make = (journal?: ActJournal, startMs = START): Exchange =>
  new Exchange({
    symbols: offerings(2),
    startMs,
    epoch: 'e1',
    day: DAY,
    ratePerSymbol: 30,
    ...(journal && { journal }),
  });

const phases = (exchange: Exchange): TradingPhase[] =>
  exchange.symbols.map((symbol) => exchange.listing(symbol)!.phase);

describe('a trading day', () => {
  it('SX183 goes from before the open through auction and trading to the close, and begins again', () => {
    const exchange = make();
    const said: string[] = [];
    let last = '';
    for (let ms = 0; ms < 2 * LENGTH; ms += 20) {
      exchange.step(START + ms);
      const now = [...new Set(phases(exchange))].join('+');
      if (now !== last) said.push(`${now} ${ms}`);
      last = now;
    }
    assert.deepEqual(said, [
      'pre_open 0',
      'auction 2000',
      'continuous 3000',
      'closed 6000',
      'pre_open 6500',
      'auction 8500',
      'continuous 9500',
      'closed 12500',
    ]);
  });

  it('SX183 `npm start -- --day` takes 20 s, 10 s, 120 s and 10 s', () => {
    assert.deepEqual(Object.entries(COMPRESSED_DAY), [
      ['pre_open', 20_000],
      ['auction', 10_000],
      ['continuous', 120_000],
      ['closed', 10_000],
    ]);
  });

  it('SX183 a phase changes at its moment in whatever steps the time is told', () => {
    const [fine, coarse] = [make(), make()];
    for (let ms = 0; ms <= 6_200; ms += 20) fine.step(START + ms);
    for (let ms = 0; ms <= 6_200; ms += 1_550) coarse.step(START + ms);
    for (const symbol of fine.symbols) {
      const [one, other] = [fine.listing(symbol)!, coarse.listing(symbol)!];
      assert.deepEqual([one.phase, one.phaseTime], ['closed', START + 6_000]);
      assert.deepEqual([one.ticker, one.phaseTime], [other.ticker, other.phaseTime]);
    }
  });

  it('SX183 what nobody told the time of is no part of the day', () => {
    const exchange = make();
    exchange.step(START + 500);
    exchange.step(START + 3_600_000);
    assert.deepEqual(phases(exchange), ['auction', 'auction'], '2 s of the silence are made up for');
  });

  it('SX183 a phase that was set by hand stands until the next turn', () => {
    const exchange = make();
    exchange.setPhase('SCOM', 'halted', START);
    exchange.step(START + 1_900);
    assert.equal(exchange.listing('SCOM')?.phase, 'halted');
    exchange.step(START + 2_000);
    assert.equal(exchange.listing('SCOM')?.phase, 'auction');
  });

  it('SX183 a turn is one act for all symbols', () => {
    const journal = new MemoryJournal();
    const exchange = make(journal);
    for (let ms = 0; ms <= LENGTH; ms += 20) exchange.step(START + ms);
    const turns = journal.kept.flatMap(({ house }) => (house.phases ? [house.phases] : []));
    const both = (phase: TradingPhase): object => ({ KCB: phase, SCOM: phase });
    assert.deepEqual(
      turns,
      ['pre_open', 'auction', 'continuous', 'closed', 'pre_open'].map((name) => both(name as TradingPhase)),
    );
  });

  it('SX183 a length that is none is refused', () => {
    for (const auction of [0, -1, Number.NaN, Infinity]) {
      assert.throws(() => new Exchange({ startMs: START, epoch: 'e1', day: { ...DAY, auction } }), RangeError);
    }
  });

  it('SX183 a day that cannot be kept waits', () => {
    const journal = new MemoryJournal();
    const exchange = make(journal);
    journal.isFull = true;
    exchange.step(START + 1_990);
    exchange.step(START + 3_000);
    assert.deepEqual(phases(exchange), ['pre_open', 'pre_open']);
    journal.isFull = false;
    exchange.step(START + 3_010);
    assert.deepEqual(phases(exchange), ['auction', 'auction'], 'it made up for 2 s');
  });

  it('SX180 ended at any moment of a day, a market has its orders, money and phases again, and goes on with that phase', () => {
    const act = fc.record({
      pass: fc.integer({ min: 1, max: 900 }),
      account: fc.constantFrom('A-1', 'A-2'),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      timeInForce: fc.constantFrom('day' as const, 'gtc' as const),
      ticks: fc.integer({ min: 340, max: 360 }),
      isKilled: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
        const journal = new MemoryJournal();
        let exchange = make(journal);
        let now = START;
        for (const [i, { pass, account, side, timeInForce, ticks, isKilled }] of acts.entries()) {
          exchange.step((now += pass));
          const limitPrice = (ticks * 0.05).toFixed(2);
          exchange.desk.place(order({ clientOrderId: `order-${i}-x`, account, side, timeInForce, limitPrice }), now);
          if (!isKilled) continue;
          journal.run++;
          const was = exchange;
          const placed = acts.slice(0, i + 1).map((other, k) => [other.account, `order-${k}-x`] as const);
          exchange = make(journal, now);
          assert.deepEqual(phases(exchange), phases(was));
          const isTrading = phases(was).includes('continuous');
          for (const [owner, id] of placed) {
            const [before, after] = [was.desk.query(owner, id), exchange.desk.query(owner, id)];
            // Where the market trades an order may meet the new crowd.
            if (!isTrading || before?.leavesQuantity === '0') assert.deepEqual(after, before);
          }
          if (!isTrading) {
            for (const name of ['A-1', 'A-2']) {
              const [before, after] = [was, exchange].map(({ desk }) => desk.snapshot(name)?.data);
              assert.deepEqual([after?.balances, after?.positions], [before?.balances, before?.positions]);
            }
          }
          balanced(exchange);
        }
      }),
      { numRuns: 60 },
    );
  });
});
