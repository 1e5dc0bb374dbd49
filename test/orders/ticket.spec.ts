import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatDecimal } from '../../src/book/decimal.js';
import { TickTable } from '../../src/book/tick-table.js';
import { newClientOrderId } from '../../src/orders/client-order-id.js';
import { formatForInput, parseTyped, separatorsOf } from '../../src/orders/number-input.js';
import { EMPTY_DRAFT, draftFromLevel, steppedPrice, steppedQuantity } from '../../src/orders/ticket.js';
import { decimal } from './venue-history.js';

const read = (text: string, language = 'en', withShorthand = false): string | undefined => {
  const value = parseTyped(text, separatorsOf(language), withShorthand);
  return value && formatDecimal(value);
};

describe('parseTyped', () => {
  it('OR70 numbers are read in the ticket’s language and refused where they could mean two things', () => {
    assert.deepEqual(
      ['1,200', '17.45', ' 5 ', '.5', '12,34,567'].map((text) => read(text)),
      ['1200', '17.45', '5', '0.5', '1234567'],
    );
    for (const text of [
      '',
      '1,20',
      '1.2.3',
      '1e3',
      '-5',
      '+5',
      '0x1',
      'Infinity',
      'NaN',
      '1 200',
      '1,2,3',
      '0,500',
      '5.',
      '١,٢',
    ]) {
      assert.equal(read(text), undefined, text);
    }
    assert.equal(read('1.234', 'de'), '1234');
    assert.equal(read('1,5', 'de'), '1.5');
    assert.equal(read('1.5', 'de'), undefined);
    assert.equal(read('1 234,5', 'fr'), '1234.5');
    assert.equal(read("1'234.5", 'de-CH'), '1234.5');
    assert.equal(read('١٧٫٤٥', 'ar-EG'), '17.45');
    assert.equal(read('१७.४५', 'hi'), '17.45');
    assert.equal(read('1.5', 'not a language'), '1.5');
    assert.equal(read('9'.repeat(40)), undefined);
  });

  it('OR71 1k and 2.5m are quantities, and no prices', () => {
    assert.equal(read('1k', 'en', true), '1000');
    assert.equal(read('2.5M', 'en', true), '2500000');
    assert.equal(read('1k'), undefined);
    assert.equal(read('k', 'en', true), undefined);
  });

  it('OR72 what the ticket writes into a field reads back as the same number, in every language', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        fc.integer({ min: 0, max: 8 }),
        fc.constantFrom('en', 'de', 'fr', 'de-CH', 'ar-EG', 'hi', 'sw', 'ja', 'en-IN', 'pl'),
        (units, scale, language) => {
          const separators = separatorsOf(language);
          const again = parseTyped(formatForInput({ units, scale }, separators), separators);
          assert.equal(again && formatDecimal(again), formatDecimal({ units, scale }));
        },
      ),
    );
  });
});

describe('TicketDraft', () => {
  const ticks = TickTable.of({
    symbol: 'S',
    tickTable: [
      ['0', '0.01'],
      ['5', '0.02'],
      ['10', '0.05'],
    ],
  });
  const step = (price: string | undefined, direction: 1 | -1): string => {
    const next = steppedPrice(price === undefined ? undefined : decimal(price), direction, ticks, decimal('17.5'));
    return next ? formatDecimal(next) : '';
  };

  it('OR73 a step goes to the next valid price, over the edge of a band, and never to zero', () => {
    assert.deepEqual(
      [step('9.98', 1), step('10', -1), step('9.985', 1), step('0.01', -1)],
      ['10', '9.98', '10', '0.01'],
    );
    assert.equal(step(undefined, 1), '17.5');
  });

  it('OR74 a step of a quantity is a whole lot, and never less than one', () => {
    const lots = (quantity: string | undefined, direction: 1 | -1): string =>
      formatDecimal(steppedQuantity(quantity === undefined ? undefined : decimal(quantity), direction, '100'));
    assert.deepEqual(
      [lots('250', 1), lots('250', -1), lots('300', 1), lots('100', -1), lots(undefined, 1)],
      ['300', '200', '400', '100', '100'],
    );
  });

  it('OR75 a pick replaces: price cells the price, size cells the quantity, totals both and the side', () => {
    const level = { side: 'ask', price: '17.60', size: '400', cumulativeSize: '1300' } as const;
    const draft = { ...EMPTY_DRAFT, side: 'sell', quantity: '7', limitPrice: '1' } as const;
    const pick = (field: 'price' | 'size' | 'total') => draftFromLevel(draft, { ...level, field }, separatorsOf('de'));
    assert.deepEqual(pick('price'), { ...draft, limitPrice: '17,60' });
    assert.deepEqual(pick('size'), { ...draft, quantity: '400' });
    assert.deepEqual(pick('total'), { ...draft, side: 'buy', limitPrice: '17,60', quantity: '1300' });
    assert.deepEqual(
      draftFromLevel(draft, { ...level, cumulativeSize: '', field: 'total' }, separatorsOf('en')),
      draft,
    );
  });
});

describe('newClientOrderId', () => {
  it('OR76 ids are 26 characters, sort by time and never meet', () => {
    const ids = Array.from({ length: 2000 }, () => newClientOrderId(1_700_000_000_000));
    assert.equal(new Set(ids).size, 2000);
    for (const id of ids) assert.match(id, /^[0-9A-HJKMNP-TV-Z]{26}$/);
    assert.ok(newClientOrderId(1_700_000_000_001) > ids[0]!.slice(0, 10));
    assert.equal(newClientOrderId(1, (bytes) => bytes).slice(0, 10), '0000000001');
  });
});
