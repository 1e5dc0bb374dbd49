import { html, nothing, type LitElement, type ReactiveController, type TemplateResult } from 'lit';
import type { MarketStream } from '../../stream/market-stream.js';

/** How long the file may be fetched by the browser after the click, in milliseconds: Safari begins after it. */
const OFFERED_MS = 10_000;
const ABOUT = 'The last minute of this feed, as a file for a bug report. Orders and accounts are left out.';

/**
 * Saves what the flight recorder holds as a file. It leaves out orders and accounts: whoever wants those in it asks the
 * stream by script.
 */
export class RecordingButton implements ReactiveController {
  readonly #host: LitElement;
  #isBusy = false;
  /** What became of the last press. */
  #outcome = '';
  #revoke: (() => void) | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#revoke?.();
    this.#outcome = '';
  }

  /** Nothing where there is no feed, or one of another copy of the kit that has no recorder. */
  render(stream: MarketStream | undefined): TemplateResult | typeof nothing {
    if (typeof stream?.record !== 'function') return nothing;
    return html`<div class="recording">
      <button
        part="record"
        aria-describedby="recording"
        aria-disabled=${this.#isBusy}
        @click=${() => void this.#save(stream)}
      >
        Save recording
      </button>
      <span id="recording" role="status">${this.#isBusy ? 'Writing the recording…' : this.#outcome || ABOUT}</span>
    </div>`;
  }

  /** Never throws: a page is not to break because its bug report cannot be written. */
  async #save(stream: MarketStream): Promise<void> {
    if (this.#isBusy) return;
    this.#become(true, '');
    try {
      const text = await stream.record({ private: false });
      if (this.#host.isConnected) this.#offer(text, stream.now());
      this.#become(false, '');
    } catch (error) {
      this.#become(false, `It could not be saved: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #become(isBusy: boolean, outcome: string): void {
    this.#isBusy = isBusy;
    this.#outcome = outcome;
    this.#host.requestUpdate();
  }

  #offer(text: string, now: number): void {
    this.#revoke?.();
    const url = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }));
    const timer = setTimeout(() => this.#revoke?.(), OFFERED_MS);
    this.#revoke = () => {
      this.#revoke = undefined;
      clearTimeout(timer);
      URL.revokeObjectURL(url);
    };
    const link = this.#host.ownerDocument.createElement('a');
    link.href = url;
    link.download = `touchline-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}.jsonl`;
    link.click();
  }
}
