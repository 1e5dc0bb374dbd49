/** Why a recording cannot be played. The message is for the person who named the file. */
export class RecordingError extends Error {
  constructor(
    readonly code:
      | 'missing'
      | 'unreadable'
      | 'empty'
      | 'truncated'
      | 'line_too_long'
      | 'unknown_format'
      | 'unknown_venue'
      | 'mixed_venues'
      | 'other_venue'
      | 'overlap'
      | 'no_books',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'RecordingError';
  }
}
