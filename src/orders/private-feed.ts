/**
 * The private stream of one account, and whether it is whole. Order events are handed on as they come, whatever is missing:
 * they carry totals, and an order knows which of two states is the later. But while something is missing the account is
 * `lost`, and it is asked for anew, at most every two seconds, after each connection and each hole in the sequence. The
 * answer is the account, or, where the server can take up the session that was lost, every event since.
 */
import type { MarketStream, PrivateEvent, Reply } from '../stream/market-stream.js';
import type { GatewayEvent } from './gateway.js';
import type { Mark } from './order.js';
import { fieldsOf, readHoldings, readListedOrders, readOrderEvent, textOf } from './wire.js';

const RETRY_MS = 2_000;
/** A sequence may come as the answer to a request, a moment after later events: only a hole that stays is one. */
const HOLE_MS = 250;
/** Balances kept while a snapshot is awaited. Each is absolute: the newest are enough. */
const KEPT_UPDATES = 100;

export class PrivateFeed {
  readonly #stream: MarketStream;
  readonly #account: string;
  readonly #listener: (event: GatewayEvent) => void;
  readonly #undo: readonly (() => void)[];
  #isWhole = false;
  /** It has been whole in this epoch: what is missing is missing after `#sequence`. */
  #hasBegun = false;
  #epoch = '';
  /** Everything up to here has been seen. */
  #sequence = 0;
  /** Seen beyond it. */
  readonly #ahead = new Set<number>();
  /** The last number that is being replayed, while it is; the account is whole with it. */
  #goal: number | undefined;
  #holeSince = 0;
  #updates: PrivateEvent[] = [];
  /** More came than is kept. */
  #hasDropped = false;
  #connection = 0;
  #isAsking = false;
  #askedAt = -Infinity;
  #isStopped = false;

  constructor(stream: MarketStream, account: string, listener: (event: GatewayEvent) => void) {
    this.#stream = stream;
    this.#account = account;
    this.#listener = listener;
    this.#undo = [stream.onPrivate(this.#take), stream.observe(this.#follow)];
    this.#follow();
  }

  stop(): void {
    this.#isStopped = true;
    for (const undo of this.#undo) undo();
  }

  /** Where the answer to a request stands; its sequence leaves no hole any more. */
  markOf(reply: Reply): Mark | undefined {
    if (reply.sequence === undefined) return undefined;
    const epoch = reply.epoch ?? this.#epoch;
    if (epoch === '') return undefined;
    this.#see(epoch, reply.sequence);
    return { epoch, sequence: reply.sequence };
  }

  /** Runs with every change of the connection, and about four times a second. */
  readonly #follow = (): void => {
    const { state, dialect, since } = this.#stream.status;
    if (state !== 'open' || dialect !== 'touchline') {
      this.#connection = 0;
      return this.#lose(state);
    }
    if (since !== this.#connection) {
      this.#connection = since;
      this.#askedAt = -Infinity;
      this.#lose('reconnected');
      this.#forget();
    }
    const now = this.#stream.now();
    if (this.#ahead.size > 0 && this.#isWhole && now - this.#holeSince >= HOLE_MS) this.#lose('sequence_gap');
    if (!this.#isWhole && !this.#isAsking && now - this.#askedAt >= RETRY_MS) void this.#ask();
  };

  async #ask(): Promise<void> {
    const connection = this.#connection;
    this.#isAsking = true;
    this.#askedAt = this.#stream.now();
    this.#goal = undefined;
    const reply = await this.#stream
      .request('account_subscribe', { account: this.#account })
      .catch((error: unknown) => {
        // It was not sent, and costs nothing to try again as soon as somebody has logged in.
        if (fieldsOf(error)['code'] === 'not_authenticated') this.#askedAt = -Infinity;
        return undefined;
      });
    this.#isAsking = false;
    // Without an answer `#follow` asks again; an answer from another connection is worth nothing on this one.
    if (this.#isStopped || reply === undefined || connection !== this.#connection || this.#isWhole) return;
    if (reply.type === 'account_snapshot') {
      this.#begin(fieldsOf(reply.data), { epoch: reply.epoch ?? '', sequence: reply.sequence ?? 0 });
    } else if (reply.type === 'resumed') {
      const range = fieldsOf(fieldsOf(reply.data)['replayed'])[`private:${this.#account}`];
      // Where the replay does not reach back to what was seen here, it is asked for again soon: the next answer is the account.
      if (!this.#replay(range)) this.#askedAt = -Infinity;
    } else {
      this.#listener({ type: 'lost', reason: textOf(fieldsOf(reply.data)['code']) || 'refused' });
    }
  }

  #begin(data: Readonly<Record<string, unknown>>, mark: Mark): void {
    this.#isWhole = this.#hasBegun = true;
    if (this.#epoch !== mark.epoch) this.#ahead.clear();
    this.#epoch = mark.epoch;
    this.#sequence = mark.sequence;
    for (const sequence of this.#ahead) if (sequence <= mark.sequence) this.#ahead.delete(sequence);
    this.#advance();
    // Numbers of another epoch say nothing here: a server that restarted counts from 1.
    const updates = this.#updates.filter((event) => event.epoch === mark.epoch && event.sequence > mark.sequence);
    this.#updates = [];
    this.#listener({ type: 'account', update: readHoldings(data, true, mark) });
    for (const event of updates) this.#hear(event);
    this.#listener({ type: 'ready', orders: readListedOrders(data, this.#account, mark) });
  }

  /** The events since the loss follow, or are here already. False when some are missing before them. */
  #replay(range: unknown): boolean {
    const [first, last] = Array.isArray(range) ? (range as unknown[]) : [];
    if (!this.#hasBegun || this.#hasDropped || typeof first !== 'number' || typeof last !== 'number') return false;
    if (first > this.#sequence + 1) return false;
    this.#goal = last;
    for (const sequence of this.#ahead) if (sequence <= this.#sequence) this.#ahead.delete(sequence);
    const updates = this.#updates.filter(({ sequence }) => sequence > this.#sequence);
    this.#updates = [];
    for (const event of updates) this.#hear(event);
    this.#advance();
    this.#finish();
    return true;
  }

  /** The replay is at its end: nothing has been missed. */
  #finish(): void {
    if (this.#goal === undefined || this.#sequence < this.#goal) return;
    this.#goal = undefined;
    this.#isWhole = true;
    this.#listener({ type: 'ready' });
  }

  readonly #take = (event: PrivateEvent): void => {
    if (event.stream !== `private:${this.#account}`) return;
    // A renewed login does not permit the account, of which nothing more comes; the next question is answered alike.
    if (event.type === 'error') {
      this.#goal = undefined;
      return this.#lose(textOf(event.data['code']));
    }
    this.#hear(event);
    this.#finish();
  };

  #hear(event: PrivateEvent): void {
    const { type, data, epoch, sequence } = event;
    const mark = { epoch, sequence };
    // The snapshot is taken as the answer to our own request.
    if (type === 'account_snapshot') return;
    this.#see(epoch, sequence);
    if (type === 'balance_update') {
      if (this.#isCounting) this.#listener({ type: 'account', update: readHoldings(data, false, mark) });
      else {
        this.#hasDropped ||= this.#updates.length >= KEPT_UPDATES;
        this.#updates = [...this.#updates.slice(1 - KEPT_UPDATES), event];
      }
    } else {
      const order = readOrderEvent(type, data, mark);
      if (order !== undefined)
        this.#listener({ type: 'order', clientOrderId: textOf(data['clientOrderId']), event: order });
    }
  }

  /** It is known from where on nothing is missing. */
  get #isCounting(): boolean {
    return this.#isWhole || this.#goal !== undefined;
  }

  #see(epoch: string, sequence: number): void {
    if (this.#epoch === '') this.#epoch = epoch;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#hasBegun = false;
      this.#lose('epoch_changed');
      this.#forget();
    }
    if (sequence <= this.#sequence && this.#isCounting) return;
    if (this.#ahead.size === 0) this.#holeSince = this.#stream.now();
    this.#ahead.add(sequence);
    // Before a snapshot only what comes around its answer counts; what is dropped too early is a hole, and asked for.
    if (!this.#isCounting && this.#ahead.size > KEPT_UPDATES) {
      this.#hasDropped = true;
      this.#ahead.clear();
    }
    this.#advance();
  }

  #advance(): void {
    while (this.#isCounting && this.#ahead.delete(this.#sequence + 1)) this.#sequence++;
  }

  #lose(reason: string): void {
    if (!this.#isWhole) return;
    this.#isWhole = false;
    this.#forget();
    this.#listener({ type: 'lost', reason });
  }

  /** What was seen or kept is of another numbering, or older than what will be asked for. */
  #forget(): void {
    this.#goal = undefined;
    this.#hasDropped = false;
    this.#ahead.clear();
    this.#updates = [];
  }
}
