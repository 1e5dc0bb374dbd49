/** Tells the page what is wrong, each thing once: a fault that repeats ten times a second is still one fault. */
import type { ErrorListener, StreamError, StreamErrorCode } from './stream-error.js';

/** Where nobody listens, a page's author finds it on the console. */
export const warnOnConsole: ErrorListener = ({ message, cause }) => {
  if (cause === undefined) console.warn(`touchline: ${message}`);
  else console.warn(`touchline: ${message}`, cause);
};

export class ErrorDesk {
  readonly #listener: ErrorListener;
  readonly #told = new Set<string>();

  constructor(listener: ErrorListener) {
    this.#listener = listener;
  }

  /** Tells once for each code and `detail`. */
  once(code: StreamErrorCode, detail: string, message: string, cause?: unknown): void {
    const key = `${code} ${detail}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.tell({ code, message, ...(cause !== undefined && { cause }) });
  }

  tell(error: StreamError): void {
    try {
      this.#listener(error);
    } catch (fault) {
      warnOnConsole({ code: 'listener_threw', message: 'The error listener threw.', cause: fault });
    }
  }
}
