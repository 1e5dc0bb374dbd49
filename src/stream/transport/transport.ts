/**
 * A transport carries text frames both ways and says how it ended. It has no opinion on what they mean, never retries,
 * and is used once: a new try is a new transport.
 */
import type { Clock } from '../clock.js';

export interface TransportEvents {
  /** At most once, before any message. */
  onOpen(): void;
  /**
   * At most once, and nothing after it. Not called after our own `close`. `retryAfterMs`: for how long the server that
   * refused the handshake wants to be left alone, where that could be seen.
   */
  onClose(code: number, reason: string, retryAfterMs?: number): void;
  /**
   * `url` is there when the text is the recorded answer to an HTTP request, `connection` when it came on one of several
   * recorded connections.
   */
  onMessage(data: string, url?: string, connection?: number): void;
  /** A frame arrived that was not looked at. `length`: in bytes or characters, where it is known. */
  onRefused(reason: 'binary' | 'too_large', length?: number): void;
  /** In place of `onClose`, when it turns out after `open` that the address can never work. */
  onUnusable(error: unknown): void;
  /** Of a recording: one of its connections ended there. `isLast`: no other was open. */
  onEnded?(connection: number, isLast: boolean): void;
}

export interface Transport {
  /** Nobody is at the other end: what is sent is not heard, and silence proves nothing. Default false. */
  readonly isRecorded?: boolean;
  /** Starts. Throws only when the address can never work, and that is known at once. */
  open(): void;
  /** Ends at once, also while connecting. No event comes after it. May be called any number of times. */
  close(code?: number, reason?: string): void;
  /** Sends now or not at all: false when it could not, and then nothing was sent nor will be. */
  send(text: string): boolean;
  /** An answer by HTTP belongs to this connection: for whoever records it. */
  overheard?(text: string, url: string): void;
}

export type TransportFactory = (src: string, events: TransportEvents, clock: Clock) => Transport;

/** The close code that stands for every ending without one. Never on the wire. */
export const ABNORMAL_CLOSURE = 1006;
