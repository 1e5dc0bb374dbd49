import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Watches the width of an element through a ruler inside it: an element as wide as its host and of no height. The host
 * itself would not do, since its height answers to the layout that its width decides, which makes the browser report
 * a loop. The host is updated only when the answer changes.
 */
export class OwnWidth implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #wideFrom: number;
  #observer: ResizeObserver | undefined;
  #ruler: Element | null = null;
  #isWide = false;
  #isMeasured = false;

  /** `wideFrom` is the width from which on the host counts as wide, in CSS pixels. The ruler bears the class `ruler`. */
  constructor(host: ReactiveControllerHost & HTMLElement, wideFrom: number) {
    this.#host = host;
    this.#wideFrom = wideFrom;
    host.addController(this);
  }

  get isWide(): boolean {
    const width = this.#host.clientWidth;
    // The first answer is measured at once: a picture that is laid out anew after its first frame has shifted.
    if (this.#isMeasured || width === 0) return this.#isWide;
    this.#isMeasured = true;
    this.#isWide = width >= this.#wideFrom;
    return this.#isWide;
  }

  hostConnected(): void {
    // In another place it may have another width.
    this.#isMeasured = false;
    this.#observer = new ResizeObserver(() => {
      const width = this.#host.clientWidth;
      // No width at all means hidden: what was last known is kept.
      if (width === 0 || width >= this.#wideFrom === this.#isWide) return;
      this.#isMeasured = true;
      this.#isWide = width >= this.#wideFrom;
      this.#host.requestUpdate();
    });
    if (this.#ruler) this.#observer.observe(this.#ruler);
  }

  hostUpdated(): void {
    if (this.#ruler) return;
    this.#ruler = this.#host.shadowRoot?.querySelector('.ruler') ?? null;
    if (this.#ruler) this.#observer?.observe(this.#ruler);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
  }
}
