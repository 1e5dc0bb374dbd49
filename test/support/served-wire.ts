import { Exchange } from '../../src/sim/index.js';
import { ServerSession, type SessionLimits } from '../../src/stream/protocol/session.js';
import type { FakeClock } from './fake-clock.js';
import type { FakeSocket, FakeWire } from './fake-wire.js';

/** Real sessions over a simulated market behind a fake wire, in fake time. The market moves when it is told to. */
export class ServedWire {
  readonly market: Exchange;
  /** Each way, in milliseconds. */
  latencyMs: number;
  /** What happens to a frame of the server's: null when it is lost. */
  onFrame: (text: string, socket: FakeSocket) => string | null = (text) => text;
  /** Every connection that has not ended. */
  readonly sessions = new Map<FakeSocket, ServerSession>();
  readonly #clock: FakeClock;
  #count = 0;
  /** What a session allows that begins from now on. */
  limits: Partial<SessionLimits>;
  /** How far the client's clock was set: the server has its own. */
  #clientAheadMs = 0;

  constructor(
    { wire, clock }: { readonly wire: FakeWire; readonly clock: FakeClock },
    {
      symbols = 2,
      rate = 20,
      latencyMs = 0,
      limits = {},
    }: { symbols?: number; rate?: number; latencyMs?: number; limits?: Partial<SessionLimits> } = {},
  ) {
    this.#clock = clock;
    this.limits = limits;
    this.latencyMs = latencyMs;
    this.market = new Exchange({ symbols, ratePerSymbol: rate, startMs: clock.now(), epoch: 'served' });
    wire.onConnect = (socket) => this.accept(socket);
  }

  /** The newest connection's. */
  get session(): ServerSession | undefined {
    return [...this.sessions.values()].at(-1);
  }

  now(): number {
    return this.#clock.now() - this.#clientAheadMs;
  }

  accept(socket: FakeSocket): void {
    const { market } = this;
    const session = new ServerSession({
      market,
      sessionId: `s-${++this.#count}`,
      onResume: (id) => {
        for (const other of this.sessions.values()) if (other !== session && other.id === id) other.takenOver();
      },
      limits: this.limits,
      now: () => this.now(),
      send: (text) => {
        const frame = this.onFrame(text, socket);
        if (frame !== null) this.#later(() => socket.pushText(frame));
      },
      close: (code, reason) => this.#later(() => socket.drop(code, reason)),
    });
    this.sessions.set(socket, session);
    socket.onSent = (message) => {
      const text = JSON.stringify(message);
      this.#later(() => session.receive(text));
    };
    this.#later(() => socket.accept());
  }

  /** Somebody sets the client's clock, forward or back. */
  setClientClock(ms: number): void {
    this.#clock.set(ms);
    this.#clientAheadMs += ms;
  }

  /** The market goes on to this moment, and everybody is told. */
  step(): void {
    this.market.step(this.now());
    for (const [socket, session] of this.sessions) {
      if (!socket.isClosed) session.flush();
      else {
        session.dispose();
        this.sessions.delete(socket);
      }
    }
  }

  /** Time and market go on together. */
  pass(ms: number, stepMs = 100): void {
    for (let left = ms; left > 0; left -= stepMs) {
      this.#clock.pass(Math.min(stepMs, left));
      this.step();
    }
  }

  #later(act: () => void): void {
    if (this.latencyMs === 0) act();
    else this.#clock.setTimer(act, this.latencyMs);
  }
}
