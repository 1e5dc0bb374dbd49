/** A real exchange that is killed again and again while clients trade, and started on the same folder. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { openJournal } from '../../server/journal/journal.js';
import { parseDecimal } from '../../src/book/decimal.js';
import { Exchange, OPENING_CASH_CENTS } from '../../src/sim/index.js';
import { Random } from '../../src/sim/random.js';
import { spawnExchange } from '../../tools/test/exchange.mjs';

const KILLS = 10;
const ACCOUNTS = ['K-1', 'K-2', 'K-3'];
/** More than one, as each may place ten orders a second. */
const LINKS = 3;

type Data = Readonly<Record<string, string>>;

interface Event {
  readonly type: string;
  readonly epoch: string;
  readonly seq: number;
  readonly data: Data;
}

interface Said extends Event {
  readonly id?: string;
  readonly stream?: string;
}

interface Order {
  readonly [field: string]: unknown;
  readonly clientOrderId: string;
}

const cents = (text: string | undefined): bigint => parseDecimal(text ?? '')!.units;

/** All that was ever said about an account, on any connection and by any run. */
class Witness {
  readonly account: string;
  readonly events = new Map<number, Event>();
  readonly sent = new Map<string, Order>();
  /** By client order id: what an answer said of it. */
  readonly acknowledged = new Map<string, string>();
  readonly unanswered = new Set<string>();
  readonly open = new Set<string>();
  /** Up to where the account's own stream was heard without a hole. */
  sequence = 0;
  epoch = '';

  constructor(account: string) {
    this.account = account;
  }

  hear({ type, epoch, seq, data }: Said): void {
    const event = { type, epoch, seq, data };
    const known = this.events.get(seq);
    if (known === undefined) this.events.set(seq, event);
    else assert.deepEqual(event, known, 'an event that was told is told as it was');
    if (this.epoch === '') this.epoch = epoch;
    assert.equal(epoch, this.epoch);
    const id = data['clientOrderId'];
    if (id === undefined) return;
    if (data['leavesQuantity'] === '0') this.open.delete(id);
    else if (type === 'order_ack') this.open.add(id);
  }

  all(type: string, until = Infinity): Data[] {
    return [...this.events.values()].flatMap((event) =>
      event.type === type && event.seq <= until ? [event.data] : [],
    );
  }
}

class Link {
  readonly #socket: WebSocket;
  readonly #witness: Witness;
  /** The one whose events must come without a hole. */
  readonly #isMain: boolean;
  readonly #waiting = new Map<string, (said: Said) => void>();
  #count = 0;
  #isEnded = false;

  constructor(url: string, witness: Witness, isMain: boolean) {
    this.#socket = new WebSocket(url);
    this.#witness = witness;
    this.#isMain = isMain;
    this.#socket.on('error', () => {});
    this.#socket.on('message', (bytes: Buffer) => this.#take(JSON.parse(bytes.toString()) as Said));
    this.#socket.on('close', () => {
      this.#isEnded = true;
      for (const done of this.#waiting.values()) done({ type: 'lost', epoch: '', seq: 0, data: {} });
    });
  }

  async hello(streams: Record<string, [string, number]>): Promise<void> {
    await once(this.#socket, 'open');
    const resume = Object.keys(streams).length > 0 && { resume: { session: `s-${randomUUID()}`, streams } };
    await this.ask('hello', {
      protocol: 1,
      client: 'test',
      features: ['batch', 'decimal_strings', 'orders'],
      ...resume,
    });
  }

  /** The answer, or `lost`. `look` is called the moment it comes: events behind it may be heard before a promise goes on. */
  ask(type: string, data: unknown, look?: () => void): Promise<Said> {
    const id = `r${++this.#count}`;
    return new Promise((resolve) => {
      if (this.#isEnded) return resolve({ type: 'lost', epoch: '', seq: 0, data: {} });
      this.#waiting.set(id, (said) => {
        look?.();
        resolve(said);
      });
      this.#socket.send(JSON.stringify({ type, id, data }));
    });
  }

  async place(order: Order): Promise<Said> {
    const { clientOrderId } = order;
    this.#witness.sent.set(clientOrderId, order);
    this.#witness.unanswered.add(clientOrderId);
    const answer = await this.ask('order_place', order);
    if (answer.type === 'lost') return answer;
    this.#witness.unanswered.delete(clientOrderId);
    if (answer.type === 'order_ack') {
      const known = this.#witness.acknowledged.get(clientOrderId) ?? answer.data['orderId']!;
      assert.equal(answer.data['orderId'], known, 'one order for ever');
      this.#witness.acknowledged.set(clientOrderId, known);
    } else {
      assert.equal(answer.type, 'order_reject');
      assert.equal(this.#witness.acknowledged.has(clientOrderId), false);
    }
    return answer;
  }

  close(): void {
    this.#socket.terminate();
  }

  #take(said: Said): void {
    const isAnswer = said.type === 'order_ack' && String(said.data['duplicate']) === 'true';
    const isEvent = said.stream?.startsWith('private:') === true && said.type !== 'account_snapshot' && !isAnswer;
    if (isEvent) {
      this.#witness.hear(said);
      if (this.#isMain) assert.equal(said.seq, ++this.#witness.sequence, 'no hole and nothing twice');
    }
    const done = said.id === undefined ? undefined : this.#waiting.get(said.id);
    if (done === undefined || (said.type === 'resumed' && said.id === undefined)) return;
    this.#waiting.delete(said.id!);
    done(said);
  }
}

/** Goes on until its link is lost. */
const trade = async (link: Link, witness: Witness, random: Random, name: string): Promise<void> => {
  for (let i = 0; ; i++) {
    const [victim] = [...witness.open].slice(random.below(witness.open.size + 1));
    const isCancel = victim !== undefined && random.isChance(0.25);
    const isMarket = random.isChance(0.15);
    const side = random.isChance(0.5) ? 'buy' : 'sell';
    const exits = side === 'buy' && random.isChance(0.3) && { takeProfit: '17.65', stopLoss: '17.40' };
    const answer = isCancel
      ? await link.ask('order_cancel', { account: witness.account, clientOrderId: victim })
      : await link.place({
          ...exits,
          clientOrderId: `order-${name}-${i}`,
          account: witness.account,
          symbol: 'SCOM',
          side,
          orderType: isMarket ? 'market' : 'limit',
          quantity: String(100 * (1 + random.below(8))),
          limitPrice: isMarket ? null : ['17.45', '17.50', '17.50', '17.55'][random.below(4)],
          stopPrice: null,
          timeInForce: 'day',
        });
    if (answer.type === 'lost') return;
    if (answer.data['code'] === 'rate_limited') await delay(20);
  }
};

/** What an account must be, from its fills alone. */
const checkAccount = async (witness: Witness, snapshot: Said): Promise<void> => {
  // It came on another connection than the events.
  while (witness.sequence < snapshot.seq) await delay(5);
  let total = OPENING_CASH_CENTS;
  let shares = 10_000n;
  for (const { clientOrderId, price, quantity, fee } of witness.all('order_fill', snapshot.seq)) {
    // What nobody sent is the exit of a buy.
    const isBuy = witness.sent.get(clientOrderId!)?.['side'] === 'buy';
    const notional = cents(price) * BigInt(quantity!);
    total += (isBuy ? -notional : notional) - cents(fee);
    shares += isBuy ? BigInt(quantity!) : -BigInt(quantity!);
  }
  const data = snapshot.data as unknown as Record<'balances' | 'positions', Data[]>;
  assert.equal(cents(data.balances[0]!['total']), total);
  assert.equal(data.positions.find(({ symbol }) => symbol === 'SCOM')!['quantity'], String(shares));
};

const filledOf = (witness: Witness, clientOrderId: string): bigint =>
  witness
    .all('order_fill')
    .reduce((sum, fill) => (fill['clientOrderId'] === clientOrderId ? sum + BigInt(fill['quantity']!) : sum), 0n);

/** No exit has traded what its entry had not, and of a pair both are there and as large, or neither is. */
const checkExits = (witness: Witness, { desk }: Exchange): void => {
  const working = new Map<string, string[]>();
  for (const { parent, clientOrderId, leavesQuantity } of desk.snapshot(witness.account)!.data.orders) {
    if (parent === undefined) continue;
    const key = `${parent}${/\d*$/.exec(clientOrderId)![0]}`;
    working.set(key, [...(working.get(key) ?? []), leavesQuantity]);
  }
  for (const [key, [one, other, ...more]] of working) assert.ok(one === other && more.length === 0, key);
  const exits = new Map<string, string[]>();
  for (const { clientOrderId, parent } of witness.all('order_ack')) {
    if (parent !== undefined) exits.set(parent, [...(exits.get(parent) ?? []), clientOrderId!]);
  }
  for (const [parent, ids] of exits) {
    const traded = ids.reduce((sum, id) => sum + filledOf(witness, id), 0n);
    assert.ok(traded <= filledOf(witness, parent), `${traded} of ${parent}`);
  }
  assert.ok(exits.size > 3, `${exits.size} orders with exits`);
};

/** Shorter than a round, so that kills meet every phase and the turns between them. */
const DAY = { pre_open: 50, auction: 60, continuous: 120, closed: 30 };

/** Kills it again and again, and looks whether all is as it was said to be. */
const killAgain = async (options: object): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'touchline-kill-'));
  const random = new Random('kill');
  const witnesses = ACCOUNTS.map((account) => new Witness(account));
  let exchange: Awaited<ReturnType<typeof spawnExchange>> | undefined;
  try {
    for (let round = 0; round <= KILLS; round++) {
      exchange = await spawnExchange({ data: folder, symbols: 1, rate: 100, ...options });
      const { url } = exchange;
      const links: Link[] = [];
      const connect = async (witness: Witness, streams = {}, isMain = false): Promise<Link> => {
        const link = new Link(url, witness, isMain);
        links.push(link);
        await link.hello(streams);
        return link;
      };
      const mains = await Promise.all(
        witnesses.map(async (witness) => {
          const { account, epoch, sequence } = witness;
          const stream = `private:${account}`;
          const link = await connect(witness, round === 0 ? {} : { [stream]: [epoch, sequence] }, true);
          const answer = await link.ask('account_subscribe', { account });
          if (round === 0) assert.equal(answer.type, 'account_snapshot');
          else {
            assert.equal(answer.type, 'resumed');
            const { replayed } = answer.data as unknown as { replayed: Record<string, [number, number]> };
            assert.equal(replayed[stream]?.[0], sequence + 1);
          }
          return link;
        }),
      );
      // What had no answer is sent again, and some that had one.
      await Promise.all(
        witnesses.map(async (witness, i) => {
          const again = [...witness.unanswered, ...[...witness.acknowledged.keys()].slice(-3)];
          for (const id of again) await mains[i]!.place(witness.sent.get(id)!);
          for (const id of [...witness.acknowledged.keys()].slice(-12)) {
            let filled = 0n;
            const query = { account: witness.account, clientOrderId: id };
            const { data } = await mains[i]!.ask('order_query', query, () => (filled = filledOf(witness, id)));
            const order = data['order'] as unknown as Data;
            assert.equal(order['orderId'], witness.acknowledged.get(id));
            // A crowd trades on: the events of the query's moment came before its answer.
            assert.equal(BigInt(order['cumQuantity']!), filled);
          }
          // Told from further back, everything is as it was told before.
          const from = Math.max(0, witness.sequence - 900);
          const other = await connect(witness, { [`private:${witness.account}`]: [witness.epoch, from] });
          await other.ask('account_subscribe', { account: witness.account });
          await checkAccount(witness, await (await connect(witness)).ask('account_subscribe', witness));
        }),
      );
      if (round === KILLS) {
        links.forEach((link) => link.close());
        await exchange.end('SIGTERM');
        break;
      }
      const extra = await Promise.all(
        witnesses.map(async (witness) => [witness, await connect(witness), await connect(witness)] as const),
      );
      const busy = witnesses.flatMap((witness, i) =>
        [mains[i]!, ...(extra[i]!.slice(1) as Link[])].slice(0, LINKS).map((link, k) => {
          const key = `${round}-${i}-${k}`;
          return trade(link, witness, new Random(key), key);
        }),
      );
      await delay(60 + random.below(300));
      await exchange.end('SIGKILL');
      await Promise.all(busy);
    }

    const journal = openJournal({ folder, epoch: 'p-none' });
    const last = new Exchange({ symbols: 1, startMs: Date.now(), epoch: 'e-last', journal });
    journal.close();
    const { issuedCash, accountCash, crowdCash, fees, shares } = last.audit();
    assert.equal(accountCash + crowdCash + fees, issuedCash);
    for (const { issued, accounts, crowd } of shares) assert.equal(accounts + crowd, issued);
    const fills = witnesses.flatMap((witness) => witness.all('order_fill'));
    assert.equal(new Set(fills.map(({ fillId }) => fillId)).size, fills.length);
    for (const witness of witnesses) {
      const acks = witness.all('order_ack').map(({ clientOrderId }) => clientOrderId);
      assert.equal(new Set(acks).size, acks.length, 'one order for each id');
      for (const [id, orderId] of witness.acknowledged) {
        assert.equal(last.desk.query(witness.account, id)?.orderId, orderId);
      }
      assert.equal(witness.unanswered.size, 0);
      checkExits(witness, last);
    }
    // Two of a trade are in one act: each trade between clients was told to both.
    const sides = new Map<string, Data[]>();
    for (const fill of fills) sides.set(fill['tradeId']!, [...(sides.get(fill['tradeId']!) ?? []), fill]);
    const between = [...sides.values()].filter((pair) => pair.length === 2);
    assert.ok(between.length > 20, `${between.length} trades between clients`);
    for (const [a, b] of between) assert.equal(a!['quantity'], b!['quantity']);
    assert.ok(
      [...sides.values()].every((pair) => pair.length <= 2),
      'no trade id twice',
    );
  } finally {
    await exchange?.end('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
};

describe('an exchange with a journal', { timeout: 180_000 }, () => {
  it('SX150 loses nothing that it said and doubles nothing, whenever it is killed while clients trade with each other', async () => {
    await killAgain({});
  });

  it('SX180 nor in any phase of a trading day, or between two', async () => {
    await killAgain({ day: DAY });
  });
});
