/** A program that serves a port of the loopback, for tests that stop it and start it again on the same port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

const START_MS = 20_000;
const LOOK_MS = 25;

/** A port that nobody has just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a program that cannot outlive this process, however that one ends. */
export function spawnLeashed({ command, args, ...options }: Program): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
}

export class Daemon {
  readonly port: number;
  readonly #program: Program;
  #child: ChildProcess | undefined;
  #words = '';

  constructor(port: number, program: Program) {
    this.port = port;
    this.#program = program;
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The last that it said, on either output. */
  get words(): string {
    return this.#words;
  }

  /** Runs it until its port takes connections. */
  async start(): Promise<void> {
    if (this.#child !== undefined) throw new Error(`${this.#program.command} runs already`);
    const child = spawnLeashed(this.#program);
    this.#child = child;
    const hear = (data: Buffer): void => {
      this.#words = (this.#words + data.toString()).slice(-4_000);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    const isOver = (): void => {
      if (this.#child === child) this.#child = undefined;
    };
    child.once('exit', isOver);
    // One that could not be run at all has no exit.
    child.once('error', (error) => {
      hear(Buffer.from(error.message));
      isOver();
    });
    const end = performance.now() + START_MS;
    while (!(await this.#answers())) {
      if (this.#child !== child || performance.now() > end) {
        await this.end('SIGKILL');
        throw new Error(`${this.#program.command} did not start: ${this.#words}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Ends it, and waits until it is gone. Safe to call when it does not run. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    // One that is stopped hears no other signal before it goes on.
    child.kill('SIGCONT');
    await gone;
  }

  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1');
      socket.once('connect', () => {
        // Where nobody listens, a socket may by chance connect to itself.
        const isServer = socket.localPort !== this.port;
        socket.destroy();
        resolve(isServer);
      });
      socket.once('error', () => resolve(false));
    });
  }
}
