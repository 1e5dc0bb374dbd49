/**
 * The private side of one connection: accounts, orders, balances. Every request gets exactly one answer with its `id`,
 * and the answer says for certain what became of it. Events of an account go out as they happen, in order, unmerged.
 */
import type {
  AccountSubscribe,
  ErrorCode,
  OrderCancel,
  OrderPlace,
  OrderQuery,
  OrderReject,
  OrderReplace,
  ServerMessage,
  StreamMark,
} from './messages.js';
import { RateLimit } from './session-limits.js';
import type { DeskEvent, OrderRejectCode, ReplaceOutcome, ServedDesk } from './session-market.js';

export type OrderMessage = AccountSubscribe | OrderPlace | OrderReplace | OrderCancel | OrderQuery;

export interface OrderSessionOptions {
  /** Undefined where no orders are taken. */
  readonly desk: ServedDesk | undefined;
  readonly send: (message: ServerMessage) => void;
  readonly sendError: (id: string, code: ErrorCode, message: string) => void;
  /** Where a stream of the session that is taken up stood. Given once for each. */
  readonly takeMark: (stream: string) => StreamMark | undefined;
  readonly ordersPerSecond: number;
  readonly nowMs: number;
}

/** Events that answer a request. */
const ANSWERS: ReadonlySet<DeskEvent['type']> = new Set(['order_ack', 'order_replaced', 'order_cancelled']);

export class OrderSession {
  readonly #desk: ServedDesk | undefined;
  readonly #send: OrderSessionOptions['send'];
  readonly #sendError: OrderSessionOptions['sendError'];
  readonly #takeMark: OrderSessionOptions['takeMark'];
  readonly #rate: RateLimit;
  /** How to stop listening, by account. */
  readonly #listening = new Map<string, () => void>();
  /** The request that is being acted on: the event it causes carries its id, on this connection only. */
  #asked: { readonly id: string; readonly account: string; readonly clientOrderId: string } | undefined;

  constructor({ desk, send, sendError, takeMark, ordersPerSecond, nowMs }: OrderSessionOptions) {
    this.#desk = desk;
    this.#send = send;
    this.#sendError = sendError;
    this.#takeMark = takeMark;
    this.#rate = new RateLimit(ordersPerSecond, nowMs);
  }

  receive(message: OrderMessage, nowMs: number): void {
    if (this.#desk?.isBroken) return this.#refuseBroken(message);
    switch (message.type) {
      case 'account_subscribe':
        return this.#subscribe(message);
      case 'order_place':
        return this.#place(message, nowMs);
      case 'order_replace':
        return this.#replace(message, nowMs);
      case 'order_cancel':
        return this.#cancel(message, nowMs);
      case 'order_query':
        return this.#query(message);
    }
  }

  /**
   * An order, or a change of one, on a connection that says too much. It is told for certain that it was not placed, unless it
   * was before: then it gets the answer of any repeated order, as a refusal would pass for that of the order that stands.
   */
  refuseHasty(message: OrderPlace | OrderReplace, nowMs: number): void {
    if (this.#desk?.isBroken) return this.#refuseBroken(message);
    const { account, clientOrderId } = message.data;
    if (message.type === 'order_replace') {
      if (this.#isMade(message)) return this.#replace(message, nowMs);
      return this.#send({
        type: 'order_replace_reject',
        id: message.id,
        data: { clientOrderId, code: 'rate_limited' },
      });
    }
    if (this.#desk?.query(account, clientOrderId) !== undefined) return this.#place(message, nowMs);
    this.#reject(message.id, clientOrderId, 'rate_limited', 'Too many messages a second.', true);
  }

  /** No code of a refusal fits: it would say that the order does not stand. */
  #refuseBroken({ id }: OrderMessage): void {
    this.#sendError(id, 'internal', 'The desk can tell nothing of orders until it is started anew.');
  }

  /** Stops listening to all accounts but those that may be heard. Returns their names. */
  stopUnless(mayHear: (account: string) => boolean): readonly string[] {
    const ended = [...this.#listening.keys()].filter((account) => !mayHear(account));
    for (const account of ended) {
      this.#listening.get(account)?.();
      this.#listening.delete(account);
    }
    return ended;
  }

  dispose(): void {
    for (const stop of this.#listening.values()) stop();
    this.#listening.clear();
  }

  #subscribe({ id, data: { account } }: AccountSubscribe): void {
    if (this.#desk === undefined) return this.#sendError(id, 'not_entitled', 'This server keeps no accounts.');
    const snapshot = this.#desk.snapshot(account);
    if (snapshot === undefined) return this.#sendError(id, 'overloaded', 'No more accounts can be opened.');
    const stream = `private:${account}`;
    const mark = this.#takeMark(stream);
    const missed = mark && this.#desk.since?.(account, ...mark);
    if (mark !== undefined && missed !== undefined) {
      this.#listen(this.#desk, account);
      return this.#replay(id, account, mark, missed);
    }
    if (mark !== undefined) {
      this.#send({ type: 'resumed', data: { replayed: {}, reset: { [stream]: 'snapshot' } } });
    }
    this.#send({
      type: 'account_snapshot',
      id,
      stream,
      epoch: snapshot.epoch,
      seq: snapshot.sequence,
      data: snapshot.data,
    });
    this.#listen(this.#desk, account);
  }

  /** The events since a loss, in place of the account. */
  #replay(id: string, account: string, [, sequence]: StreamMark, missed: readonly DeskEvent[]): void {
    const stream = `private:${account}`;
    const range = [sequence + 1, sequence + missed.length] as const;
    this.#send({ type: 'resumed', id, data: { replayed: { [stream]: range }, reset: {} } });
    for (const { type, epoch, sequence: seq, data } of missed) {
      this.#send({ type, stream, epoch, seq, replay: true, data } as ServerMessage);
    }
  }

  #place(message: OrderPlace, nowMs: number): void {
    const { id, data: order } = message;
    const { account, clientOrderId } = order;
    if (this.#desk === undefined) {
      return this.#reject(id, clientOrderId, 'not_permitted', 'This server takes no orders.', false);
    }
    const isKnown = this.#desk.query(account, clientOrderId) !== undefined;
    if (!isKnown && this.#rate.take(nowMs) > 0) return this.refuseHasty(message, nowMs);
    // Whoever places an order hears of its fills, even without having asked for the account.
    if (!this.#listening.has(account) && this.#desk.snapshot(account) !== undefined) this.#listen(this.#desk, account);
    this.#asked = { id, account, clientOrderId };
    const outcome = this.#desk.place(order, nowMs);
    this.#asked = undefined;
    if (outcome.kind === 'duplicate') {
      const { epoch, sequence, data } = outcome;
      this.#send({ type: 'order_ack', id, stream: `private:${account}`, epoch, seq: sequence, data });
    } else if (outcome.kind === 'rejected') {
      this.#reject(id, clientOrderId, outcome.code, outcome.message, outcome.retryable, outcome.details);
    }
  }

  #replace(message: OrderReplace, nowMs: number): void {
    const { id, data: change } = message;
    const { account, clientOrderId } = change;
    const desk = this.#desk;
    const isKnown = desk?.query(account, clientOrderId) !== undefined;
    if (isKnown && !this.#isMade(message) && this.#rate.take(nowMs) > 0) return this.refuseHasty(message, nowMs);
    if (desk !== undefined && isKnown) {
      this.#listen(desk, account);
      this.#asked = { id, account, clientOrderId };
    }
    const outcome: ReplaceOutcome = isKnown
      ? (desk?.replace?.(change, nowMs) ?? { kind: 'rejected', code: 'not_permitted' })
      : { kind: 'rejected', code: 'unknown_order' };
    this.#asked = undefined;
    if (outcome.kind === 'duplicate') {
      const { epoch, sequence, data } = outcome;
      this.#send({ type: 'order_replaced', id, stream: `private:${account}`, epoch, seq: sequence, data });
    } else if (outcome.kind === 'rejected') {
      const { kind: _, ...refusal } = outcome;
      this.#send({ type: 'order_replace_reject', id, data: { clientOrderId, ...refusal } });
    }
  }

  /** Whether the order has this revision behind it, so that the change can only be a repeated one or a conflict. */
  #isMade({ data: { account, clientOrderId, revision } }: OrderReplace): boolean {
    const order = this.#desk?.query(account, clientOrderId);
    return order !== undefined && revision <= (order.revision ?? 0);
  }

  #cancel({ id, data: { account, clientOrderId } }: OrderCancel, nowMs: number): void {
    if (this.#desk !== undefined && this.#desk.query(account, clientOrderId) !== undefined) {
      this.#listen(this.#desk, account);
      this.#asked = { id, account, clientOrderId };
    }
    const outcome = this.#desk?.cancel(account, clientOrderId, nowMs) ?? { kind: 'rejected', code: 'unknown_order' };
    this.#asked = undefined;
    if (outcome.kind === 'cancelled') return;
    const { kind: _, ...refusal } = outcome;
    this.#send({ type: 'order_cancel_reject', id, data: { clientOrderId, ...refusal } });
  }

  #query({ id, data: { account, clientOrderId } }: OrderQuery): void {
    const order = this.#desk?.query(account, clientOrderId) ?? null;
    this.#send({ type: 'order_status', id, data: { clientOrderId, known: order !== null, order } });
  }

  #listen(desk: ServedDesk, account: string): void {
    if (this.#listening.has(account)) return;
    this.#listening.set(
      account,
      desk.listen(account, (event) => this.#tell(account, event)),
    );
  }

  #tell(account: string, event: DeskEvent): void {
    const { type, epoch, sequence: seq, data } = event;
    // Spelled out, so that the type of the event and that of its data stay together.
    const head = { ...this.#answerTo(account, event), stream: `private:${account}`, epoch, seq };
    this.#send({ type, ...head, data } as ServerMessage);
  }

  #answerTo(account: string, event: DeskEvent): { readonly id: string } | undefined {
    const asked = this.#asked;
    const isAnswer =
      asked !== undefined &&
      asked.account === account &&
      ANSWERS.has(event.type) &&
      event.type !== 'balance_update' &&
      event.data.clientOrderId === asked.clientOrderId;
    if (!isAnswer) return undefined;
    // One request, one answer: an order that is acknowledged and cancelled at once is answered by the first.
    this.#asked = undefined;
    return { id: asked.id };
  }

  #reject(
    id: string,
    clientOrderId: string,
    code: OrderRejectCode,
    message: string,
    retryable: boolean,
    details?: Readonly<Record<string, unknown>>,
  ): void {
    const data: OrderReject['data'] = { clientOrderId, code, message, retryable, ...(details && { details }) };
    this.#send({ type: 'order_reject', id, data });
  }
}
