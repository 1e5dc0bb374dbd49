/** A journal that cannot be used. The message is for the person who runs the exchange. */
export class JournalError extends Error {
  override name = 'JournalError';
}
