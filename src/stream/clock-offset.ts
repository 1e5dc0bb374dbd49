/**
 * The server's clock as seen from here, from pings: half of a round trip after we asked, the server said its time. The
 * quickest of the last few round trips is the most exact; only a few are kept, so that a clock that jumps is found out.
 */
const KEPT_PINGS = 4;
/** By how much two clocks may drift apart between two pings that are kept. */
const DRIFT_MS = 50;
/** Pings that may be on their way. More than this, and the oldest is forgotten. */
const MOST_OUTSTANDING = 8;

interface Sample {
  readonly roundTripMs: number;
  readonly offsetMs: number;
}

export class PingLedger {
  #count = 0;
  #outstanding: { readonly id: string; readonly sentAt: number }[] = [];
  #samples: Sample[] = [];
  /** Round trip of the last answered ping in milliseconds; NaN before the first. */
  roundTripMs = Number.NaN;
  /** When the newest answered ping was sent: what arrives later was not held up longer than that. */
  provenAt = 0;

  /** Notes a ping and gives it its `id`. */
  sent(now: number): string {
    this.#count += 1;
    const id = `p${this.#count}`;
    this.#outstanding.push({ id, sentAt: now });
    if (this.#outstanding.length > MOST_OUTSTANDING) this.#outstanding.shift();
    return id;
  }

  /** Notes an answer. The guide's server gives no `id`, but answers in order. */
  answered(id: string | undefined, serverTime: number | undefined, now: number): void {
    const index = id === undefined ? 0 : this.#outstanding.findIndex((ping) => ping.id === id);
    const ping = this.#outstanding[index];
    if (ping === undefined) return;
    this.#outstanding.splice(0, index + 1);
    const roundTripMs = now - ping.sentAt;
    // The clock was set back in between: the trip cannot be measured.
    if (roundTripMs < 0) return;
    this.roundTripMs = roundTripMs;
    this.provenAt = ping.sentAt;
    if (serverTime !== undefined) {
      const offsetMs = serverTime - (ping.sentAt + now) / 2;
      // What contradicts it, however long either way took, was measured before one of the clocks was set.
      this.#samples = this.#samples.filter(
        (old) => Math.abs(old.offsetMs - offsetMs) <= (old.roundTripMs + roundTripMs) / 2 + DRIFT_MS,
      );
      this.#samples.push({ roundTripMs, offsetMs });
      if (this.#samples.length > KEPT_PINGS) this.#samples.shift();
    }
  }

  /** The server's clock minus ours, in milliseconds; undefined while it is unknown. */
  get offsetMs(): number | undefined {
    let best: Sample | undefined;
    for (const sample of this.#samples) {
      if (best === undefined || sample.roundTripMs <= best.roundTripMs) best = sample;
    }
    return best?.offsetMs;
  }

  /** A new connection: what is on its way will never arrive. The offset stays, the clocks being the same. */
  forgetOutstanding(): void {
    this.#outstanding = [];
    this.provenAt = 0;
  }
}
