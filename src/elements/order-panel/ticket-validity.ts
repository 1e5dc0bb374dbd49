import type { IssueCode } from '../../orders/validate.js';

/** The platform's word for some of the ticket's rules. */
const KINDS: Readonly<Partial<Record<IssueCode, keyof ValidityStateFlags>>> = {
  required: 'valueMissing',
  not_a_number: 'badInput',
  not_positive: 'rangeUnderflow',
  below_minimum: 'rangeUnderflow',
  above_maximum: 'rangeOverflow',
  off_tick: 'stepMismatch',
  off_lot: 'stepMismatch',
  less_than_lot: 'stepMismatch',
};

/** What the platform is told of a rule that is broken; what it has no word for is a `customError`. */
export const validityOf = (code: IssueCode): ValidityStateFlags => ({ [KINDS[code] ?? 'customError']: true });
