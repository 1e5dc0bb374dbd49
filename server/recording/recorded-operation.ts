/** A venue's operation as it is played: with a time, and a place in a chain of ours. */
import type {
  BookDelta,
  BookGap,
  BookSnapshot,
  RefusedFrame,
  SkippedMessage,
  VenueOperation,
  VenueTrade,
} from './venue.js';

/** Where a book operation stands in its symbol's chain. The venue's own numbering has done its work before. */
interface Place {
  /** Changes after a gap. */
  readonly epoch: string;
  /** Rises by one with each snapshot and delta of the symbol. */
  readonly sequence: number;
}

export type RecordedOperation = {
  /** When it was received, milliseconds since 1970. Never falls. */ readonly atMs: number;
} & (
  | (BookSnapshot & Place)
  | (BookDelta & Place & { readonly previousSequence: number })
  | VenueTrade
  | SkippedMessage
  | BookGap
  | RefusedFrame
);

/** Numbers the operations of one session. */
export class Chain {
  readonly #places = new Map<string, { epoch: number; sequence: number }>();

  place(operation: VenueOperation, atMs: number): RecordedOperation {
    if (operation.kind !== 'snapshot' && operation.kind !== 'delta' && operation.kind !== 'gap')
      return { ...operation, atMs };
    let place = this.#places.get(operation.symbol);
    if (place === undefined) this.#places.set(operation.symbol, (place = { epoch: 1, sequence: 0 }));
    if (operation.kind === 'gap') {
      place.epoch++;
      return { ...operation, atMs };
    }
    const previousSequence = place.sequence++;
    const { sequence } = place;
    const epoch = String(place.epoch);
    return operation.kind === 'snapshot'
      ? { ...operation, atMs, epoch, sequence }
      : { ...operation, atMs, epoch, sequence, previousSequence };
  }
}
