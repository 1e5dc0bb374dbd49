import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compare, formatDecimal, parseDecimal, type Decimal } from '../../src/book/decimal.js';
import { TickTable } from '../../src/book/tick-table.js';

/** The bands of the Nairobi exchange. */
const NAIROBI = [
  ['0', '0.01'],
  ['5', '0.02'],
  ['10', '0.05'],
  ['50', '0.25'],
  ['500', '1'],
  ['1000', '5'],
] as const;

function tableOf(tickTable: readonly (readonly [string, string])[]): TickTable {
  const table = TickTable.of({ symbol: 'X', tickTable });
  assert.ok(table);
  return table;
}

function price(text: string): Decimal {
  const value = parseDecimal(text);
  assert.ok(value);
  return value;
}

const nairobi = tableOf(NAIROBI);

/** Every valid price from 0 to 1,200 in hundredths, written out the slow way. */
const validHundredths: number[] = [];
for (let at = 0; at <= 120_000;) {
  validHundredths.push(at);
  const [, tick] = NAIROBI.findLast(([from]) => at >= Number(from) * 100)!;
  at += Math.round(Number(tick) * 100);
}

/** Prices in tenths of a hundredth, many of them near a border. */
const anyPrice = fc
  .oneof(
    fc.integer({ min: 1, max: 1_100_000 }),
    fc.tuple(fc.constantFrom(5, 10, 50, 500, 1000), fc.integer({ min: -600, max: 600 })).map(([b, d]) => b * 1000 + d),
  )
  .map((thousandths) => Math.abs(thousandths));

describe('TickTable', () => {
  it('TK1 takes the bands, else the one tick, else there is no table', () => {
    assert.equal(formatDecimal(nairobi.tickAt(price('17.55'))), '0.05');
    assert.equal(formatDecimal(TickTable.of({ symbol: 'X', tickSize: '0.5' })!.above(price('1.1'))), '1.5');
    assert.equal(TickTable.of({ symbol: 'X' }), undefined);
    assert.equal(nairobi.scale, 2);
  });

  it('TK1 refuses a table with a malformed number, a tick that is not above zero, or bands that do not rise', () => {
    for (const tickTable of [
      [],
      [['0', '0']],
      [['0', '-1']],
      [['0', 'x']],
      [['', '1']],
      [
        ['0', '1'],
        ['0', '2'],
      ],
      [
        ['5', '1'],
        ['1', '2'],
      ],
    ]) {
      assert.equal(
        TickTable.of({ symbol: 'X', tickTable: tickTable as [string, string][] }),
        undefined,
        JSON.stringify(tickTable),
      );
    }
    assert.equal(TickTable.of({ symbol: 'X', tickSize: '0' }), undefined);
  });

  it('TK2 finds the neighbours of any price as a written-out grid has them', () => {
    fc.assert(
      fc.property(anyPrice, (thousandths) => {
        const at = { units: BigInt(thousandths), scale: 3 };
        const hundredths = (value: Decimal) => Number(formatDecimal(value)) * 100;
        const near = (expected: number | undefined, actual: Decimal, what: string) =>
          assert.equal(Math.round(hundredths(actual)), expected, `${what} ${thousandths / 1000}`);
        near(
          validHundredths.findLast((valid) => valid * 10 <= thousandths),
          nairobi.below(at),
          'below',
        );
        near(
          validHundredths.find((valid) => valid * 10 >= thousandths),
          nairobi.above(at),
          'above',
        );
        near(
          validHundredths.findLast((valid) => valid * 10 < thousandths),
          nairobi.stepDown(at),
          'stepDown',
        );
        near(
          validHundredths.find((valid) => valid * 10 > thousandths),
          nairobi.stepUp(at),
          'stepUp',
        );
        assert.equal(nairobi.isOnTick(at), validHundredths.includes(thousandths / 10));
      }),
      { numRuns: 500 },
    );
  });

  it('TK3 steps across the borders of bands', () => {
    for (const [low, high] of [
      ['4.99', '5'],
      ['5', '5.02'],
      ['9.98', '10'],
      ['10', '10.05'],
      ['49.95', '50'],
      ['50', '50.25'],
      ['499.75', '500'],
      ['999', '1000'],
      ['1000', '1005'],
    ] as const) {
      assert.equal(formatDecimal(nairobi.stepUp(price(low))), high);
      assert.equal(formatDecimal(nairobi.stepDown(price(high))), low);
    }
    assert.equal(formatDecimal(nairobi.below(price('5.01'))), '5');
    assert.equal(formatDecimal(nairobi.above(price('5.01'))), '5.02');
    assert.equal(formatDecimal(nairobi.above(price('4.991'))), '5');
  });

  it('TK4 counts the grid of a band from its own start, and takes the start of the next for valid', () => {
    const odd = tableOf([
      ['0', '0.3'],
      ['1', '0.4'],
    ]);
    const climbed = [price('0')];
    while (climbed.length < 7) climbed.push(odd.stepUp(climbed.at(-1)!));
    assert.deepEqual(
      climbed.map((value) => formatDecimal(value)),
      ['0', '0.3', '0.6', '0.9', '1', '1.4', '1.8'],
    );
    assert.equal(formatDecimal(odd.stepDown(price('1'))), '0.9');
    assert.equal(formatDecimal(odd.above(price('0.95'))), '1');
    assert.equal(formatDecimal(odd.below(price('-0.1'))), '-0.3');
  });

  it('TK5 counts ticks inside one band only', () => {
    assert.equal(nairobi.ticksBetween(price('17.50'), price('17.65')), 3);
    assert.equal(nairobi.ticksBetween(price('17.65'), price('17.50')), -3);
    assert.equal(nairobi.ticksBetween(price('17.50'), price('17.5')), 0);
    assert.equal(nairobi.ticksBetween(price('4.98'), price('5')), 2);
    assert.equal(nairobi.ticksBetween(price('4.98'), price('5.02')), undefined);
    assert.equal(nairobi.ticksBetween(price('4.98'), price('5.01')), undefined);
    assert.equal(nairobi.ticksBetween(price('17.50'), price('17.51')), undefined);
    assert.equal(nairobi.ticksBetween(price('17.5001'), price('17.55')), undefined);
  });

  it('TK6 offers the groupings that suit every band within reach', () => {
    const offered = (at: string) => nairobi.groupings(price(at)).map((width) => formatDecimal(width));
    assert.deepEqual(offered('17.55'), ['0.05', '0.1', '0.25', '0.5', '1', '2.5', '5']);
    // Near 5 some levels step by 0.02, so that a label at 5.05 could not be traded.
    assert.deepEqual(offered('4.98'), ['0.02', '0.1', '0.2', '0.5', '1']);
    assert.deepEqual(offered('9.98'), ['0.1', '0.2', '0.4', '1', '2']);
    // Valid prices here end in an odd digit, which no multiple of 0.02 does.
    const odd = tableOf([
      ['0', '0.01'],
      ['5.01', '0.02'],
    ]);
    assert.deepEqual(odd.groupings(price('6.01')), []);
  });

  it('TK6 offers no grouping whose labels are no valid prices', () => {
    fc.assert(
      fc.property(anyPrice, (thousandths) => {
        const at = { units: BigInt(thousandths), scale: 3 };
        for (const width of nairobi.groupings(at)) {
          const first = nairobi.below(at).units / width.units;
          for (let label = first - 9n; label <= first + 10n; label++) {
            const labelled = { units: label * width.units, scale: width.scale };
            if (label > 0n && compare(labelled, price('2000')) < 0)
              assert.ok(nairobi.isOnTick(labelled), formatDecimal(labelled));
          }
        }
      }),
    );
  });
});
