/** A real reference exchange for a test in a browser, in a process of its own that can be killed. */
import { executeServerCommand } from '@web/test-runner-commands';

export interface TestExchange {
  /** What to give `src`. */
  readonly url: string;
  readonly port: number;
  /** Ends it without a goodbye, as a machine's failure would. */
  kill(): Promise<void>;
  /** Ends it as an operator would: clients are told. */
  stop(): Promise<void>;
  /** A new one on the same port with the same options: a new epoch, another book. */
  restart(): Promise<void>;
}

/** Starts an exchange on a free port, in place of the one this test file started before. */
export async function startTestExchange(options: Readonly<Record<string, unknown>> = {}): Promise<TestExchange> {
  const { url, port } = await executeServerCommand<{ url: string; port: number }, Readonly<Record<string, unknown>>>(
    'exchange:start',
    options,
  );
  return {
    url,
    port,
    kill: async () => void (await executeServerCommand('exchange:kill')),
    stop: async () => void (await executeServerCommand('exchange:stop')),
    restart: async () => void (await executeServerCommand('exchange:restart')),
  };
}
