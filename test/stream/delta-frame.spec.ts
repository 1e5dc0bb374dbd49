import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { toUnits } from '../../src/book/decimal.js';
import { LevelBuffer, type LevelText } from '../../src/book/level-buffer.js';
import { type DeltaFrame, giveBack, readDeltas } from '../../src/stream/protocol/delta-frame.js';
import {
  checkServerMessage,
  MAX_SERVER_FRAME_LENGTH,
  parseServerMessage,
} from '../../src/stream/protocol/guards-server.js';
import type { MarketDataBatch } from '../../src/stream/protocol/messages.js';
import type { FakeSocket } from '../support/fake-wire.js';
import { type Bench, delta, levelsOf, makeBench, row, serveTouchline, snapshot } from '../support/fake-server.js';
import { ServedWire } from '../support/served-wire.js';
import { anything, damaged, DAMAGES, namedTwice, pathsOf, strangeTexts } from '../support/frame-damage.js';

const SCALES = [0, 1, 2, 3, 9, 25];

const decimalText = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(fc.nat(99_999), fc.nat(5)).map(([units, scale]) => (units / 10 ** scale).toFixed(scale)),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^-?[0-9]{0,20}(\.[0-9]{0,20})?(e[0-9])?$/) },
  fc.constantFrom('9007199254740991', '9007199254740992', '0.00', '00.10', '1.0000000000000000000000', '"', '\\'),
);
const side = fc.array(fc.tuple(decimalText, decimalText), { maxLength: 4 });
const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('SCOM', 'KCB', 'x'.repeat(128)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'x'.repeat(129), 'a"b', 'a\\b', 'a\u0001b', 'é💥', '\ud800', '__proto__'),
  },
);
const count = fc.oneof(
  { weight: 8, arbitrary: fc.nat() },
  fc.constantFrom(0, 2 ** 53 - 1, 2 ** 53, 1.5, -1, 1e21, 1_795_339_255_576),
);

/** As a server writes it: the fields in this order. */
const oneDelta = fc
  .tuple(name, name, count, count, side, side, count, fc.option(count, { nil: undefined }), fc.boolean())
  .map(([symbol, epoch, prevSeq, seq, bids, asks, timestamp, checksum, isStamped]) => ({
    type: 'order_book_delta',
    stream: `book:${symbol}`.slice(0, 128),
    epoch,
    prevSeq,
    seq,
    ...(isStamped && { sent: timestamp }),
    data: { symbol, bids, asks, timestamp, ...(checksum !== undefined && { checksum }) },
  }));
const otherEntry = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(row('SCOM', 17.5, 5)),
  fc.constantFrom<unknown>({ type: 'x', text: '"]}{[\\' }, [], {}, 1, null, '}'),
);
const batch = fc
  .tuple(
    fc.option(count, { nil: undefined }),
    fc.array(fc.oneof({ weight: 5, arbitrary: oneDelta }, { weight: 1, arbitrary: otherEntry }), { maxLength: 5 }),
  )
  .map(([sent, data]) => ({ type: 'market_data_batch', ...(sent !== undefined && { sent }), data }));
const frame = fc.oneof(batch, oneDelta);

/** The text of a frame, whole or with a character gone, doubled or changed. */
const text = fc.oneof(
  { weight: 3, arbitrary: frame.map((value) => JSON.stringify(value)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(frame, fc.nat(), fc.constantFrom('', ' ', '0', '-', '"', ',', ']', '}', '\\', '[', '{', 'x'), fc.boolean())
      .map(([value, place, put, isInserted]) => {
        const whole = JSON.stringify(value);
        const at = place % whole.length;
        return whole.slice(0, at) + put + whole.slice(isInserted ? at : at + 1);
      }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(frame, fc.nat(), fc.oneof(fc.constantFrom(...DAMAGES), anything))
      .map(([value, place, damage]) => {
        const paths = pathsOf(value);
        return damaged(value, paths[place % paths.length]!, damage);
      }),
  },
);

/** Whether what was read is what the long way makes of the text. Returns how many entries were read as numbers. */
const compare = (read: DeltaFrame, whole: string): number => {
  const answer = parseServerMessage(whole);
  assert.ok(answer.ok, whole);
  const message = answer.message as MarketDataBatch;
  const isBatch = message.type === 'market_data_batch';
  const entries = isBatch ? message.data : [message];
  assert.equal(read.sent, message.sent);
  assert.equal(read.length, entries.length);
  let taken = 0;
  for (const [i, entry] of entries.entries()) {
    const found = read.at(i);
    assert.deepEqual(read.parse(found), entry);
    if (found.symbol === '') continue;
    taken += 1;
    const checked = checkServerMessage(entry);
    assert.ok(checked.ok && checked.message.type === 'order_book_delta', JSON.stringify(entry));
    const { epoch, prevSeq, seq, data } = checked.message;
    const { symbol, timestamp, checksum } = data;
    assert.deepEqual(
      [found.symbol, found.epoch, found.previousSequence, found.sequence, found.eventTime, found.checksum],
      [symbol, epoch, prevSeq, seq, timestamp, checksum],
    );
    for (const scale of SCALES) compareLevels(read, i, data, scale);
  }
  return taken;
};

const compareLevels = (
  read: DeltaFrame,
  i: number,
  data: { readonly bids: readonly LevelText[]; readonly asks: readonly LevelText[] },
  scale: number,
): void => {
  const bids = new LevelBuffer();
  const asks = new LevelBuffer();
  const unitsOf = (levels: readonly LevelText[]) =>
    levels.map((level) => [toUnits(level[0], scale), toUnits(level[1], scale)]);
  const expected = [unitsOf(data.bids), unitsOf(data.asks)];
  const fits = !expected.flat(2).includes(Number.NaN);
  assert.equal(read.fill(read.at(i), bids, asks, scale, scale), fits);
  if (!fits) return;
  const found = [bids, asks].map(({ prices, sizes, length }) =>
    Array.from({ length }, (_, at) => [prices[at], sizes[at]]),
  );
  assert.deepEqual(found, expected);
};

describe('frames of deltas, read as numbers', () => {
  it('PR40 what is read as numbers is what JSON.parse and the guards make of the same text', () => {
    let frames = 0;
    let entries = 0;
    fc.assert(
      fc.property(text, (whole) => {
        const read = readDeltas(whole);
        if (read === undefined) return;
        frames += 1;
        entries += compare(read, whole);
        giveBack(read);
      }),
      { numRuns: 6_000 },
    );
    assert.ok(frames > 800 && entries > 800, `only ${frames} frames and ${entries} entries: the test proves little`);
  });

  it('PR40 texts that are no frame, and names that come twice, go the long way or mean the same', () => {
    const whole = {
      type: 'market_data_batch',
      sent: 5,
      data: [delta('SCOM', 1, 2, [['17.5', '3']]), row('SCOM', 1, 5)],
    };
    for (const value of [whole, whole.data[0]]) {
      for (const strange of [...strangeTexts(value), ...namedTwice(value)]) {
        const read = readDeltas(strange);
        if (read === undefined) continue;
        compare(read, strange);
        giveBack(read);
      }
    }
  });

  it('PR40 an entry of another kind does not send the rest the long way', () => {
    const odd = { type: 'x', text: '"]}{[\\"', list: [[{}], '\\'] };
    for (const other of [odd, row('SCOM', 17.5, 5), {}, { ...delta('SCOM', 1, 2), type: 'order_book_delta' }]) {
      const data = [delta('SCOM', 1, 2), other, delta('SCOM', 2, 3, [['17.5', '1']])];
      const whole = JSON.stringify({ type: 'market_data_batch', data });
      const read = readDeltas(whole);
      assert.ok(read !== undefined && compare(read, whole) >= 2, whole);
      giveBack(read);
    }
  });

  it('PR40 a number that is missing is none', () => {
    const good = JSON.stringify(delta('SCOM', 7, 8, [['1', '2']]));
    assert.notEqual(readDeltas(good), undefined);
    const places = ['"prevSeq":7', '"seq":8', '"timestamp":0', '["1"', '"2"]'];
    for (const place of places) {
      const missing = good.replace(place, place.replace(/\d/, ''));
      assert.equal(readDeltas(missing), undefined, missing);
    }
  });

  it('PR40 every delta that the reference exchange sends is read as numbers', () => {
    const bench = makeBench();
    const served = new ServedWire(bench);
    const seen = { read: 0, built: 0 };
    served.onFrame = (whole) => {
      const { type, data } = JSON.parse(whole) as { type: string; data: readonly { type?: string }[] };
      if (type !== 'market_data_batch') return whole;
      seen.built += data.filter((entry) => entry.type === 'order_book_delta').length;
      const read = readDeltas(whole);
      seen.read += read === undefined ? 0 : compare(read, whole);
      return whole;
    };
    bench.stream.subscribe(served.market.symbols, () => {});
    served.pass(5_000);
    bench.stream.dispose();
    assert.ok(seen.built > 20);
    assert.equal(seen.read, seen.built);
  });

  it('PR41 a frame above the bound is not read', () => {
    const filler = JSON.stringify({ x: 'x'.repeat(MAX_SERVER_FRAME_LENGTH) });
    assert.equal(readDeltas(`{"type":"market_data_batch","data":[${filler}]}`), undefined);
  });

  it('PR41 one frame may come while another is being applied', () => {
    const [first, second] = [2, 3].map((seq) => readDeltas(JSON.stringify(delta('SCOM', seq - 1, seq)))!);
    assert.deepEqual([first!.at(0).sequence, second!.at(0).sequence], [2, 3]);
    giveBack(first!);
    giveBack(second!);
  });
});

/** What a server may say of two symbols, right or wrong. `kind` chooses, the rest varies it. */
interface Saying {
  readonly kind: number;
  readonly symbol: string;
  readonly price: number;
  readonly size: number;
  readonly scale: number;
}
const saying: fc.Arbitrary<Saying> = fc.record({
  kind: fc.nat(19),
  symbol: fc.constantFrom('SCOM', 'KCB', 'KCB', 'none'),
  price: fc.integer({ min: 1_700, max: 1_800 }),
  size: fc.nat(50),
  scale: fc.constantFrom(2, 2, 2, 3, 0),
});

/** Numbers as the server of this test gives them out. */
class Numbers {
  readonly #last = new Map<string, number>();

  next(symbol: string): readonly [previous: number, next: number] {
    const previous = this.#last.get(symbol) ?? 1;
    this.#last.set(symbol, previous + 1);
    return [previous, previous + 1];
  }
}

const said = ({ kind, symbol, price, size, scale }: Saying, numbers: Numbers): unknown => {
  const level: LevelText = [(price / 100).toFixed(scale), String(size)];
  const isBid = price < 1_752;
  const [bids, asks] = isBid ? [[level], []] : [[], [level]];
  switch (kind) {
    case 0:
      numbers.next(symbol);
      return row(symbol, price / 100, price);
    case 1:
      return delta(symbol, 1, 2, bids, asks);
    case 2:
      return delta(symbol, ...numbers.next(symbol), [['-1', 'x']]);
    case 3:
      return delta(symbol, ...numbers.next(symbol), bids, asks, { epoch: 'e2' });
    case 4:
      return delta(symbol, ...numbers.next(symbol), bids, asks, { checksum: price });
    case 5:
      return { ...delta(symbol, ...numbers.next(symbol)), data: { symbol, bids: 'none' } };
    case 6:
      return delta(symbol, ...numbers.next(symbol), [['17.60', '1']]);
    case 7:
      return {
        type: 'instrument_status',
        stream: 't',
        epoch: 'e1',
        seq: price,
        data: { symbol, phase: 'auction', timestamp: 1 },
      };
    case 8:
      return snapshot(symbol, numbers.next(symbol)[1], [['17.40', '5']], [['17.70', '6']]);
    case 9:
      return { kind: 'none of ours' };
    default:
      return delta(symbol, ...numbers.next(symbol), bids, asks);
  }
};

const begin = (answersResyncs = true): Bench & { readonly socket: FakeSocket } => {
  const bench = makeBench();
  serveTouchline(bench);
  bench.stream.subscribe(['SCOM', 'KCB'], () => {});
  bench.clock.pass(200);
  const socket = bench.wire.sockets[0]!;
  const answer = socket.onSent!;
  socket.onSent = (message, from) => {
    answer(message, from);
    if (answersResyncs && message.type === 'order_book_resync')
      from.push({ ...snapshot(message.data.symbol, 40), id: message.id });
  };
  return { ...bench, socket };
};

const stateOf = ({ stream, clock, socket, errors }: ReturnType<typeof begin>): unknown => {
  const { latency: _latency, waterfall: _waterfall, ...counts } = stream.metrics();
  return {
    counts,
    errors,
    asked: socket.got('order_book_resync'),
    symbols: ['SCOM', 'KCB'].map((symbol) => {
      const book = stream.book(symbol);
      const facts = [book?.sequence, book?.epoch, book?.eventTime, book?.version, book?.priceScale, book?.sizeScale];
      return [levelsOf(stream, symbol), facts, stream.verdict(symbol), stream.ticker(symbol), clock.now()];
    }),
  };
};

describe('a stream whose frames are read as numbers', () => {
  it('PR42 has the books, verdicts, counts and requests of one whose frames all go the long way', () => {
    const script = fc.array(
      fc.record({ says: fc.array(saying, { minLength: 1, maxLength: 6 }), isBatch: fc.boolean(), ms: fc.nat(700) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(script, (frames) => {
        const quick = begin();
        const long = begin();
        const numbers = new Numbers();
        for (const { says, isBatch, ms } of frames) {
          const messages = says.map((one) => said(one, numbers));
          const batched = { type: 'market_data_batch', sent: quick.clock.now(), data: messages };
          for (const message of isBatch ? [batched] : messages) {
            const whole = JSON.stringify(message);
            quick.socket.pushText(whole);
            // White space is what no server of ours writes.
            long.socket.pushText(` ${whole}`);
            assert.deepEqual(stateOf(quick), stateOf(long));
          }
          quick.clock.pass(ms);
          long.clock.pass(ms);
          assert.deepEqual(stateOf(quick), stateOf(long));
        }
        quick.stream.dispose();
        long.stream.dispose();
      }),
      { numRuns: 300 },
    );
  });

  it('PR42 nothing of a frame is applied whose end cannot be read', () => {
    const { stream, socket } = begin(false);
    const whole = JSON.stringify({ type: 'market_data_batch', data: [delta('SCOM', 1, 2), delta('KCB', 1, 2)] });
    socket.pushText(whole.slice(0, -2));
    assert.deepEqual([stream.book('SCOM')?.sequence, stream.book('KCB')?.sequence], [1, 1]);
    assert.equal(stream.metrics().refused, 1);
    stream.dispose();
  });

  it('PR42 a symbol that goes over to another connection has its own numbers on each', () => {
    const bench = makeBench();
    serveTouchline(bench, { snapshots: false });
    const { stream, clock, wire } = bench;
    stream.subscribe(['SCOM'], () => {});
    clock.pass(200);
    const [old] = wire.sockets;
    old!.push(snapshot('SCOM', 5), { type: 'going_away', data: { reason: 'restart', reconnectAfterMs: [0, 0] } });
    for (let i = 0; i < 50 && wire.sockets.length < 2; i += 1) clock.pass(100);
    clock.pass(200);
    const next = wire.sockets[1]!;
    assert.equal(next.got('subscribe').length, 1);
    // Of the new connection's chain, which has no snapshot yet, and would follow the book of the old one.
    next.push(delta('SCOM', 5, 6, [['17.50', '999']]));
    assert.deepEqual([stream.book('SCOM')?.sequence, levelsOf(stream, 'SCOM').bids], [5, [[17.5, 100]]]);
    next.push(snapshot('SCOM', 6, [['17.45', '7']]));
    assert.deepEqual([stream.book('SCOM')?.sequence, levelsOf(stream, 'SCOM').bids], [6, [[17.45, 7]]]);
    // And what the old one still says is nobody's.
    old!.push(delta('SCOM', 6, 7, [['17.50', '888']]));
    next.push(delta('SCOM', 6, 7, [['17.45', '8']]));
    assert.deepEqual([stream.book('SCOM')?.sequence, levelsOf(stream, 'SCOM').bids], [7, [[17.45, 8]]]);
    stream.dispose();
  });

  it('PR42 frames of strangers alone are no sign of life of the feed', () => {
    const [quick, long] = [begin(), begin()];
    const whole = JSON.stringify({ type: 'market_data_batch', data: [{ type: 'unheard_of' }, delta('none', 1, 2)] });
    for (let i = 0; i < 100; i += 1) {
      quick.clock.pass(1_000);
      long.clock.pass(1_000);
      quick.socket.pushText(whole);
      long.socket.pushText(` ${whole}`);
      assert.deepEqual(stateOf(quick), stateOf(long));
    }
  });
});
