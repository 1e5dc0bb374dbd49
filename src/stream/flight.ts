/** The flight recorder of one stream: what it listens to, where a recording may begin, and what is said about it. */
import type { Clock } from './clock.js';
import { type FlightBase, flightBase } from './flight-base.js';
import { type Decision, FlightRecorder } from './flight-recorder.js';
import type { Lane } from './lane.js';
import type { RecordOptions, StreamStatus } from './market-stream.js';
import type { Meter } from './metrics.js';
import type { Settings } from './settings.js';
import type { SymbolState } from './symbol-state.js';
import type { TransportFactory } from './transport/transport.js';

export interface FlightHost {
  readonly src: string;
  readonly venue: string;
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'recorderSize'>;
  readonly meter: Meter;
  readonly status: () => StreamStatus;
  readonly lanes: () => readonly Lane[];
  readonly states: () => Iterable<SymbolState>;
}

export class Flight {
  readonly #host: FlightHost;
  readonly #recorder: FlightRecorder;

  constructor(host: FlightHost) {
    const { clock, settings, meter } = host;
    this.#host = host;
    this.#recorder = new FlightRecorder({ clock, settings, meter, base: () => this.#base() });
  }

  /** The same transports, overheard. */
  tap(make: TransportFactory): TransportFactory {
    return this.#recorder.tap(make);
  }

  /** Notes a decision. */
  note(kind: Decision, what: unknown): void {
    this.#recorder.note(kind, what);
  }

  /** What is held now, as text. */
  async record({ private: isPrivate = true }: RecordOptions = {}): Promise<string> {
    const { src, venue, clock, settings, status, lanes } = this.#host;
    if (settings.recorderSize === 0) throw new Error('Nothing is recorded: recorderSize is 0.');
    const { dialect } = status();
    const { segments, connection, secrets } = this.#recorder;
    const { writeFlight } = await import('./flight-file.js');
    // Whoever knows a session's name might take it up.
    const sessions = lanes().flatMap(({ resume }) => resume.session ?? []);
    const facts = { src, venue, dialect, connection, secrets: [...secrets, ...sessions], isPrivate };
    return writeFlight(facts, segments, clock);
  }

  /** A venue's books are in the state of its session, of which nothing can be written down. */
  #base(): FlightBase | undefined {
    const { status, lanes, states } = this.#host;
    const open = lanes().filter(({ isOpen }) => isOpen);
    if (open.some(({ connection }) => connection.dialect === 'venue') || status().dialect === 'venue') return undefined;
    const served = [...states()].filter(({ lane }) => lane.isOpen);
    return flightBase(served, open[0]?.connection.welcome, open.length > 0);
  }
}
