/** Several connections to an exchange: its own limits, its own books. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FakeSocket } from '../support/fake-wire.js';
import { makeVenueBench, settle, type VenueBench } from '../support/venue-wire.js';

const nothing = (): void => {};

const pass = async ({ clock }: VenueBench, ms: number): Promise<void> => {
  for (let left = ms; left > 0; left -= 100) {
    clock.pass(Math.min(100, left));
    await settle();
  }
};

/** A frame of OKX's book channel. */
const okx = (
  socket: FakeSocket,
  action: string,
  [prevSeqId, seqId]: [number, number],
  size: string,
  ts: number,
): void => {
  const data = [{ bids: [['100', size]], asks: [['101', '1']], ts: String(ts), seqId, prevSeqId }];
  socket.push({ arg: { channel: 'books', instId: 'BTC-USDT' }, action, data });
};

const bestBid = ({ stream }: VenueBench): string | undefined => stream.book('BTC-USDT')?.textAt('bid', 0)?.[1];
const state = ({ stream }: VenueBench): string => stream.verdict('BTC-USDT').state;

/** A live book of OKX on its first connection, at number 2, whose end has just been announced. */
async function makeLeaving(): Promise<{ bench: VenueBench; old: FakeSocket; next: FakeSocket }> {
  const bench = await makeVenueBench('okx');
  const old = bench.wire.last;
  bench.stream.subscribe(['BTC-USDT'], nothing, { depth: 10 });
  await pass(bench, 100);
  okx(old, 'snapshot', [-1, 1], '1', bench.clock.now());
  okx(old, 'update', [1, 2], '2', bench.clock.now());
  old.push({ event: 'notice', code: '64008', msg: 'The connection will soon be closed. Please reconnect.' });
  await pass(bench, 1_200);
  assert.equal(bench.wire.sockets.length, 2);
  return { bench, old, next: bench.wire.last };
}

describe('the pool, with an exchange', () => {
  it('PL13 symbols above what an exchange takes on one connection go to another', async () => {
    const bench = await makeVenueBench('bitfinex');
    const symbols = Array.from({ length: 20 }, (_, i) => `tS${i}USD`);
    bench.stream.subscribe(symbols, nothing);
    await pass(bench, 10_000);
    const asked = bench.wire.sockets.map(
      ({ sentTexts }) => new Set(sentTexts.flatMap((text) => /"symbol":"(\w+)"/.exec(text)?.[1] ?? [])).size,
    );
    assert.deepEqual(asked, [12, 8]);
  });

  it('PL14 an exchange that announces its end is read from the old connection until the book of the new one is as new', async () => {
    const { bench, old, next } = await makeLeaving();
    assert.deepEqual([state(bench), bestBid(bench)], ['live', '2']);
    okx(next, 'snapshot', [-1, 2], '2', bench.clock.now() - 5_000);
    await pass(bench, 100);
    // The old one is ahead.
    okx(old, 'update', [2, 3], '3', bench.clock.now());
    assert.deepEqual([state(bench), bestBid(bench)], ['live', '3']);
    okx(next, 'update', [2, 3], '3', bench.clock.now());
    okx(next, 'update', [3, 4], '4', bench.clock.now());
    assert.deepEqual([state(bench), bestBid(bench)], ['live', '4']);
    // Whatever the old one still says is not heard.
    okx(old, 'update', [3, 4], '9', bench.clock.now());
    assert.equal(bestBid(bench), '4');
    await pass(bench, 1_000);
    assert.ok(old.isClosed);
    assert.deepEqual([state(bench), bestBid(bench)], ['live', '4']);
  });

  it('PL14 a book that is lost on the old connection is shown, marked, until the new one has it', async () => {
    const { bench, old, next } = await makeLeaving();
    old.drop(1001);
    assert.deepEqual([state(bench), bestBid(bench)], ['resyncing', '2']);
    await pass(bench, 100);
    okx(next, 'snapshot', [-1, 7], '7', bench.clock.now());
    assert.deepEqual([state(bench), bestBid(bench)], ['live', '7']);
    assert.equal(bench.wire.sockets.length, 2);
  });

  it('PL14 a message that is lost while a book goes over makes no wrong book', async () => {
    const { bench, old, next } = await makeLeaving();
    okx(next, 'snapshot', [-1, 2], '2', bench.clock.now() - 5_000);
    okx(next, 'update', [4, 5], '5', bench.clock.now());
    await pass(bench, 100);
    assert.deepEqual([state(bench), bestBid(bench)], ['live', '2']);
    okx(old, 'update', [2, 3], '3', bench.clock.now());
    assert.deepEqual([state(bench), bestBid(bench)], ['live', '3']);
    okx(next, 'snapshot', [-1, 6], '6', bench.clock.now());
    assert.deepEqual([state(bench), bestBid(bench)], ['live', '6']);
  });
});
