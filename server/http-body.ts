/** The JSON body of a request, of a bounded length. */
import type { IncomingMessage } from 'node:http';

/** Why a body is not taken: a status and a code of the wire protocol. */
export interface BadBody {
  readonly status: 400 | 413 | 415;
  readonly code: 'bad_message' | 'bad_json' | 'too_large';
  readonly message: string;
}

/** The value in the body, or why it is refused. Rejects when the client goes away in the middle of it. */
export const readJson = async (
  request: IncomingMessage,
  mostBytes: number,
): Promise<{ readonly value: unknown } | BadBody> => {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  // A page of another origin may send other types without asking first.
  if (type !== 'application/json') {
    return { status: 415, code: 'bad_message', message: 'The body must be application/json.' };
  }
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > mostBytes) {
      return { status: 413, code: 'too_large', message: `A body may have ${mostBytes} bytes at most.` };
    }
    parts.push(part);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { status: 400, code: 'bad_json', message: 'The body is not JSON.' };
  }
};
