/**
 * Asks the page's provider for a token on behalf of a worker. Of what a provider throws only the name crosses, since a
 * token or a header may stand in its words; and no answer goes to a worker that did not ask for it.
 */
import type { TokenProvider, TokenRequest } from '../auth-token.js';
import type { PageMessage } from './worker-messages.js';

export class RemoteLogin {
  readonly #provider: TokenProvider;
  readonly #asked = new Map<number, AbortController>();

  constructor(provider: TokenProvider) {
    this.#provider = provider;
  }

  async ask(id: number, reason: TokenRequest['reason'], post: (message: PageMessage) => void): Promise<void> {
    const abort = new AbortController();
    this.#asked.set(id, abort);
    const answer = await this.#answer({ reason, signal: abort.signal });
    // Another worker may count from the same number.
    if (this.#asked.get(id) !== abort) return;
    this.#asked.delete(id);
    post({ kind: 'answer', id, ...answer });
  }

  /** Nobody waits for it any more. */
  callOff(id: number): void {
    const abort = this.#asked.get(id);
    this.#asked.delete(id);
    abort?.abort();
  }

  /** The worker that asked is gone. */
  callOffAll(): void {
    for (const id of [...this.#asked.keys()]) this.callOff(id);
  }

  async #answer(request: TokenRequest): Promise<{ token?: string; failure?: string }> {
    try {
      const token: unknown = await this.#provider(request);
      if (typeof token === 'string') return { token };
      return token === undefined || token === null ? {} : { failure: 'TypeError' };
    } catch (error) {
      return { failure: error instanceof Error ? error.name : '' };
    }
  }
}
