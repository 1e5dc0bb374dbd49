import { ZERO, compare, parseDecimal } from '../../book/decimal.js';
import type { Instrument } from '../../book/instrument.js';
import type { PaperGateway, createPaperGateway } from '../../orders/paper-gateway.js';
import type { MarketStream } from '../../stream/market-stream.js';
import { warnOnce, warnTextOnce } from '../internal/warn.js';
import type { DeskWish } from './desk-controller.js';

/** What a paper account begins with, in the symbol's currency, where the page names no amount. */
const USUAL_MONEY = '100000';

interface Opened {
  readonly gateway: PaperGateway;
  /** What pages say of symbols, in place of the feed. */
  readonly instruments: Map<string, Instrument>;
}

/** By the money that they begin with: tickets of one feed that begin with the same share their paper account. */
const opened = new WeakMap<MarketStream, Map<string, Opened>>();
let create: typeof createPaperGateway | undefined;
/** Why nothing goes on paper: this file for a script tag has not the code for it. Empty as far as is known. */
let refusal = '';

/** Whether a page has set `paper`: frameworks hand over no attribute as null or false. */
export const wantsPaper = (paper: unknown): boolean => paper !== undefined && paper !== null && paper !== false;

/** What a ticket trades on paper with. The code for it is loaded by the first ticket that does. */
export class PaperTrading {
  readonly #host: Element & { requestUpdate(): void };
  #isLoading = false;

  constructor(host: Element & { requestUpdate(): void }) {
    this.#host = host;
  }

  /** Why nothing goes on paper on this page, in words; empty where it does. */
  get refusal(): string {
    return refusal;
  }

  /**
   * Where orders belong that shall be on paper. Until there is a gateway for them there is no desk at all: a paper order never finds
   * its way to the feed's server.
   */
  wish({ account, stream }: DeskWish, paper: unknown, symbol: string, instrument?: Instrument): DeskWish {
    const gateway = this.#gateway(stream, symbol, String(paper), instrument);
    return { account, stream: gateway && stream, gateway };
  }

  /** Undefined while there is no feed or the code is on its way. */
  #gateway(
    stream: MarketStream | undefined,
    symbol: string,
    money: string,
    instrument: Instrument | undefined,
  ): PaperGateway | undefined {
    if (create === undefined) void this.#load();
    if (create === undefined || stream === undefined || refusal !== '') return undefined;
    let gateways = opened.get(stream);
    if (gateways === undefined) opened.set(stream, (gateways = new Map()));
    const amount = this.#amount(money);
    let found = gateways.get(amount);
    if (found === undefined) {
      found = this.#open(create, stream, amount);
      if (found === undefined) return undefined;
      gateways.set(amount, found);
    }
    if (instrument) found.instruments.set(symbol, instrument);
    const currency = (instrument ?? stream.instrument(symbol))?.currency;
    if (currency !== undefined) found.gateway.fund(currency, amount);
    return found.gateway;
  }

  #open(made: typeof createPaperGateway, stream: MarketStream, amount: string): Opened | undefined {
    const instruments = new Map<string, Instrument>();
    try {
      const gateway = made({
        stream,
        name: `paper ${amount} ${stream.src}`,
        instrument: (name) => instruments.get(name),
      });
      return { gateway, instruments };
    } catch (error) {
      // The ticket says it, and stays shut.
      refusal = error instanceof Error ? error.message : String(error);
      warnTextOnce(`<${this.#host.localName} paper>: ${refusal}`);
      return undefined;
    }
  }

  #amount(money: string): string {
    if (money === '') return USUAL_MONEY;
    const value = parseDecimal(money);
    if (value && compare(value, ZERO) >= 0) return money;
    warnOnce(this.#host, 'paper', money, 'an amount of money such as "50000", or empty');
    return USUAL_MONEY;
  }

  async #load(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    try {
      const { createPaperGateway } = await import('../../orders/paper-gateway.js');
      create = createPaperGateway;
      this.#host.requestUpdate();
    } catch (error) {
      // The ticket stays shut, and asks for it again with its next update.
      warnTextOnce(`<${this.#host.localName} paper>: ${String(error)}`);
    }
    this.#isLoading = false;
  }
}
