import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import Big from 'big.js';
import fc from 'fast-check';
import {
  add,
  compare,
  decimalToUnits,
  divideDown,
  divideUp,
  formatDecimal,
  fromNumber,
  fromUnits,
  isZero,
  MAX_DIGITS,
  multiply,
  negate,
  parseDecimal,
  roundDown,
  roundUp,
  scaleOf,
  subtract,
  toUnits,
  unitsToShortText,
  unitsToText,
  withScale,
  type Decimal,
} from '../../src/book/decimal.js';

Big.PE = 200;
Big.NE = -200;

/** Up to 9 digits before the point and 9 after it, with all that may stand around them. */
const decimalText = fc
  .tuple(
    fc.boolean(),
    fc.stringMatching(/^\d{1,9}$/),
    fc.option(fc.stringMatching(/^\d{1,9}$/)),
    fc.option(fc.integer({ min: -12, max: 12 })),
  )
  .map(
    ([negative, whole, fraction, exponent]) =>
      (negative ? '-' : '') +
      whole +
      (fraction === null ? '' : `.${fraction}`) +
      (exponent === null ? '' : `e${exponent}`),
  );
const decimal = decimalText.map(parsed);

function parsed(text: string): Decimal {
  const value = parseDecimal(text);
  assert.ok(value, `${text} must be a decimal`);
  return value;
}

function big(value: Decimal): Big {
  return new Big(formatDecimal(value));
}

/** What big.js makes of a quotient, rounded to a whole number of `10^-scale` towards minus infinity. */
function floorToScale(numerator: Big, denominator: Big, scale: number): Big {
  const step = new Big(10).pow(-scale);
  // The remainder is exact where a quotient cut to so many decimals need not be.
  const remainder = numerator.mod(denominator.times(step));
  const towardsZero = numerator.minus(remainder).div(denominator);
  return !remainder.eq(0) && remainder.s * denominator.s < 0 ? towardsZero.minus(step) : towardsZero;
}

describe('parseDecimal', () => {
  it('NUM1 reads digits, a fraction and an exponent exactly, as big.js does', () => {
    fc.assert(
      fc.property(decimalText, (text) => {
        assert.equal(new Big(formatDecimal(parsed(text))).eq(new Big(text)), true);
      }),
    );
  });

  it('NUM1 keeps the decimals that were written', () => {
    assert.deepEqual(parsed('1.50'), { units: 150n, scale: 2 });
    assert.deepEqual(parsed('1e-8'), { units: 1n, scale: 8 });
    assert.deepEqual(parsed('12E2'), { units: 1200n, scale: 0 });
    assert.deepEqual(parsed('-0.0'), { units: 0n, scale: 1 });
    assert.deepEqual(parsed('007'), { units: 7n, scale: 0 });
  });

  it('NUM2 refuses what is no plain decimal', () => {
    const refused = [
      '',
      ' ',
      'NaN',
      'Infinity',
      '-Infinity',
      '1,000',
      '1 000',
      ' 1',
      '1 ',
      '1\n',
      '+1',
      '.5',
      '5.',
      '-',
      '--1',
    ];
    refused.push('0x10', '1e', '1e+', 'e5', '1.2.3', '1_000', '١٢', '1n', '1e5.0', 'null', '−1');
    for (const text of refused) {
      assert.equal(parseDecimal(text), undefined, JSON.stringify(text));
      assert.equal(toUnits(text, 2), Number.NaN, JSON.stringify(text));
      assert.equal(scaleOf(text), -1, JSON.stringify(text));
    }
  });

  it('NUM3 refuses more digits than the bound, and exponents beyond it', () => {
    const most = '9'.repeat(MAX_DIGITS);
    assert.equal(parsed(most).units, BigInt(most));
    assert.equal(parsed(`000${most}`).units, BigInt(most));
    for (const text of [
      '9'.repeat(40),
      `${most}0`,
      `0.${'0'.repeat(MAX_DIGITS)}1`,
      '1e31',
      '1e-31',
      '1e999999999999',
    ]) {
      assert.equal(parseDecimal(text), undefined, text);
      assert.equal(toUnits(text, 0), Number.NaN, text);
      assert.equal(scaleOf(text), -1, text);
    }
    assert.equal(formatDecimal(parsed('1e30')), `1${'0'.repeat(30)}`);
    assert.equal(parsed('1e-30').scale, 30);
  });

  it('NUM3 refuses a million zeros without ado', () => {
    const started = performance.now();
    assert.equal(parseDecimal(`${'0'.repeat(1_000_000)}x`), undefined);
    assert.equal(parseDecimal(`1${'0'.repeat(1_000_000)}`), undefined);
    assert.ok(performance.now() - started < 1_000, 'time must grow with the length, not with its square');
  });

  it('NUM4 reads a JSON number as its shortest text, and refuses what is no number', () => {
    assert.deepEqual(fromNumber(17.55), { units: 1755n, scale: 2 });
    assert.deepEqual(fromNumber(0.1), { units: 1n, scale: 1 });
    assert.deepEqual(fromNumber(1e-7), { units: 1n, scale: 7 });
    assert.deepEqual(fromNumber(-0), { units: 0n, scale: 0 });
    assert.equal(formatDecimal(fromNumber(1e21)!), '1000000000000000000000');
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300, 5e-324]) {
      assert.equal(fromNumber(value), undefined, String(value));
    }
  });
});

describe('decimal arithmetic', () => {
  it('NUM5 adds, subtracts, multiplies and compares as big.js does', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        assert.ok(big(add(a, b)).eq(big(a).plus(big(b))));
        assert.ok(big(subtract(a, b)).eq(big(a).minus(big(b))));
        assert.ok(big(multiply(a, b)).eq(big(a).times(big(b))));
        assert.ok(big(negate(a)).eq(big(a).times(-1)));
        assert.equal(compare(a, b), big(a).cmp(big(b)));
        assert.equal(isZero(a), big(a).eq(0));
      }),
    );
  });

  it('NUM6 divides down and up to the decimals asked for, also below zero', () => {
    fc.assert(
      fc.property(decimal, decimal, fc.nat(12), (a, b, scale) => {
        fc.pre(!isZero(b));
        const down = floorToScale(big(a), big(b), scale);
        const up = floorToScale(big(a).times(-1), big(b), scale).times(-1);
        assert.ok(big(divideDown(a, b, scale)).eq(down), `down: ${formatDecimal(a)} / ${formatDecimal(b)}`);
        assert.ok(big(divideUp(a, b, scale)).eq(up), `up: ${formatDecimal(a)} / ${formatDecimal(b)}`);
        assert.equal(divideDown(a, b, scale).scale, scale);
      }),
    );
    assert.equal(formatDecimal(divideDown(parsed('-1'), parsed('3'), 2)), '-0.34');
    assert.equal(formatDecimal(divideUp(parsed('-1'), parsed('3'), 2)), '-0.33');
    assert.throws(() => divideDown(parsed('1'), parsed('0'), 2), RangeError);
  });

  it('NUM6 rounds towards the bound named, and leaves alone what fits', () => {
    fc.assert(
      fc.property(decimal, fc.nat(10), (a, scale) => {
        const down = roundDown(a, scale);
        const up = roundUp(a, scale);
        const step = { units: 1n, scale };
        assert.ok(compare(down, a) <= 0 && compare(a, up) <= 0);
        assert.ok(compare(subtract(a, down), step) < 0 && compare(subtract(up, a), step) < 0);
        const kept = withScale(a, scale);
        assert.equal(kept !== undefined, compare(down, up) === 0);
        if (kept !== undefined) assert.deepEqual([kept.scale, compare(kept, a)], [scale, 0]);
      }),
    );
  });
});

describe('text and units', () => {
  it('NUM7 reads exactly what parseDecimal reads, into exactly that many units', () => {
    fc.assert(
      fc.property(fc.oneof(decimalText, fc.stringMatching(/^-?[\d.e+-]{0,28}$/)), fc.nat(24), (text, scale) => {
        const value = parseDecimal(text);
        const expected = value === undefined ? Number.NaN : decimalToUnits(value, scale);
        assert.ok(
          Object.is(toUnits(text, scale), expected),
          `${text} at ${scale}: ${toUnits(text, scale)}, ${expected}`,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('NUM7 stops at the edge of the safe integers', () => {
    assert.equal(toUnits('9007199254740991', 0), Number.MAX_SAFE_INTEGER);
    assert.equal(toUnits('90071992547409.91', 2), Number.MAX_SAFE_INTEGER);
    assert.equal(toUnits('-9007199254740991', 0), -Number.MAX_SAFE_INTEGER);
    for (const [text, scale] of [
      ['9007199254740992', 0],
      ['9007199254740993', 0],
      ['90071992547410', 2],
    ] as const) {
      assert.equal(toUnits(text, scale), Number.NaN, text);
    }
    assert.equal(toUnits('0', 40), 0);
    assert.ok(Object.is(toUnits('-0.00', 2), 0), 'there is no negative zero');
  });

  it('NUM8 tells how many decimals a text needs', () => {
    for (const [text, scale] of [
      ['1.50', 1],
      ['1e-8', 8],
      ['100', 0],
      ['0.000', 0],
      ['1.5e1', 0],
      ['-2.25', 2],
    ] as const) {
      assert.equal(scaleOf(text), scale, text);
      assert.notEqual(toUnits(text, scale), Number.NaN);
      if (scale > 0)
        assert.equal(toUnits(text, scale - 1), Number.NaN, `${text} does not fit into ${scale - 1} decimals`);
    }
  });

  it('NUM9 writes units with all decimals of their scale, and reads them back', () => {
    assert.equal(unitsToText(1755, 2), '17.55');
    assert.equal(unitsToText(5, 2), '0.05');
    assert.equal(unitsToText(-5, 2), '-0.05');
    assert.equal(unitsToText(1700, 2), '17.00');
    assert.equal(unitsToText(0, 3), '0.000');
    assert.equal(unitsToText(42, 0), '42');
    assert.equal(unitsToText(10 ** 22, 1), '1000000000000000000000.0');
    assert.equal(unitsToShortText(1700, 2), '17');
    assert.equal(unitsToShortText(1750, 2), '17.5');
    assert.equal(unitsToShortText(100, 0), '100');
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(12), (units, scale) => {
        assert.equal(toUnits(unitsToText(units, scale), scale), units);
        assert.equal(toUnits(unitsToShortText(units, scale), scale), units);
      }),
    );
  });

  it('NUM9 refuses to write what is no exact count', () => {
    for (const units of [Number.NaN, Number.POSITIVE_INFINITY, 1.5]) {
      assert.throws(() => unitsToText(units, 2), RangeError);
    }
    assert.throws(() => fromUnits(Number.NaN, 2), RangeError);
  });

  it('NUM10 formats without exponent, and cuts zeros down to the decimals asked for', () => {
    for (const [text, minimum, expected] of [
      ['17.500', 0, '17.5'],
      ['17.500', 2, '17.50'],
      ['17.500', 5, '17.50000'],
      ['17', 0, '17'],
      ['17', 2, '17.00'],
      ['100', 0, '100'],
      ['0.00', 0, '0'],
      ['-0.05', 1, '-0.05'],
      ['1e-8', 0, '0.00000001'],
      ['1e21', 0, '1000000000000000000000'],
    ] as const) {
      assert.equal(formatDecimal(parsed(text), minimum), expected);
    }
  });
});
