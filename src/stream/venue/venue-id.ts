/** The numbers by which venues count their updates: exact at any length, since some are beyond 2^53. */
import type { VenueId } from './venue-protocol.js';

/** Undefined when the text is no whole number, 0 or above. */
export function readId(text: string | undefined): VenueId | undefined {
  if (text === undefined || !/^\d{1,40}$/.test(text)) return undefined;
  const id = Number(text);
  return Number.isSafeInteger(id) ? id : BigInt(text);
}

/** The number after `id`. */
export function nextId(id: VenueId): VenueId {
  return typeof id === 'number' && id < Number.MAX_SAFE_INTEGER ? id + 1 : BigInt(id) + 1n;
}
