/**
 * The connections of one stream in a recording of ours, played as one: each has a session of its own, since numbers,
 * channels and books begin anew with each. The first is read by the session that is told what is wanted.
 */
import type { VenueSession } from './venue-protocol.js';

export class RecordedSessions {
  readonly first: VenueSession;
  readonly #start: () => VenueSession;
  readonly #sessions = new Map<number, VenueSession>();
  /** Which connection last told of a symbol. */
  readonly #servedBy = new Map<string, number>();

  constructor(start: () => VenueSession) {
    this.first = start();
    this.#start = start;
  }

  /** Whoever reads what came on a connection; the first where there is but one. */
  sessionOf(connection: number | undefined): VenueSession {
    if (connection === undefined) return this.first;
    let session = this.#sessions.get(connection);
    if (session === undefined) {
      session = this.#sessions.size === 0 ? this.first : this.#start();
      this.#sessions.set(connection, session);
    }
    return session;
  }

  /** The connection has told of these. */
  served(symbols: Iterable<string>, connection: number | undefined): void {
    if (connection !== undefined) for (const symbol of symbols) this.#servedBy.set(symbol, connection);
  }

  /** A connection has ended. Returns the symbols that it told of last: nobody tells of them now. */
  end(connection: number): string[] {
    const symbols = [...this.#servedBy].flatMap(([symbol, by]) => (by === connection ? [symbol] : []));
    for (const symbol of symbols) this.#servedBy.delete(symbol);
    return symbols;
  }
}
