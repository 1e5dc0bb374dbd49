/** How the desk says no. */
import type { RejectCode, Rejection } from './desk-types.js';

/** A refusal is final, and stands for its client order id, unless it is said to be retryable. */
export const reject = (
  code: RejectCode,
  message: string,
  details?: Readonly<Record<string, unknown>>,
  retryable = false,
): Rejection => ({ kind: 'rejected', code, message, retryable, ...(details && { details }) });
