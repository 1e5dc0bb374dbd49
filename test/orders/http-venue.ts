import { Exchange } from '../../src/sim/index.js';
import type { OrderRequest as SimRequest } from '../../src/sim/desk-types.js';
import type { ManualClock } from './fake-venue.js';

/** What happens to a request on its way. */
export type HttpFate = 'arrives' | 'lost_before' | 'lost_after' | 'held' | Response;

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly init: RequestInit;
}

/** A desk of the simulated exchange behind a `fetch` that can lose. Its venue time is ahead of ours by `aheadMs`. */
export class HttpVenue {
  readonly exchange: Exchange;
  readonly sent: Sent[] = [];
  /** Placings that reached the desk, repeats included. */
  readonly placed: string[] = [];
  aheadMs = 0;
  hasDate = true;
  fate: (sent: Sent) => HttpFate = () => 'arrives';
  /** Lets go of what is held. */
  release: () => void = () => undefined;
  readonly #clock: ManualClock;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.exchange = new Exchange({ symbols: 1, startMs: clock.now(), epoch: 'e1', ratePerSymbol: 0.001 });
  }

  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const url = new URL(input as string);
    const sent = { method: init.method ?? 'GET', path: url.pathname, init };
    this.sent.push(sent);
    const fate = this.fate(sent);
    if (fate instanceof Response) return fate;
    if (fate === 'lost_before') throw new TypeError('fetch failed');
    const answer = this.#answer(sent, url);
    if (fate === 'lost_after') throw new TypeError('fetch failed');
    if (fate === 'held') {
      await new Promise<void>((resolve, reject) => {
        this.release = resolve;
        init.signal?.addEventListener('abort', () => reject(new TypeError('aborted')));
      });
    }
    return answer;
  };

  count(method: string): number {
    return this.sent.filter((sent) => sent.method === method).length;
  }

  #answer({ method, path, init }: Sent, url: URL): Response {
    const { desk } = this.exchange;
    const now = this.#clock.now() + this.aheadMs;
    const account = url.searchParams.get('account') ?? '';
    const id = path.split('/').at(-1) ?? '';
    const data = typeof init.body === 'string' ? (JSON.parse(init.body) as object) : {};
    const order = () => ({ order: desk.query(account, id) });
    switch (`${method} ${path.includes('/orders/') ? 'one' : path.split('/').at(-1)}`) {
      case 'POST orders': {
        const request = data as SimRequest;
        this.placed.push(request.clientOrderId);
        const outcome = desk.place(request, now);
        if (outcome.kind === 'rejected') return this.json(outcome.code === 'duplicate_conflict' ? 409 : 422, outcome);
        const found = desk.query(request.account, request.clientOrderId);
        return this.json(outcome.kind === 'duplicate' ? 200 : 201, { order: found });
      }
      case 'PATCH one': {
        const outcome = desk.replace(
          {
            ...(data as never as {
              revision: number;
              quantity: string;
              limitPrice: string | null;
              stopPrice: string | null;
            }),
            account,
            clientOrderId: id,
          },
          now,
        );
        return outcome.kind === 'rejected' ? this.json(statusOf(outcome), outcome) : this.json(200, order());
      }
      case 'DELETE one': {
        const outcome = desk.cancel(account, id, now);
        return outcome.kind === 'rejected' ? this.json(statusOf(outcome), outcome) : this.json(200, order());
      }
      case 'GET one':
        return desk.query(account, id) ? this.json(200, order()) : this.json(404, { code: 'unknown_order' });
      default: {
        const { epoch, sequence, data: text } = desk.snapshot(account)!;
        return this.json(200, { epoch, sequence, ...text });
      }
    }
  }

  json(status: number, body: unknown): Response {
    const date = new Date(this.#clock.now() + this.aheadMs).toUTCString();
    return new Response(JSON.stringify(body), { status, headers: this.hasDate ? { date } : {} });
  }
}

const statusOf = ({ code }: { readonly code: string }): number => (code === 'unknown_order' ? 404 : 409);
