/**
 * One account, asked for again and again. An answer that overlaps a request of ours may or may not count it in, so it is dropped
 * and asked for anew: what is told was true after everything that had been answered by then.
 */
import type { DeskClock } from './clock.js';
import type { GatewayEvent } from './gateway.js';
import type { HttpWire } from './http-wire.js';
import type { Mark } from './order.js';
import { readHoldings, readListedOrders, textOf } from './wire.js';

/** The ceiling of a wait after a question that failed doubles with each, from the first to the longest. */
const BACKOFF_MS = { first: 2_000, longest: 30_000 } as const;

export interface HttpPollOptions {
  readonly wire: HttpWire;
  readonly clock: DeskClock;
  readonly random: () => number;
  readonly everyMs: number;
  readonly account: string;
  readonly listener: (event: GatewayEvent) => void;
}

export class HttpPoll {
  readonly #options: HttpPollOptions;
  /** Requests of ours that are under way. */
  #acts = 0;
  /** How many have begun so far. */
  #begun = 0;
  #isWhole = false;
  #mark: Mark | undefined;
  #failures = 0;
  #polling: Promise<boolean> | undefined;
  #callOff: (() => void) | undefined;
  #isStopped = false;

  constructor(options: HttpPollOptions) {
    this.#options = options;
    void this.now();
  }

  stop(): void {
    this.#isStopped = true;
    this.#callOff?.();
  }

  /** Does something that may change the account; the account is asked for after it. */
  async around<Result>(act: () => Promise<Result>): Promise<Result> {
    this.#acts++;
    this.#begun++;
    // The account is told anew after it, also where nothing was changed.
    this.#mark = undefined;
    try {
      return await act();
    } finally {
      this.#acts--;
      // In its own turn: what came of the act is heard first.
      this.#wait(0);
    }
  }

  /** Asks now. Whether the account is known as of after this call. */
  async now(): Promise<boolean> {
    // One that is under way may have been answered before.
    await this.#polling;
    return (this.#polling ??= this.#ask().finally(() => (this.#polling = undefined)));
  }

  async #ask(): Promise<boolean> {
    if (this.#isStopped) return false;
    this.#callOff?.();
    const { wire, account, everyMs, random } = this.#options;
    const begun = this.#begun;
    const isAlone = this.#acts === 0;
    const answer = await wire.request('GET', `/account?account=${encodeURIComponent(account)}`);
    if (this.#isStopped) return false;
    if (answer.kind === 'answer' && answer.status === 200 && Array.isArray(answer.body['orders'])) {
      this.#failures = 0;
      const isClean = isAlone && begun === this.#begun;
      if (isClean) {
        this.#tell(answer.body);
        this.#wait(everyMs);
      }
      // Otherwise whoever came between asks again when it is done.
      return isClean;
    }
    this.#failures++;
    if (this.#isWhole || this.#failures === 1) this.#options.listener({ type: 'lost', reason: reasonOf(answer) });
    this.#isWhole = false;
    const wait = waitAfter(this.#failures, random);
    this.#wait(Math.max(wait, answer.kind === 'answer' ? answer.retryAfterMs : 0));
    return false;
  }

  #tell(data: Readonly<Record<string, unknown>>): void {
    const { account, listener } = this.#options;
    const epoch = textOf(data['epoch']);
    const sequence = data['sequence'];
    const isNumbered = epoch !== '' && typeof sequence === 'number' && Number.isSafeInteger(sequence);
    const mark = isNumbered ? { epoch, sequence } : undefined;
    const isNews = mark === undefined || mark.epoch !== this.#mark?.epoch || mark.sequence !== this.#mark.sequence;
    if (this.#isWhole && !isNews) return;
    this.#isWhole = true;
    this.#mark = mark;
    listener({ type: 'account', update: readHoldings(data, true, mark) });
    listener({ type: 'ready', orders: readListedOrders(data, account, mark) });
  }

  #wait(delayMs: number): void {
    this.#callOff?.();
    if (this.#isStopped) return;
    this.#callOff = this.#options.clock.setTimer(() => void this.now(), delayMs);
  }
}

/** Drawn anew and evenly from a third of the ceiling on, so that many pages do not come back in one instant. */
const waitAfter = (failures: number, random: () => number): number => {
  const ceiling = Math.min(BACKOFF_MS.longest, BACKOFF_MS.first * 2 ** (failures - 1));
  return ceiling / 3 + random() * (ceiling * (2 / 3));
};

function reasonOf(answer: Awaited<ReturnType<HttpWire['request']>>): string {
  if (answer.kind === 'silent') return answer.reason;
  if (answer.kind === 'not_sent') return answer.code;
  return textOf(answer.body['code']) || `status ${answer.status}`;
}
