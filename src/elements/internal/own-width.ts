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

  /** `wideFrom` is the width from which on the host counts as wide, in CSS pixels. The ruler bears the class `ruler`. */
  constructor(host: ReactiveControllerHost & HTMLElement, wideFrom: number) {
    this.#host = host;
    this.#wideFrom = wideFrom;
    host.addController(this);
  }

  /** The answer as last measured. Reading it costs no layout, so that it may be read with every frame. */
  get isWide(): boolean {
    return this.#isWide;
  }

  hostConnected(): void {
    // At once, while the host is still empty: a picture that is laid out anew after its first frame has shifted, and
    // measuring a host that has been drawn would lay out the page once for each element.
    this.#measure();
    this.#observer = new ResizeObserver(() => {
      if (this.#measure()) this.#host.requestUpdate();
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
    // The first picture may come after this: nothing is watched for it then.
    this.#observer = undefined;
  }

  /** Whether the answer is another one now. No width at all means hidden: what was last known is kept. */
  #measure(): boolean {
    const width = this.#host.clientWidth;
    const before = this.#isWide;
    if (width > 0) this.#isWide = width >= this.#wideFrom;
    return this.#isWide !== before;
  }
}
