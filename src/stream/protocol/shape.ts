/**
 * The few words that the guards are written in. A check answers yes or no about a value from the wire, never throws,
 * never changes what it looks at and never walks into what it was not told of, so that neither nesting nor odd keys
 * can cost more than the frame's own length. Only own properties count: a polluted prototype supplies nothing.
 */

export type Check = (value: unknown) => boolean;
export type Fields = Readonly<Record<string, Check>>;

/** Longest symbol, stream, epoch or identifier of an order. */
export const MAX_NAME_LENGTH = 128;
/** Longest `id` of a request, as the protocol has it. */
export const MAX_ID_LENGTH = 64;
/** Longest ticket of a login. */
export const MAX_TICKET_LENGTH = 8_192;
/** Most keys of a table that names streams. */
export const MAX_TABLE_SIZE = 1_000;
/** Longest decimal text. `parseDecimal` is stricter; this bounds what reaches it. */
export const MAX_DECIMAL_LENGTH = 64;

const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isText: Check = (value) => typeof value === 'string';
export const isFlag: Check = (value) => typeof value === 'boolean';
export const isName: Check = (value) =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME_LENGTH;
export const isId: Check = (value) => typeof value === 'string' && value.length <= MAX_ID_LENGTH;
export const isDecimalText: Check = (value) =>
  typeof value === 'string' && value.length <= MAX_DECIMAL_LENGTH && DECIMAL.test(value);
/** A number of the guide's dialect, or exact text. `JSON.parse` reads `1e400` as infinite: that is no price. */
export const isWireNumber: Check = (value) =>
  typeof value === 'number' ? Number.isFinite(value) : isDecimalText(value);
/** Counters beyond 2^53 are refused: two of them could look equal. */
export const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
/** Milliseconds. Fractions are legal, negative and infinite ones are not. */
export const isTime: Check = (value) => Number.isFinite(value) && (value as number) >= 0;

export const oneOf = (...allowed: readonly string[]): Check => {
  const set = new Set<unknown>(allowed);
  return (value) => set.has(value);
};

export const nullable =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

export const pairOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length === 2 && check(value[0]) && check(value[1]);

/** An object with keys of any name, at most so many. */
export const tableOf =
  (check: Check, most = MAX_TABLE_SIZE): Check =>
  (value) => {
    if (!isRecord(value)) return false;
    const entries = Object.entries(value);
    return entries.length <= most && entries.every(([key, each]) => isName(key) && check(each));
  };

/** A field that may be left out. */
export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** An own property; undefined for an inherited one, and of what is no object. */
export const own = (value: unknown, key: string): unknown =>
  isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** An object whose fields are in good form. Other keys are ignored. */
export const shape = (fields: Fields): Check => {
  const checks = Object.entries(fields);
  return (value) =>
    isRecord(value) && checks.every(([key, check]) => check(Object.hasOwn(value, key) ? value[key] : undefined));
};

/** A message: its `data`, and the fields beside it. */
export const message = (data: Fields, beside: Fields = {}): Check => shape({ ...beside, data: shape(data) });
