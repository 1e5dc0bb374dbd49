/** In place of `stream/auth.ts`, in a file that has no login: market data go on, and a page that gives a token is told. */
import type { Login as RealLogin, LoginOptions } from '../stream/auth.js';

export class Login implements Pick<RealLogin, 'isRefused' | 'link' | 'again'> {
  readonly isRefused = false;
  readonly #errors: LoginOptions['errors'];

  constructor({ errors }: LoginOptions) {
    this.#errors = errors;
  }

  link(): undefined {
    return undefined;
  }

  again(): void {
    this.#errors.once('auth_failed', '', 'A token needs the login: load touchline-desk.js instead of this file.');
  }
}
