import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { OrderType } from '../../orders/order.js';
import { pageConsents } from './consent.js';

/** What a ticket's consents are for: an account, and where its orders go. */
export interface ConsentScope {
  readonly account: string;
  readonly src: string;
  readonly gatewayName: string | undefined;
  /** What was agreed to for play does not hold for money. */
  readonly isPaper: boolean;
  /** Whether the page lets a person choose not to be asked. */
  readonly isOffered: boolean;
}

/** What the person at one ticket wants to be asked of no more. Without the page's leave that is nothing. */
export class ConsentController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #scope: () => ConsentScope;
  #unobserve: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, scope: () => ConsentScope) {
    this.#host = host;
    this.#scope = scope;
    host.addController(this);
  }

  get isOffered(): boolean {
    return this.#scope().isOffered;
  }

  /** The types that go unasked now. */
  get types(): readonly OrderType[] {
    return this.isOffered ? pageConsents().typesOf(this.#key) : [];
  }

  give(type: OrderType): void {
    if (this.isOffered) pageConsents().give(this.#key, type);
  }

  revoke(): void {
    pageConsents().revoke(this.#key);
  }

  hostConnected(): void {
    this.#unobserve = pageConsents().observe(() => this.#host.requestUpdate());
  }

  hostDisconnected(): void {
    this.#unobserve?.();
    this.#unobserve = undefined;
  }

  get #key(): string {
    const { account, src, gatewayName, isPaper } = this.#scope();
    return JSON.stringify([src, gatewayName ?? null, account, ...(isPaper ? ['paper'] : [])]);
  }
}
