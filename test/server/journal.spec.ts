import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import nodeCrypto from 'node:crypto';
import { once } from 'node:events';
import fs, {
  closeSync,
  cpSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, mock } from 'node:test';
import { startExchange } from '../../server/exchange-server.js';
import { lockFolder } from '../../server/journal/folder-lock.js';
import { type Journal, type JournalOptions, openJournal } from '../../server/journal/journal.js';
import { JournalError } from '../../server/journal/journal-error.js';
import { type Disk, realDisk } from '../../server/journal/journal-file.js';
import { KeptState } from '../../server/journal/kept-state.js';
import { type ByteSource, decodeLines, encodeLine, fileSource, readLines } from '../../server/journal/lines.js';
import type { Act } from '../../src/sim/act.js';
import { ActKeeper } from '../../src/sim/act-keeper.js';
import { ClientAccount } from '../../src/sim/client-account.js';
import { DeskOrder } from '../../src/sim/desk-order.js';
import type { OrderRequest, PrivateEvent } from '../../src/sim/desk-types.js';
import { Exchange, offerings } from '../../src/sim/index.js';
import { balanced, order as dayOrder, START } from '../sim/support.js';
import { forgetPrices } from './old-journal.js';
import { SessionWire } from './session-wire.js';

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'touchline-journal-'));
  folders.push(folder);
  return folder;
};
const fileOf = (folder: string): string => join(folder, 'journal.log');

/** One that outlives the day. */
const order = (given: Partial<OrderRequest> = {}): OrderRequest => dayOrder({ timeInForce: 'gtc', ...given });
const market = (given: Partial<OrderRequest> = {}): OrderRequest =>
  order({ orderType: 'market', limitPrice: null, timeInForce: 'day', ...given });

interface Run {
  readonly exchange: Exchange;
  readonly journal: Journal;
}

/** A market on a folder; `journal.close()` is an end without damage, and leaving it open is a kill. */
const run = (folder: string, options: { readonly symbols?: number } & Partial<JournalOptions> = {}): Run => {
  const { symbols = 6, ...rest } = options;
  const journal = openJournal({ folder, epoch: 'pe1', ...rest });
  try {
    const exchange = new Exchange({ symbols: offerings(symbols), startMs: START, epoch: 'e1', journal });
    return { exchange, journal };
  } catch (error) {
    journal.close();
    throw error;
  }
};

const listen = ({ exchange }: Run, account = 'A-1'): PrivateEvent[] => {
  const events: PrivateEvent[] = [];
  exchange.desk.listen(account, (event) => events.push(event));
  return events;
};

/** A disk that refuses as it is told. */
class BadDisk implements Disk {
  refuses: (bytes: Uint8Array) => boolean = () => false;
  /** How much of a refused write is done all the same. */
  partly = 0;
  isLost = false;
  write(file: number, bytes: Uint8Array, at: number): number {
    if (!this.refuses(bytes)) return realDisk.write(file, bytes, at);
    if (this.partly > 0) realDisk.write(file, bytes.subarray(0, this.partly), at);
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  }
  truncate(file: number, length: number): void {
    if (this.isLost) throw Object.assign(new Error('i/o error'), { code: 'EIO' });
    realDisk.truncate(file, length);
  }
  sync(file: number): void {
    realDisk.sync(file);
  }
}

/** No line begins with a zero. */
const isRoom = (bytes: Uint8Array): boolean => bytes[0] === 0;

describe('a journal', () => {
  const lines = [{ one: 1 }, { two: 'zwei – дв' }, { three: [3, 3, 3] }].map(encodeLine);
  const whole = Buffer.concat(lines);
  const last = lines[2]!;
  const before = whole.length - last.length;

  it('SX140 cuts a torn last line off, wherever it is torn, with or without room behind it', () => {
    for (const room of [0, 1, 50]) {
      assert.deepEqual(decodeLines(Buffer.concat([whole, Buffer.alloc(room)])).values.length, 3);
      for (let cut = 0; cut < last.length; cut++) {
        const bytes = Buffer.concat([whole.subarray(0, before + cut), Buffer.alloc(room)]);
        const { values, end, torn } = decodeLines(bytes);
        assert.deepEqual([values.length, end, torn], [2, before, cut], `cut at ${cut}, room ${room}`);
      }
    }
  });

  it('SX141 refuses a hole in the last lines: bytes behind it say that they were written', () => {
    for (const room of [0, 9]) {
      for (let hole = 0; hole < last.length - 5; hole++) {
        const bytes = Buffer.concat([whole, Buffer.alloc(room)]);
        bytes.fill(0, before + hole, before + hole + 4);
        assert.throws(() => decodeLines(bytes), JournalError, `hole at ${hole}`);
      }
    }
    // Nor is a line that has its end torn, however long it says that it is.
    const longer = Buffer.concat([whole.subarray(0, before), Buffer.from(last.toString().replace(/^\d+/, '99'))]);
    assert.throws(() => decodeLines(longer), JournalError);
    // More than one line is never torn.
    const [, second] = lines;
    for (const from of [before - second!.length, before - 3]) {
      const bytes = Buffer.concat([whole, Buffer.alloc(9)]);
      bytes.fill(0, from, before + 5);
      assert.throws(() => decodeLines(bytes), JournalError, `from ${from}`);
    }
  });

  describe('SX247 a last line after a loss of power', () => {
    const SECTOR = 512;
    /** A journal whose last line, of 1,700 bytes or so, begins at a byte, with room behind it. */
    const journalTo = (start: number, behind = 5_000) => {
      const empty = encodeLine({ pad: 'x'.repeat(1_000) }).length;
      const kept = encodeLine({ pad: 'x'.repeat(start - empty + 1_000) });
      assert.equal(kept.length, start);
      const written = encodeLine({ pad: 'y'.repeat(1_650) });
      return { bytes: Buffer.concat([kept, written, Buffer.alloc(behind)]), end: start + written.length };
    };
    const starts = [4_000, 4_080, 4_095, 4_096, 4_097, 4_600];

    it('SX247 is torn whichever of its sectors are missing, and all before it is there', () => {
      for (const start of starts) {
        const { bytes, end } = journalTo(start);
        const cuts = [start];
        for (let at = start - (start % SECTOR) + SECTOR; at < end; at += SECTOR) cuts.push(at);
        for (let missing = 1; missing < 2 ** cuts.length; missing++) {
          const broken = Buffer.from(bytes);
          cuts.forEach((from, i) => (missing >> i) % 2 === 1 && broken.fill(0, from, cuts[i + 1] ?? end));
          const found = decodeLines(broken);
          const about = `from ${start}, ${missing.toString(2)} missing`;
          assert.deepEqual([found.values.length, found.end], [1, start], about);
          let last = end;
          while (last > start && broken[last - 1] === 0) last--;
          assert.equal(found.torn, last - start, about);
        }
      }
    });

    it('SX247 is damaged where anything else than whole sectors is zero', () => {
      for (const start of starts) {
        const { bytes, end } = journalTo(start);
        for (let at = start; at < end - 1; at++) {
          // What is there of the line in its first sector may be one byte.
          if (at === start && at % SECTOR === SECTOR - 1) continue;
          const broken = Buffer.from(bytes);
          broken[at] = 0;
          assert.throws(() => decodeLines(broken), JournalError, `a zero at ${at}`);
        }
        const cut = start - (start % SECTOR) + SECTOR;
        for (const [from, to] of [
          [start, cut - 1],
          [start, cut + 1],
          // Where the line does not begin there.
          [cut - 1, cut - 1 === start ? start : cut + SECTOR],
          [cut, cut + SECTOR - 1],
        ] as const) {
          const broken = Buffer.from(bytes);
          broken.fill(0, from, to);
          if (from < to) assert.throws(() => decodeLines(broken), JournalError, `zeros from ${from} to ${to}`);
        }
      }
    });

    it('SX247 is damaged where another line follows, where its length is another, and where it was closed', () => {
      // The next line begins with a sector, and has its end.
      const next = encodeLine({ pad: 'z' });
      const { length } = journalTo(4_096, 0).bytes;
      const start = 4_096 + SECTOR - (length % SECTOR);
      const { bytes, end } = journalTo(start);
      assert.equal(end % SECTOR, 0);
      next.copy(bytes, end);
      bytes.fill(0, start, end);
      assert.throws(() => decodeLines(bytes), JournalError);
      for (const digit of ['0', '9']) {
        const broken = journalTo(4_096).bytes;
        broken.fill(0, 4_096 + SECTOR, 4_096 + 2 * SECTOR);
        assert.equal(decodeLines(broken).values.length, 1);
        broken.write(digit, 4_096 + 1);
        assert.throws(() => decodeLines(broken), JournalError, `a length with ${digit}`);
      }
      const closed = journalTo(4_096, 0).bytes;
      closed.fill(0, 4_096, 4_096 + SECTOR);
      assert.throws(() => decodeLines(closed), JournalError);
      assert.equal(decodeLines(Buffer.concat([closed, Buffer.alloc(1)])).values.length, 1);
    });
  });

  it('SX141 refuses a flipped byte anywhere, the last line and its end included', () => {
    for (let at = 0; at < whole.length; at++) {
      for (const flip of [1, 0x40]) {
        const bytes = Buffer.from(whole);
        bytes[at]! ^= flip;
        assert.throws(() => decodeLines(bytes), JournalError, `byte ${at} ^ ${flip}`);
      }
    }
  });

  it('SX141 refuses a hole in the middle and an act that is missing, and changes nothing', () => {
    const folder = newFolder();
    const { exchange, journal } = run(folder);
    for (let i = 1; i <= 3; i++) exchange.desk.place(order({ clientOrderId: `order-000${i}` }), START);
    journal.close();
    const text = readFileSync(fileOf(folder), 'utf8');
    const all = text.split('\n');
    assert.ok(all.length > 4);
    const damages = {
      'is damaged': text.replace('order-0002', 'order-000\0'),
      'is missing': all.filter((_, i) => i !== 2).join('\n'),
    };
    for (const [complaint, bytes] of Object.entries(damages)) {
      writeFileSync(fileOf(folder), bytes);
      assert.throws(() => run(folder), new RegExp(complaint));
      assert.equal(readFileSync(fileOf(folder), 'utf8'), bytes);
    }
    writeFileSync(fileOf(folder), text);
    run(folder).journal.close();
  });

  it('SX142 has each act on disk before anybody hears of it, and as one', () => {
    const folder = newFolder();
    const wires = run(folder);
    wires.exchange.desk.place(order({ account: 'B-2', side: 'sell', limitPrice: '17.50' }), START);
    // Whoever hears anything looks into the file.
    const seen: string[] = [];
    let acts = 0;
    for (const account of ['A-1', 'B-2']) {
      wires.exchange.desk.listen(account, ({ type, sequence }) => {
        const { values } = decodeLines(readFileSync(fileOf(folder)));
        const [newest] = values.slice(-1) as { accounts: { name: string; events: PrivateEvent[] }[] }[];
        acts = Math.max(acts, values.length);
        assert.equal(values.length, acts);
        const kept = newest!.accounts.find(({ name }) => name === account)?.events;
        assert.ok(kept?.some((event) => event.sequence === sequence && event.type === type));
        seen.push(`${account} ${type}`);
      });
    }
    wires.exchange.desk.place(order({ limitPrice: '17.50' }), START);
    assert.ok(seen.includes('A-1 order_fill'), String(seen));
    wires.journal.close();
  });

  it('SX143 brings accounts, orders, refusals and the audit back, and goes on with ids and numbers', () => {
    const folder = newFolder();
    const first = run(folder);
    const told = listen(first);
    const place = ({ exchange }: Run, request: OrderRequest): string => exchange.desk.place(request, START).kind;
    assert.equal(place(first, market({ quantity: '5000' })), 'accepted');
    assert.equal(place(first, order({ clientOrderId: 'order-0002' })), 'accepted');
    assert.equal(place(first, order({ clientOrderId: 'order-0003', side: 'sell', limitPrice: '18.50' })), 'accepted');
    assert.equal(place(first, order({ clientOrderId: 'order-0004' })), 'accepted');
    first.exchange.desk.cancel('A-1', 'order-0004', START);
    assert.equal(place(first, order({ clientOrderId: 'order-0005', quantity: '150' })), 'rejected');
    const stop = { orderType: 'stop', limitPrice: null, stopPrice: '18.50' } as const;
    assert.equal(place(first, order({ clientOrderId: 'order-0006', ...stop })), 'accepted');
    for (let atMs = START; atMs < START + 5_000; atMs += 100) first.exchange.step(atMs);
    const picture = ({ exchange }: Run): unknown => ({
      account: exchange.desk.snapshot('A-1'),
      orders: [1, 2, 3, 4, 5, 6].map((i) => exchange.desk.query('A-1', `order-000${i}`)),
      audit: exchange.audit(),
    });
    const expected = picture(first);
    // Killed: nothing is closed, and another process has the folder.
    rmSync(join(folder, 'lock'));
    first.journal.close();

    const second = run(folder);
    assert.deepEqual(picture(second), expected);
    balanced(second.exchange);
    assert.deepEqual(second.exchange.desk.since('A-1', 'pe1', 0), told);
    assert.equal(place(second, order({ clientOrderId: 'order-0002' })), 'duplicate');
    assert.equal(place(second, order({ clientOrderId: 'order-0001' })), 'rejected');
    const more = listen(second);
    assert.equal(place(second, market({ clientOrderId: 'order-0007', side: 'sell' })), 'accepted');
    assert.equal(second.exchange.desk.cancel('A-1', 'order-0002', START).kind, 'cancelled');
    assert.equal(more[0]!.sequence, told.length + 1);
    const all = [...told, ...more];
    assert.deepEqual(
      all.map(({ epoch, sequence }) => [epoch, sequence]),
      all.map((_, i) => ['pe1', i + 1]),
    );
    const fills = all.flatMap((event) => (event.type === 'order_fill' ? [event.data] : []));
    assert.ok(fills.length > 2);
    for (const key of ['fillId', 'tradeId'] as const) {
      assert.equal(new Set(fills.map((fill) => fill[key])).size, fills.length, key);
    }
    const ids = [1, 2, 3, 4, 5, 6, 7].map((i) => second.exchange.desk.query('A-1', `order-000${i}`)?.orderId);
    assert.equal(new Set(ids).size, 7);
    balanced(second.exchange);
    second.journal.close();
  });

  it('SX151 brings changes of orders and icebergs back, and knows a change that comes again', () => {
    const folder = newFolder();
    const first = run(folder);
    const request = order({ quantity: '400', limitPrice: '15.80', displayQuantity: '200', postOnly: true });
    assert.equal(first.exchange.desk.place(request, START).kind, 'accepted');
    const change = (revision: number, quantity: string, limitPrice: string) => ({
      account: 'A-1',
      clientOrderId: 'order-0001',
      revision,
      quantity,
      limitPrice,
      stopPrice: null,
    });
    assert.equal(first.exchange.desk.replace(change(1, '800', '15.85'), START).kind, 'replaced');
    assert.equal(first.exchange.desk.replace(change(2, '600', '15.90'), START).kind, 'replaced');
    const picture = ({ exchange }: Run): unknown => [
      exchange.desk.snapshot('A-1'),
      exchange.desk.query('A-1', 'order-0001'),
      exchange.audit(),
    ];
    const expected = picture(first);
    rmSync(join(folder, 'lock'));
    first.journal.close();

    const second = run(folder);
    assert.deepEqual(picture(second), expected);
    const { desk } = second.exchange;
    assert.deepEqual(desk.query('A-1', 'order-0001')?.displayQuantity, '200');
    for (const known of [change(1, '800', '15.85'), change(2, '600', '15.90')]) {
      assert.equal(desk.replace(known, START).kind, 'duplicate');
    }
    const other = desk.replace(change(2, '500', '15.90'), START);
    assert.equal(other.kind === 'rejected' && other.code, 'revision_conflict');
    assert.equal(desk.replace(change(3, '500', '15.90'), START).kind, 'replaced');
    balanced(second.exchange);
    second.journal.close();
  });

  it('SX143 counts the fee of a partly filled order on from where it was, to the cent', () => {
    const client = new ClientAccount('A-1', 1_000_000n, 'pe1', new ActKeeper(undefined));
    const terms = { side: 'buy', type: 'limit', timeInForce: 'gtc', quantity: 300, limit: 9 } as const;
    const fees = { taker: 12n, maker: 2n, denominator: 10_000n };
    const make = (): DeskOrder => new DeskOrder(client, 'o-1', order({ quantity: '300' }), terms, fees, START);
    const fill = (desk: DeskOrder): bigint => {
      desk.leaves -= 100;
      return desk.addFill(900n, true, START);
    };
    const before = make();
    // 1.08 cents are due and 2 are taken: the next 1.08 make 2.16, which is only 1 more.
    assert.equal(fill(before), 2n);
    const after = make();
    after.restore(JSON.parse(JSON.stringify(before.takeRecord())) as ReturnType<DeskOrder['takeRecord']>);
    assert.equal(after.cashToBind, before.cashToBind);
    assert.deepEqual([fill(after), fill(after)], [1n, 1n]);
  });

  it('SX146 keeps the last 1,000 events of an account, whatever came before', () => {
    const state = new KeptState();
    const act = (sequence: number): Act => {
      const event = { type: 'balance_update', epoch: 'pe1', sequence } as PrivateEvent;
      const house = { crowdCash: '0', crowdShares: {}, fees: '0', fills: 0 };
      return { house, accounts: [{ name: 'A-1', sequence, cash: '0', holdings: {}, tickets: [], events: [event] }] };
    };
    for (let sequence = 1; sequence <= 1_500; sequence++) state.add(act(sequence));
    const [kept] = [...state.acts()].flatMap(({ accounts }) => accounts);
    assert.deepEqual(
      kept?.events.map(({ sequence }) => sequence),
      Array.from({ length: 1_000 }, (_, i) => 501 + i),
    );
  });

  it('SX186 refuses a folder that cannot be made, with a word and at once, and makes one that can, parents too', () => {
    const blocked = join(newFolder(), 'file');
    writeFileSync(blocked, '');
    const cases = [join(blocked, 'x'), ...(process.platform === 'linux' ? ['/proc/x', '/proc/x/y'] : [])];
    for (const folder of cases) assert.throws(() => openJournal({ folder, epoch: 'pe1' }), JournalError);
    const deep = join(newFolder(), 'a', 'b', 'c');
    openJournal({ folder: deep, epoch: 'pe1' }).close();
    openJournal({ folder: deep, epoch: 'pe1' }).close();
  });

  it('SX144 lets working orders in behind the new crowd, where what meets somebody trades', () => {
    const folder = newFolder();
    const first = run(folder);
    // Better than the crowd's best: the last of these rests inside the spread or took all that was there.
    first.exchange.desk.place(order({ limitPrice: '17.55', quantity: '40000' }), START);
    const before = first.exchange.desk.query('A-1', 'order-0001');
    assert.equal(before?.status, 'partially_filled');
    const shown = first.exchange.listing('SCOM')!.book.bids.sizeAt(0);
    assert.equal(String(shown), before.leavesQuantity);
    first.journal.close();
    forgetPrices(folder);
    const second = run(folder);
    const now = second.exchange.desk.query('A-1', 'order-0001');
    // The crowd of the new run offers at 17.55 again.
    assert.ok(BigInt(now!.cumQuantity) > BigInt(before.cumQuantity));
    const event = second.exchange.desk.since('A-1', 'pe1', 0)?.at(-2);
    assert.ok(event?.type === 'order_fill' && event.data.liquidity === 'taker');
    assert.equal(String(second.exchange.listing('SCOM')!.book.bids.sizeAt(0)), now!.leavesQuantity);
    balanced(second.exchange);
    second.journal.close();
  });

  it('SX144 a stop that has woken does not wait again', () => {
    const folder = newFolder();
    const first = run(folder);
    const [buyer, seller] = ['A-1', 'B-2'];
    const stop = { orderType: 'stop_limit', stopPrice: '17.60', limitPrice: '16.00', account: buyer } as const;
    first.exchange.desk.place(order(stop), START);
    const places = (): string[] => {
      const { values } = decodeLines(readFileSync(fileOf(folder)));
      return (values as { accounts?: { tickets: { order?: { terms: { stop?: number } } }[] }[] }[]).flatMap(
        ({ accounts = [] }) => accounts.flatMap(({ tickets }) => tickets.map(({ order: o }) => String(o?.terms.stop))),
      );
    };
    assert.deepEqual(places(), ['1760']);
    first.exchange.desk.place(
      order({ account: seller, limitPrice: '17.75', quantity: '30000', timeInForce: 'ioc' }),
      START,
    );
    const resting = ({ exchange }: Run): number => {
      const { bids } = exchange.listing('SCOM')!.book;
      for (let i = 0; i < bids.length; i++) if (bids.priceAt(i) === 1_600) return bids.sizeAt(i);
      return 0;
    };
    first.journal.close();
    forgetPrices(folder);
    const second = run(folder);
    const bare = new Exchange({ startMs: START, epoch: 'e1' });
    assert.equal(resting(second), resting({ exchange: bare, journal: first.journal }) + 100);
    second.journal.close();
  });

  it('SX218 a stop_limit that has woken is changed after a restart like before it, with the stop price that it has', () => {
    const folder = newFolder();
    const first = run(folder);
    const stop = order({ orderType: 'stop_limit', stopPrice: '17.60', limitPrice: '16.00', quantity: '300' });
    first.exchange.desk.place(stop, START);
    const waker = { clientOrderId: 'waker-0001', account: 'B-2', limitPrice: '17.75', quantity: '30000' } as const;
    first.exchange.desk.place(order({ ...waker, timeInForce: 'ioc' }), START);
    const change = (revision: number, quantity: string, limitPrice: string, stopPrice: string | null) => ({
      account: 'A-1',
      clientOrderId: 'order-0001',
      revision,
      quantity,
      limitPrice,
      stopPrice,
    });
    const restingAt = ({ exchange }: Run, price: number): number => {
      const { bids } = exchange.listing('SCOM')!.book;
      for (let i = 0; i < bids.length; i++) if (bids.priceAt(i) === price) return bids.sizeAt(i);
      return 0;
    };
    let now = first;
    for (const [i, price] of [1_590, 1_595, 1_605].entries()) {
      const text = (price / 100).toFixed(2);
      const { desk } = now.exchange;
      for (const other of ['17.65', '17.55']) {
        const refused = desk.replace(change(i + 1, '300', text, other), START);
        assert.deepEqual(refused, { kind: 'rejected', code: 'bad_price', status: 'open' });
      }
      const before = restingAt(now, price);
      // However the price is written.
      const stopPrice = i === 1 ? '17.6' : '17.60';
      assert.equal(desk.replace(change(i + 1, '300', text, stopPrice), START).kind, 'replaced', `change ${i + 1}`);
      assert.equal(restingAt(now, price), before + 300);
      assert.equal(desk.query('A-1', 'order-0001')?.stopPrice, stopPrice);
      balanced(now.exchange);
      now.journal.close();
      now = run(folder);
    }
    // It goes on resting, and a smaller total keeps its place.
    const before = restingAt(now, 1_605);
    assert.equal(now.exchange.desk.replace(change(4, '200', '16.05', '17.60'), START).kind, 'replaced');
    assert.equal(restingAt(now, 1_605), before - 100);
    now.journal.close();
  });

  it('SX145 refuses what cannot be kept: a full disk is met before an act, and leaves no trace', () => {
    const folder = newFolder();
    const disk = new BadDisk();
    const { exchange, journal } = run(folder, { disk });
    const events = listen({ exchange, journal });
    // The room that is made ahead is used up by refusals that are kept.
    disk.refuses = isRoom;
    const long = 'x'.repeat(40_000);
    let kind = '';
    let i = 0;
    for (; i < 200 && kind !== 'overloaded'; i++) {
      const result = exchange.desk.place(order({ clientOrderId: `${long}${i}`, quantity: '1' }), START);
      kind = result.kind === 'rejected' ? result.code : result.kind;
    }
    assert.equal(kind, 'overloaded');
    assert.equal(exchange.desk.query('A-1', `${long}${i - 1}`), undefined);
    assert.equal(exchange.desk.snapshot('B-2'), undefined);
    const sequence = exchange.listing('SCOM')!.book.sequence;
    exchange.step(START + 2_000);
    assert.equal(exchange.listing('SCOM')!.book.sequence, sequence, 'the market rests');
    assert.deepEqual(events, []);
    disk.refuses = () => false;
    assert.equal(exchange.desk.place(order(), START).kind, 'accepted');
    assert.equal(events.length, 2);
    journal.close();
  });

  for (const partly of [0, 30]) {
    it(`SX145 tells nobody of an act whose line fails after ${partly} bytes, and does nothing more`, () => {
      const folder = newFolder();
      const disk = new BadDisk();
      let failures = 0;
      const { exchange, journal } = run(folder, { disk, onFailure: () => failures++ });
      exchange.desk.place(order(), START);
      const events = listen({ exchange, journal });
      disk.refuses = (bytes) => !isRoom(bytes);
      disk.partly = partly;
      const lost = exchange.desk.place(market({ clientOrderId: 'order-0002' }), START);
      assert.ok(lost.kind === 'rejected' && lost.code === 'internal');
      assert.equal(failures, 1);
      disk.refuses = () => false;
      const next = exchange.desk.place(order({ clientOrderId: 'order-0003' }), START);
      assert.ok(next.kind === 'rejected' && next.retryable && next.code === 'overloaded');
      assert.deepEqual(exchange.desk.cancel('A-1', 'order-0001', START), {
        kind: 'rejected',
        code: 'overloaded',
      });
      exchange.step(START + 1_000);
      assert.deepEqual(events, []);
      journal.close();
      const second = run(folder);
      assert.equal(second.exchange.desk.query('A-1', 'order-0002'), undefined);
      assert.equal(second.exchange.desk.query('A-1', 'order-0001')?.status, 'open');
      assert.equal(second.exchange.desk.place(market({ clientOrderId: 'order-0002' }), START).kind, 'accepted');
      second.journal.close();
    });
  }

  it('SX225 refuses an act of which no line can be made: nothing of it is kept, and whoever runs the exchange is told', () => {
    const folder = newFolder();
    const failures: Error[] = [];
    const { exchange, journal } = run(folder, { onFailure: (error) => failures.push(error) });
    exchange.desk.place(order(), START);
    const before = decodeLines(readFileSync(fileOf(folder))).end;
    const deep = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000)) as string;
    const lost = exchange.desk.place(order({ clientOrderId: 'order-0002', ...{ deep } }), START);
    assert.ok(lost.kind === 'rejected' && lost.code === 'internal');
    assert.equal(failures.length, 1);
    assert.ok(failures[0] instanceof JournalError);
    assert.equal(decodeLines(readFileSync(fileOf(folder))).end, before);
    journal.close();
    const next = run(folder);
    assert.equal(next.exchange.desk.query('A-1', 'order-0002'), undefined);
    next.journal.close();
  });

  it('SX145 does not answer at all when nobody can tell whether a line was kept', () => {
    const disk = new BadDisk();
    const { exchange, journal } = run(newFolder(), { disk });
    exchange.desk.snapshot('A-1');
    disk.refuses = (bytes) => !isRoom(bytes);
    disk.isLost = true;
    assert.throws(() => exchange.desk.place(order(), START), JournalError);
    journal.close();
  });

  for (const isLost of [false, true]) {
    it(`SX217 tells nothing out of memory after an act that was not kept${isLost ? ', or may not be' : ''}`, () => {
      const folder = newFolder();
      const disk = new BadDisk();
      const { exchange, journal } = run(folder, { disk });
      const { desk } = exchange;
      desk.place(order(), START);
      const wire = new SessionWire({ exchange }).hello();
      assert.equal(desk.isBroken, false);
      disk.refuses = (bytes) => !isRoom(bytes);
      disk.isLost = isLost;
      const lost = order({ clientOrderId: 'order-0002' });
      if (isLost) assert.throws(() => desk.place(lost, START), JournalError);
      else assert.equal(desk.place(lost, START).kind, 'rejected');
      assert.equal(desk.isBroken, true);
      for (const clientOrderId of ['order-0001', 'order-0002', 'order-0003']) {
        const again = desk.place(order({ clientOrderId }), START);
        assert.ok(again.kind === 'rejected' && again.code === 'overloaded' && again.retryable);
        const change = {
          account: 'A-1',
          clientOrderId,
          revision: 1,
          quantity: '50',
          limitPrice: '16.00',
          stopPrice: null,
        };
        assert.deepEqual(desk.replace(change, START), { kind: 'rejected', code: 'overloaded' });
        assert.deepEqual(desk.cancel('A-1', clientOrderId, START), { kind: 'rejected', code: 'overloaded' });
        assert.equal(desk.query('A-1', clientOrderId), undefined);
        wire.say({ type: 'order_place', id: `p${clientOrderId}`, data: order({ clientOrderId }) });
        wire.say({ type: 'order_replace', id: `r${clientOrderId}`, data: change });
        wire.say({ type: 'order_cancel', id: `c${clientOrderId}`, data: { account: 'A-1', clientOrderId } });
        wire.say({ type: 'order_query', id: `q${clientOrderId}`, data: { account: 'A-1', clientOrderId } });
        wire.pass(1_000);
      }
      assert.equal(desk.snapshot('A-1'), undefined);
      assert.equal(desk.since('A-1', 'pe1', 0), undefined);
      wire.say({ type: 'account_subscribe', id: 'a', data: { account: 'A-1' } });
      const told = wire.take().filter(({ id }) => id !== undefined);
      const answers = told.map(({ type, data }) => `${type} ${data.code}`);
      assert.deepEqual(answers, Array(13).fill('error internal'));
      journal.close();
    });
  }

  it('SX219 whoever runs the exchange is told once of an act of which nobody can tell', () => {
    const disk = new BadDisk();
    const failures: Error[] = [];
    const { exchange, journal } = run(newFolder(), { disk, onFailure: (error) => failures.push(error) });
    exchange.desk.snapshot('A-1');
    disk.refuses = (bytes) => !isRoom(bytes);
    disk.isLost = true;
    assert.throws(() => exchange.desk.place(order(), START), JournalError);
    exchange.desk.place(order({ clientOrderId: 'order-0002' }), START);
    exchange.step(START + 1_000);
    assert.equal(failures.length, 1);
    assert.ok(failures[0] instanceof JournalError);
    journal.close();
  });

  it('SX146 is written anew at the start, as short as it can be, and says the same', () => {
    const folder = newFolder();
    const first = run(folder);
    const told = listen(first);
    for (let i = 0; i < 600; i++) {
      first.exchange.desk.place(order({ clientOrderId: `order-${i}` }), START);
      first.exchange.desk.cancel('A-1', `order-${i}`, START);
    }
    const snapshot = first.exchange.desk.snapshot('A-1');
    first.journal.close();
    const lengths = [];
    for (let again = 0; again < 3; again++) {
      const next = run(folder);
      assert.deepEqual(next.exchange.desk.snapshot('A-1'), snapshot);
      // The last 1,000 events can still be asked for, and no more.
      assert.deepEqual(next.exchange.desk.since('A-1', 'pe1', told.length - 1_000), told.slice(-1_000));
      assert.equal(next.exchange.desk.since('A-1', 'pe1', told.length - 1_001), undefined);
      next.journal.close();
      lengths.push(decodeLines(readFileSync(fileOf(folder))).values.length);
    }
    assert.deepEqual(lengths, [2, 2, 2]);
  });

  it('SX146 survives a start that was killed while it wrote anew', () => {
    const folder = newFolder();
    const first = run(folder);
    first.exchange.desk.place(order(), START);
    first.journal.close();
    writeFileSync(`${fileOf(folder)}.new`, 'half a li');
    const second = run(folder);
    assert.equal(second.exchange.desk.query('A-1', 'order-0001')?.status, 'open');
    second.journal.close();
  });

  it('SX226 a journal is read in pieces, however long it is, and a line of any length is one', () => {
    const folder = newFolder();
    const values = Array.from({ length: 60 }, (_, i) => ({ i, text: 'дв'.repeat(i === 30 ? 1_200_000 : i * 900) }));
    const bytes = Buffer.concat([...values.map(encodeLine), Buffer.from('17 0'), Buffer.alloc(3_000_000)]);
    assert.ok(bytes.length > 8_000_000);
    writeFileSync(fileOf(folder), bytes);
    const file = openSync(fileOf(folder), 'r');
    let most = 0;
    const source = fileSource(file, bytes.length);
    const watched: ByteSource = {
      length: source.length,
      slice: (start, end) => {
        const piece = source.slice(start, end);
        if (end - start < 3_000_000) most = Math.max(most, piece.buffer.byteLength);
        return piece;
      },
    };
    const seen: unknown[] = [];
    const { end, torn } = readLines(watched, (value) => seen.push(value));
    closeSync(file);
    assert.deepEqual(seen, values);
    assert.deepEqual({ end, torn }, { end: bytes.length - 3_000_004, torn: 4 });
    assert.ok(most <= 1 << 20, `${most} bytes at a time`);
  });

  it('SX226 is written anew while it is used, once it has grown long, and says the same', () => {
    const folder = newFolder();
    const first = run(folder, { rewriteBytes: 40_000 });
    const told = listen(first);
    let [longest, rewritten, length] = [0, 0, 0];
    for (let i = 0; i < 400; i++) {
      first.exchange.desk.place(order({ clientOrderId: `order-${i % 8}-${i}` }), START);
      first.exchange.desk.cancel('A-1', `order-${i % 8}-${i}`, START);
      const { end } = decodeLines(readFileSync(fileOf(folder)));
      if (end < length) rewritten++;
      length = end;
      longest = Math.max(longest, end);
    }
    assert.ok(rewritten >= 2, `${rewritten} times`);
    const snapshot = first.exchange.desk.snapshot('A-1');
    rmSync(join(folder, 'lock'));
    first.journal.close();
    const second = run(folder);
    assert.deepEqual(second.exchange.desk.snapshot('A-1'), snapshot);
    assert.deepEqual(second.exchange.desk.since('A-1', 'pe1', told.length - 1_000), told.slice(-1_000));
    for (let i = 0; i < 400; i++) {
      assert.equal(second.exchange.desk.query('A-1', `order-${i % 8}-${i}`)?.status, 'cancelled');
    }
    balanced(second.exchange);
    second.journal.close();
  });

  it('SX226 goes on with a long journal where the disk has no room for another, and ends where it is damaged', () => {
    const folder = newFolder();
    const failures: Error[] = [];
    const { exchange, journal } = run(folder, { rewriteBytes: 2_000, onFailure: (error) => failures.push(error) });
    // Nothing can be written beside.
    mkdirSync(`${fileOf(folder)}.new`);
    const place = (id: string): string => exchange.desk.place(order({ clientOrderId: id }), START).kind;
    for (let i = 0; i < 20; i++) assert.equal(place(`order-000${i}`), 'accepted');
    assert.deepEqual(failures, []);
    rmSync(`${fileOf(folder)}.new`, { recursive: true });
    const bytes = readFileSync(fileOf(folder));
    const at = bytes.indexOf('order-0003');
    const file = openSync(fileOf(folder), 'r+');
    writeSync(file, Buffer.from('X'), 0, 1, at);
    closeSync(file);
    let kind = '';
    for (let i = 20; i < 200 && kind !== 'rejected'; i++) kind = place(`order-000${i}`);
    assert.equal(kind, 'rejected');
    assert.match(String(failures), /is damaged/);
    journal.close();
  });

  it('SX226 leaves a journal of which very much is kept to the next start', () => {
    const folder = newFolder();
    const limits = { rewriteBytes: 2_000, rewriteMostBytes: 40_000 };
    const first = run(folder, limits);
    let [length, written] = [0, 0];
    for (let i = 0; i < 600; i++) {
      first.exchange.desk.place(order({ clientOrderId: `order-${i}` }), START);
      first.exchange.desk.cancel('A-1', `order-${i}`, START);
      const { end } = decodeLines(readFileSync(fileOf(folder)));
      if (end < length) {
        assert.ok(written < 40_000, `at ${written} bytes`);
        written = end;
      }
      length = end;
    }
    assert.ok(written >= 40_000, `${written} bytes`);
    assert.ok(length > 2_000 + 4 * written, `${length} bytes`);
    first.journal.close();
    const second = run(folder, limits);
    assert.ok(decodeLines(readFileSync(fileOf(folder))).end < length);
    assert.equal(second.exchange.desk.query('A-1', 'order-599')?.status, 'cancelled');
    second.journal.close();
  });

  it('SX246 says what it is where the folder cannot be written after a journal was put in its place', () => {
    const folder = newFolder();
    const failures: Error[] = [];
    const { exchange, journal } = run(folder, { rewriteBytes: 2_000, onFailure: (error) => failures.push(error) });
    const { fsyncSync } = fs;
    const syncing = mock.method(fs, 'fsyncSync', (file: number) => {
      if (fstatSync(file).isDirectory()) throw Object.assign(new Error('i/o error'), { code: 'EIO' });
      fsyncSync(file);
    });
    syncBuiltinESMExports();
    let kind = '';
    try {
      for (let i = 0; i < 200 && kind !== 'rejected'; i++) {
        kind = exchange.desk.place(order({ clientOrderId: `order-${i}` }), START).kind;
        exchange.desk.cancel('A-1', `order-${i}`, START);
      }
    } finally {
      syncing.mock.restore();
      syncBuiltinESMExports();
    }
    assert.equal(kind, 'rejected');
    assert.match(String(failures), /journal\.log was written anew, but its folder cannot be/);
    assert.equal(failures.length, 1);
    journal.close();
    // What was told is in the journal that is in place.
    const next = run(folder);
    assert.equal(next.exchange.desk.query('A-1', 'order-0')?.status, 'cancelled');
    next.journal.close();
  });

  it('SX227 keeps each change of an order once, and knows them all after any number of starts', () => {
    const folder = newFolder();
    let now = run(folder, { rewriteBytes: 20_000 });
    now.exchange.desk.place(order({ quantity: '900' }), START);
    const change = (revision: number) => ({
      account: 'A-1',
      clientOrderId: 'order-0001',
      revision,
      quantity: '900',
      limitPrice: `16.${revision % 2 === 0 ? '00' : '05'}`,
      stopPrice: null,
    });
    const lengths: number[] = [];
    for (let revision = 1; revision <= 150; revision++) {
      const odd = { ...change(revision), odd: 'x' };
      assert.equal(now.exchange.desk.replace(odd, START).kind, 'replaced');
      const line = JSON.stringify(decodeLines(readFileSync(fileOf(folder))).values.at(-1));
      assert.equal(line.includes('odd'), false);
      lengths.push(line.length);
      if (revision % 40 === 0) {
        now.journal.close();
        now = run(folder, { rewriteBytes: 20_000 });
      }
    }
    assert.ok(Math.max(...lengths) < lengths[0]! + 200, String(lengths));
    now.journal.close();
    now = run(folder);
    for (let revision = 1; revision <= 150; revision++) {
      assert.equal(now.exchange.desk.replace(change(revision), START).kind, 'duplicate');
    }
    assert.equal(now.exchange.desk.query('A-1', 'order-0001')?.revision, 150);
    now.journal.close();
  });

  const others = (folder: string): void => {
    rmSync(join(folder, 'lock'));
    writeFileSync(join(folder, 'lock'), '1 1 another/place');
  };

  for (const [what, take] of [
    ['its lock', others],
    [
      'its journal',
      (folder: string) => {
        cpSync(fileOf(folder), `${fileOf(folder)}.copy`);
        renameSync(`${fileOf(folder)}.copy`, fileOf(folder));
      },
    ],
  ] as const) {
    it(`SX228 ends before the next act where another process has ${what}, and leaves that alone`, () => {
      const folder = newFolder();
      const failures: Error[] = [];
      const { exchange, journal } = run(folder, { onFailure: (error) => failures.push(error) });
      exchange.desk.place(order(), START);
      const events = listen({ exchange, journal });
      take(folder);
      const before = [readFileSync(fileOf(folder)), readFileSync(join(folder, 'lock'), 'utf8')];
      const late = exchange.desk.place(order({ clientOrderId: 'order-0002' }), START);
      assert.ok(late.kind === 'rejected' && late.code === 'overloaded');
      assert.deepEqual(exchange.desk.cancel('A-1', 'order-0001', START).kind, 'rejected');
      exchange.step(START + 1_000);
      assert.match(String(failures), /taken by another process$/);
      assert.equal(failures.length, 1);
      assert.deepEqual(events, []);
      journal.close();
      assert.deepEqual(readFileSync(fileOf(folder)), before[0]);
      if (take === others) assert.equal(readFileSync(join(folder, 'lock'), 'utf8'), before[1]);
    });
  }

  it('SX228 gives no answer where the folder was taken while the line was written, as nobody can tell who has it', () => {
    const folder = newFolder();
    const failures: Error[] = [];
    const disk = new BadDisk();
    const { exchange, journal } = run(folder, { disk, onFailure: (error) => failures.push(error) });
    exchange.desk.place(order(), START);
    const events = listen({ exchange, journal });
    disk.refuses = (bytes) => {
      if (!isRoom(bytes)) others(folder);
      return false;
    };
    assert.throws(() => exchange.desk.place(order({ clientOrderId: 'order-0002' }), START), JournalError);
    assert.equal(failures.length, 1);
    assert.deepEqual(events, []);
    journal.close();
  });

  it('SX228 a start that was slow does not put its journal in the place of another', () => {
    const folder = newFolder();
    run(folder).journal.close();
    const before = readFileSync(fileOf(folder));
    const slow = mock.method(KeptState.prototype, 'acts', () => {
      others(folder);
      return [][Symbol.iterator]();
    });
    assert.throws(() => run(folder), /taken by another process/);
    slow.mock.restore();
    assert.deepEqual(readFileSync(fileOf(folder)), before);
    assert.equal(readFileSync(join(folder, 'lock'), 'utf8'), '1 1 another/place');
  });

  describe('SX229 a lock of another place', () => {
    /** Starts on a folder with such a lock, of an age, while something happens to it a while later. */
    const startOn = (ageMs: number, afterMs = Infinity, happens: (lock: string) => void = () => {}) => {
      const folder = newFolder();
      run(folder).journal.close();
      const lock = join(folder, 'lock');
      writeFileSync(lock, `${process.pid} 1 another-boot/pid:[4026531836] far-away token`);
      utimesSync(lock, (Date.now() - ageMs) / 1_000, (Date.now() - ageMs) / 1_000);
      let waitedMs = 0;
      const waiting = mock.method(Atomics, 'wait', (_array: unknown, _at: unknown, _value: unknown, ms: number) => {
        const before = waitedMs;
        waitedMs += ms;
        if (before < afterMs && waitedMs >= afterMs) happens(lock);
        return 'timed-out';
      });
      try {
        run(folder).journal.close();
        return { folder, lock, waitedMs, error: '' };
      } catch (error) {
        return { folder, lock, waitedMs, error: String(error) };
      } finally {
        waiting.mock.restore();
      }
    };

    it('SX229 that is not written again for 5 s is taken over, whatever its time and our clock say', () => {
      for (const ageMs of [0, 3_000, 6_000, 1e9, -3_600_000]) {
        const { folder, waitedMs, error } = startOn(ageMs);
        assert.deepEqual([error, waitedMs], ['', 5_000]);
        assert.deepEqual(readdirSync(folder), ['journal.log']);
      }
    });

    it('SX229 that is written again refuses the start and stays, however old it looked', () => {
      for (const ageMs of [0, 6_000, 1e9, -3_600_000]) {
        for (const afterMs of [100, 1_000, 4_900]) {
          const { folder, lock, waitedMs, error } = startOn(ageMs, afterMs, (path) => {
            const file = openSync(path, 'r+');
            writeSync(file, String(process.pid).slice(0, 1), 0);
            closeSync(file);
          });
          assert.match(error, /another place, on far-away/);
          assert.equal(waitedMs, afterMs);
          assert.match(readFileSync(lock, 'utf8'), /far-away token$/);
          assert.deepEqual(readdirSync(folder), ['journal.log', 'lock']);
        }
      }
    });

    it('SX229 that another start has replaced meanwhile refuses this one, and is left alone', () => {
      const { folder, lock, error } = startOn(0, 2_000, (path) => {
        renameSync(path, `${path}.gone`);
        writeFileSync(path, '7 1 another/place near-by');
        rmSync(`${path}.gone`);
      });
      assert.match(error, /another place/);
      assert.equal(readFileSync(lock, 'utf8'), '7 1 another/place near-by');
      assert.deepEqual(readdirSync(folder), ['journal.log', 'lock']);
    });
  });

  it('SX229 writes its lock again every second, also while it does nothing else', () => {
    const folder = newFolder();
    mock.timers.enable({ apis: ['setInterval', 'Date'] });
    try {
      const lock = lockFolder(folder);
      const path = join(folder, 'lock');
      const isFresh = (): boolean => statSync(path).mtimeMs > 1_000_000;
      const content = readFileSync(path, 'utf8');
      for (const pass of [() => mock.timers.tick(1_000), () => (mock.timers.setTime(9_000), lock.refresh())]) {
        utimesSync(path, 1, 1);
        assert.equal(isFresh(), false);
        pass();
        assert.equal(isFresh(), true);
      }
      assert.equal(readFileSync(path, 'utf8'), content);
      lock.unlock();
    } finally {
      mock.timers.reset();
    }
  });

  it('SX230 keeps what it cuts off beside the journal, and tells of it', async () => {
    const folder = newFolder();
    const first = run(folder);
    first.exchange.desk.place(order(), START);
    first.journal.close();
    const tail = encodeLine({ number: 3 }).subarray(0, 17);
    writeFileSync(fileOf(folder), tail, { flag: 'a' });
    const notes: string[] = [];
    const server = await startExchange({ data: folder, onNote: (text) => notes.push(text) });
    await server.close();
    const beside = readdirSync(folder).filter((name) => name.startsWith('journal.log.torn-'));
    assert.equal(beside.length, 1);
    assert.deepEqual(readFileSync(join(folder, beside[0]!)), tail);
    assert.match(notes.join(), /17 bytes are now in .*journal\.log\.torn-\d+/);
    const next = run(folder);
    assert.equal(next.journal.torn, undefined);
    next.journal.close();
  });

  describe('SX231 private streams', () => {
    /** Ends a first run with one order in a way, and starts the next; `boot` is what the head says then. */
    const again = (options: { isClosed: boolean; isTorn?: boolean; fsync?: boolean; boot?: string }) => {
      const { isClosed, isTorn = false, fsync = false, boot } = options;
      const folder = newFolder();
      const first = run(folder, { fsync });
      const told = listen(first);
      first.exchange.desk.place(order(), START);
      // Another lock is as good as a kill: the file is left as it is.
      if (!isClosed) rmSync(join(folder, 'lock'));
      first.journal.close();
      const bytes = readFileSync(fileOf(folder));
      const { values, end } = decodeLines(bytes);
      const [head, ...acts] = values as [object, ...object[]];
      const lines = Buffer.concat([boot === undefined ? head : { ...head, boot }, ...acts].map(encodeLine));
      const torn = isTorn ? encodeLine({ number: 9 }).subarray(0, 12) : Buffer.alloc(0);
      writeFileSync(fileOf(folder), Buffer.concat([lines, torn, bytes.subarray(end)]));
      const second = run(folder, { epoch: 'pe2' });
      const snapshot = second.exchange.desk.snapshot('A-1')!;
      assert.equal(snapshot.data.orders.length, 1);
      assert.equal(snapshot.sequence, told.length);
      const replayed = second.exchange.desk.since('A-1', 'pe1', 0);
      const anew = second.exchange.desk.since('A-1', 'pe2', 0);
      second.journal.close();
      return [snapshot.epoch, replayed?.length ?? 'unknown', anew?.length ?? 'unknown'];
    };
    const goesOn = ['pe1', 2, 'unknown'];
    const isNew = ['pe2', 'unknown', 'unknown'];

    it('SX231 go on after a close and after a kill, which loses nothing', () => {
      assert.deepEqual(again({ isClosed: true }), goesOn);
      assert.deepEqual(again({ isClosed: false }), goesOn);
    });

    it('SX231 have another epoch after a loss: a torn line, or a new start of the computer without a close', () => {
      assert.deepEqual(again({ isClosed: false, isTorn: true }), isNew);
      assert.deepEqual(again({ isClosed: false, isTorn: true, fsync: true }), isNew);
      assert.deepEqual(again({ isClosed: false, boot: 'another' }), isNew);
    });

    it('SX241 after a loss no id of an order or a fill comes again', () => {
      const folder = newFolder();
      const first = run(folder);
      first.exchange.desk.place(order(), START);
      first.exchange.desk.place(market({ clientOrderId: 'order-0002' }), START);
      const { end } = decodeLines(readFileSync(fileOf(folder)));
      const lost = [order({ clientOrderId: 'order-0003' }), market({ clientOrderId: 'order-0004' })];
      for (const each of lost) assert.equal(first.exchange.desk.place(each, START).kind, 'accepted');
      const idsOf = ({ exchange: { desk } }: Run, from: number): string[] =>
        desk.since('A-1', desk.snapshot('A-1')!.epoch, from)!.flatMap((event) => {
          if (event.type === 'order_fill') return [event.data.orderId, event.data.fillId];
          return event.type === 'order_ack' ? [event.data.orderId] : [];
        });
      const told = new Set(idsOf(first, 0));
      rmSync(join(folder, 'lock'));
      first.journal.close();
      // The last two acts were not on the disk yet, but for a piece.
      const bytes = readFileSync(fileOf(folder)).fill(0, end + 9);
      writeFileSync(fileOf(folder), bytes);
      for (let start = 0; start < 3; start++) {
        const next = run(folder, { epoch: 'pe2' });
        const { sequence } = next.exchange.desk.snapshot('A-1')!;
        for (const id of ['lost-', 'more-']) {
          next.exchange.desk.place(market({ clientOrderId: `${id}000${start}`, side: 'sell' }), START);
        }
        const fresh = new Set(idsOf(next, sequence));
        assert.ok(fresh.size >= 4, String([...fresh]));
        for (const id of fresh) {
          assert.equal(told.has(id), false, id);
          told.add(id);
        }
        next.journal.close();
      }
    });

    it('SX231 go on after a new start of the computer where nothing can be lost', () => {
      assert.deepEqual(again({ isClosed: true, boot: 'another' }), goesOn);
      assert.deepEqual(again({ isClosed: false, fsync: true, boot: 'another' }), goesOn);
    });
  });

  it('SX235 a start gives the room behind the lines back before it needs more, and leaves nothing half made', () => {
    const folder = newFolder();
    const first = run(folder);
    first.exchange.desk.place(order(), START);
    rmSync(join(folder, 'lock'));
    first.journal.close();
    const { end } = decodeLines(readFileSync(fileOf(folder)));
    assert.ok(statSync(fileOf(folder)).size > end + 1_000_000);
    // As on a disk that is full, the second copy cannot be written.
    mkdirSync(`${fileOf(folder)}.new`);
    assert.throws(() => run(folder), JournalError);
    // The zero that stays says that it was not closed.
    assert.equal(statSync(fileOf(folder)).size, end + 1);
    rmSync(`${fileOf(folder)}.new`, { recursive: true });
    if (process.platform === 'linux') {
      const id = '7e57ab1e-0000-4000-8000-000000000000';
      const named = mock.method(nodeCrypto, 'randomUUID', () => id);
      syncBuiltinESMExports();
      symlinkSync('/dev/full', join(folder, `lock.${id}`));
      assert.throws(() => run(folder), /ENOSPC/);
      named.mock.restore();
      syncBuiltinESMExports();
    }
    assert.deepEqual(readdirSync(folder), ['journal.log']);
    const second = run(folder);
    assert.equal(second.exchange.desk.query('A-1', 'order-0001')?.status, 'open');
    second.journal.close();
  });

  it('SX236 a disk that is full takes no orders any more, and still some hundred cancels', () => {
    const folder = newFolder();
    const disk = new BadDisk();
    const { exchange, journal } = run(folder, { disk });
    const { desk } = exchange;
    for (let i = 0; i < 400; i++) desk.place(order({ clientOrderId: `order-${i}` }), START);
    disk.refuses = isRoom;
    let kind = '';
    for (let i = 0; i < 20_000 && kind !== 'overloaded'; i++) {
      const result = desk.place(order({ clientOrderId: `${'x'.repeat(9_000)}${i}`, quantity: '1' }), START);
      kind = result.kind === 'rejected' ? result.code : result.kind;
    }
    assert.equal(kind, 'overloaded');
    const change = { account: 'A-1', revision: 1, quantity: '50', limitPrice: '16.00', stopPrice: null };
    const changed = desk.replace({ ...change, clientOrderId: 'order-0' }, START);
    assert.ok(changed.kind === 'rejected' && changed.code === 'overloaded');
    for (let i = 0; i < 300; i++)
      assert.equal(desk.cancel('A-1', `order-${i}`, START).kind, 'cancelled', `cancel ${i}`);
    journal.close();
    const next = run(folder);
    assert.equal(next.exchange.desk.query('A-1', 'order-299')?.status, 'cancelled');
    next.journal.close();
  });

  it('SX147 new symbols bring their opening shares, and one that is missing refuses the start', () => {
    const folder = newFolder();
    const first = run(folder, { symbols: 2 });
    first.exchange.desk.place(order(), START);
    first.journal.close();
    const second = run(folder, { symbols: 3 });
    balanced(second.exchange);
    assert.equal(second.exchange.desk.snapshot('A-1')?.data.positions.length, 3);
    second.journal.close();
    assert.throws(() => run(folder, { symbols: 2 }), /EQTY, which is not listed/);
    const third = run(folder, { symbols: 3 });
    balanced(third.exchange);
    third.journal.close();
  });

  it('SX148 a folder serves one exchange at a time; what a dead one left behind does not stop the next', async () => {
    const folder = newFolder();
    const first = await startExchange({ data: folder });
    await assert.rejects(startExchange({ data: folder }), /already in use/);
    await first.close();
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(other, 'spawn');
    writeFileSync(join(folder, 'lock'), `${other.pid} `);
    assert.throws(() => run(folder), new RegExp(`in use by process ${other.pid}`));
    other.kill('SIGKILL');
    await once(other, 'exit');
    run(folder).journal.close();
    // The number of the dead one is ours now.
    writeFileSync(join(folder, 'lock'), `${process.pid} 1`);
    run(folder).journal.close();
  });

  it(
    'SX148 a process that has ended and that nobody has looked at since is dead',
    { skip: process.platform !== 'linux' && 'only Linux tells' },
    async () => {
      const folder = newFolder();
      run(folder).journal.close();
      // The shell becomes a program that never looks at the child of the shell.
      const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60']);
      try {
        const [said] = (await once(parent.stdout, 'data')) as [Buffer];
        const pid = Number(String(said));
        const stat = (): string[] => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
        const until = async (isTrue: () => boolean): Promise<void> => {
          while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
        };
        await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'latin1').startsWith('sleep'));
        process.kill(pid, 'SIGKILL');
        await until(() => stat()[0] === 'Z');
        writeFileSync(join(folder, 'lock'), `${pid} ${stat()[19]}`);
        run(folder).journal.close();
      } finally {
        parent.kill('SIGKILL');
        await once(parent, 'exit');
      }
    },
  );

  it('SX149 without a folder a market keeps nothing and tells at once, as what is caused while telling comes after', () => {
    const exchange = new Exchange({ startMs: START, epoch: 'e1' });
    const heard: string[] = [];
    exchange.desk.listen('A-1', ({ type, sequence }) => {
      heard.push(`first ${sequence}`);
      if (type === 'order_ack' && sequence === 1) exchange.desk.cancel('A-1', 'order-0001', START);
    });
    exchange.desk.listen('A-1', ({ sequence }) => heard.push(`second ${sequence}`));
    exchange.desk.place(order(), START);
    assert.deepEqual(
      heard,
      [1, 2, 3, 4].flatMap((i) => [`first ${i}`, `second ${i}`]),
    );
  });

  it('SX149 without a folder what acts leave to be kept does not gather', () => {
    const keeper = new ActKeeper(undefined);
    const client = new ClientAccount('A-1', 1_000n, 'pe1', keeper);
    const noHouse = (): never => assert.fail('nothing is kept of the house');
    for (let i = 0; i < 10; i++) {
      client.publishBalance('SCOM', { orderId: `o-${i}` });
      client.changed(`order-${i}`);
      assert.equal(keeper.end(noHouse), true);
    }
    const { events, tickets } = client.takeChanges();
    assert.deepEqual({ events, tickets, sequence: client.sequence }, { events: [], tickets: [], sequence: 10 });
  });
});
