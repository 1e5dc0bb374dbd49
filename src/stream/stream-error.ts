/** What a page is told when something is wrong that it may want to know. Never thrown, never repeated for one cause. */
export type StreamErrorCode =
  /** The address cannot be used, now or ever. */
  | 'bad_address'
  /** Two tries in a row never reached an open connection. */
  | 'unreachable'
  /** The server ended the connection for a reason of its own. */
  | 'closed_by_server'
  /** There was no token, or the server did not take it. What needs no login goes on. */
  | 'auth_failed'
  /** The login has run out before it was renewed. */
  | 'auth_expired'
  /** The server sent an error. */
  | 'server_error'
  /** A venue does not know a symbol. */
  | 'unknown_symbol'
  /** The server sent something that was refused. */
  | 'refused_message'
  /** A part that is loaded when it is first used could not be. The stream goes on without it. */
  | 'not_loaded'
  /** A listener of the page threw. */
  | 'listener_threw'
  /** A worker was asked for and the feed runs in the page, or something in the worker threw. */
  | 'worker';

export interface StreamError {
  readonly code: StreamErrorCode;
  /** For people. */
  readonly message: string;
  readonly cause?: unknown;
}

export type ErrorListener = (error: StreamError) => void;
