import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { toUnits } from '../../../src/book/decimal.js';
import { LevelBuffer } from '../../../src/book/level-buffer.js';
import { binanceSpot, binanceUsdm } from '../../../src/stream/protocol/binance.js';
import { Scanner } from '../../../src/stream/venue/scanner.js';
import { VenueLog } from '../../support/venue-log.js';

const pairsOf = ({ prices, sizes, length }: LevelBuffer) =>
  Array.from({ length }, (_, i) => [prices[i]!, sizes[i]!] as const);

describe('Scanner', () => {
  it('VE10 takes what it is told to, and stays where it was otherwise', () => {
    const scanner = new Scanner().over('{"s":"BTC","u":42}');
    assert.equal(scanner.take('{"x":"'), false);
    assert.equal(scanner.take('{"s":"'), true);
    assert.equal(scanner.name(), 'BTC');
    assert.equal(scanner.take(',"u":'), true);
    assert.equal(scanner.integer(), 42);
    assert.equal(scanner.isAtEnd, false);
    assert.deepEqual([scanner.take('}'), scanner.isAtEnd], [true, true]);
    assert.equal(scanner.over('1').integer(), 1, 'the same scanner over another text');
  });

  it('VE10 takes no name that would have to be decoded, or has no end', () => {
    for (const text of ['a\\u0062"', 'a\nb"', 'a\u0000"', 'abc', '']) {
      const scanner = new Scanner().over(text);
      assert.equal(scanner.name(), undefined);
      assert.equal(scanner.take(text.slice(0, 1)), true, 'nothing was taken');
    }
    assert.equal(new Scanner().over('€ü"').name(), '€ü');
  });

  it('VE10 takes whole numbers that are exact, as JSON writes them', () => {
    for (const [text, value] of [
      ['0', 0],
      ['9007199254740991', Number.MAX_SAFE_INTEGER],
      ['12,', 12],
    ] as const) {
      assert.equal(new Scanner().over(text).integer(), value);
    }
    for (const text of ['', '-1', '007', '00', '9007199254740992', '9'.repeat(400), 'x', '"1"']) {
      assert.equal(new Scanner().over(text).integer(), Number.NaN, text);
    }
  });

  it('VE11 reads levels as the long way does, or not at all', () => {
    const anyNumber = fc.oneof(
      { weight: 6, arbitrary: fc.stringMatching(/^[0-9]{1,9}(\.[0-9]{1,6})?$/) },
      { weight: 2, arbitrary: fc.stringMatching(/^[0-9]{0,18}\.?[0-9]{0,18}$/) },
      { weight: 1, arbitrary: fc.stringMatching(/^[0-9]{1,3}\.[0-9]{0,3}0{18,40}$/) },
      { weight: 1, arbitrary: fc.stringMatching(/^[-+0-9.eE ]{0,6}$/) },
    );
    const scales = fc.integer({ min: 0, max: 8 });
    fc.assert(
      fc.property(fc.array(fc.tuple(anyNumber, anyNumber), { maxLength: 4 }), scales, scales, (levels, price, size) => {
        const expected = levels.map((level) => [toUnits(level[0], price), toUnits(level[1], size)] as const);
        const text = JSON.stringify(levels);
        const scanner = new Scanner().over(text);
        const buffer = new LevelBuffer();
        if (scanner.levels(buffer, price, size)) {
          assert.ok(scanner.isAtEnd);
          assert.deepEqual(pairsOf(buffer), expected);
        } else {
          const isPlain = levels.flat().every((number) => /^\d{1,8}(\.\d{1,8})?$/.test(number));
          assert.ok(!isPlain || expected.flat().some(Number.isNaN), `${text} at ${price}, ${size}`);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('VE11 takes lists of the one shape only', () => {
    const scales = [1, 1] as const;
    for (const text of ['[]', '[["1","2"]]', '[["1","2"],["3.5","0"]]']) {
      const scanner = new Scanner().over(`${text}!`);
      assert.ok(scanner.levels(new LevelBuffer(), ...scales) && scanner.take('!'), text);
    }
    const shapes = ['[', '[[]]', '[["1"]]', '[["1","2","3"]]', '[["1","2"],]', '[["1","2"]', '[[1,2]]', '[["1" ,"2"]]'];
    for (const text of [
      ...shapes,
      '',
      '{}',
      '[["1","2"],[]]',
      '[["1","2"]["3","4"]]',
      '[["1","2\\u0030"]]',
      '[["1",null]]',
    ]) {
      assert.equal(new Scanner().over(text).levels(new LevelBuffer(), ...scales), false, text);
    }
  });
});

// The fast path of a venue against its long way: a space before a frame is nothing to JSON, and turns the scanner away.

const anyPrice = fc.integer({ min: 1, max: 60 }).map((units) => (units / 10).toFixed(2));
const anySize = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('0.00000000', '1.50', '0', '3', '0.001', '12345.67800000') },
  { weight: 1, arbitrary: fc.constantFrom('9000000000000000', '1e3', '-1', '', '0.0000000000001', 'x') },
);
const anySide = (lowest: number) =>
  fc.array(
    fc.tuple(
      anyPrice.map((price) => (Number(price) + lowest).toFixed(2)),
      anySize,
    ),
    { maxLength: 4 },
  );
const anyStep = fc.record({
  kind: fc.constantFrom('update', 'update', 'update', 'update', 'quote', 'trade', 'snapshot'),
  skip: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -3, max: 3 }) }),
  size: fc.integer({ min: 1, max: 3 }),
  isWrapped: fc.boolean(),
  bids: anySide(0),
  asks: anySide(10),
  damage: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.record({
        at: fc.nat(),
        cut: fc.integer({ min: 0, max: 2 }),
        put: fc.array(fc.constantFrom(...Array.from('{}[]:,"\\ -.e019abuT')), { maxLength: 2 }),
      }),
    },
  ),
});

interface Frame {
  readonly text: string;
  readonly url?: string;
}

/** Frames of a venue that numbers its updates, some of them out of order or damaged. */
function framesOf(
  steps: readonly (typeof anyStep extends fc.Arbitrary<infer T> ? T : never)[],
  isFutures: boolean,
): Frame[] {
  let last = 100;
  const frames: Frame[] = [];
  for (const { kind, skip, size, isWrapped, bids, asks, damage } of steps) {
    if (kind === 'snapshot' || frames.length === 0) {
      const body = { lastUpdateId: last, bids: [['5.00', '1.00']], asks: [['16.00', '2.00000']] };
      frames.push({ text: JSON.stringify(body), url: 'https://venue.example/depth?symbol=ABC&limit=1000' });
      continue;
    }
    const first = last + 1 + skip;
    const stamp = isFutures ? { E: 1_700_000_000_000, T: 1_700_000_000_001 } : { E: 1_700_000_000_000 };
    let event: object;
    if (kind === 'quote') {
      event = { u: last, s: 'ABC', b: bids[0]?.[0] ?? '1', B: '2', a: '3', A: asks[0]?.[1] ?? '4' };
    } else if (kind === 'trade') {
      event = { e: isFutures ? 'aggTrade' : 'trade', s: 'ABC', t: last, a: last, p: '5.5', q: '1', T: 1, m: true };
    } else {
      const place = { U: first, u: first + size - 1, ...(isFutures && { pu: last + skip }) };
      event = { e: 'depthUpdate', ...stamp, s: 'ABC', ...place, b: bids, a: asks };
      last = Math.max(last, first + size - 1);
    }
    const whole = JSON.stringify(isWrapped ? { stream: 'abc@depth', data: event } : event);
    const start = damage === undefined ? 0 : damage.at % (whole.length + 1);
    const text =
      damage === undefined ? whole : whole.slice(0, start) + damage.put.join('') + whole.slice(start + damage.cut);
    frames.push({ text });
  }
  return frames;
}

function play(protocol: typeof binanceSpot, frames: readonly Frame[], lead: string) {
  const log = new VenueLog();
  let units = 0;
  const inner = log.deltaUnits.bind(log);
  log.deltaUnits = (...args) => ((units += 1), inner(...args));
  const session = protocol.start(log);
  for (const { text, url } of frames) session.read(lead + text, url);
  const { book, suspicion } = log.book('ABC');
  const told = {
    calls: log.take(),
    trades: log.trades,
    quotes: log.quotes,
    suspicion,
    facts: book && [book.sequence, book.eventTime, book.priceScale, book.sizeScale, book.version],
    levels: [log.levels('ABC', 'bid'), log.levels('ABC', 'ask')],
  };
  return { told, units };
}

describe('The fast path of a venue', () => {
  for (const protocol of [binanceSpot, binanceUsdm]) {
    it(`VE12 tells the same as the long way: ${protocol.name}`, () => {
      let taken = 0;
      fc.assert(
        fc.property(fc.array(anyStep, { minLength: 2, maxLength: 30, size: 'max' }), (steps) => {
          const frames = framesOf(steps, protocol === binanceUsdm);
          const fast = play(protocol, frames, '');
          const long = play(protocol, frames, ' ');
          assert.equal(long.units, 0);
          taken += fast.units;
          assert.deepEqual(fast.told, long.told);
        }),
        { numRuns: 500 },
      );
      assert.ok(taken > 100, `the fast path was taken ${taken} times`);
    });
  }

  it('VE12 a snapshot that names no symbol belongs to the same symbol, whichever way its updates were read', () => {
    const update = (first: number) =>
      JSON.stringify({ e: 'depthUpdate', E: 1, s: 'ABC', U: first, u: first, b: [['5.00', '2.00']], a: [] });
    const frames = [
      {
        text: JSON.stringify({ lastUpdateId: 7, bids: [['5.00', '1.00']], asks: [] }),
        url: 'https://venue.example/depth?symbol=ABC',
      },
      { text: update(8) },
      { text: JSON.stringify({ lastUpdateId: 8, bids: [['4.00', '1.00']], asks: [] }) },
    ];
    assert.deepEqual(play(binanceSpot, frames, '').told, play(binanceSpot, frames, ' ').told);
  });
});
