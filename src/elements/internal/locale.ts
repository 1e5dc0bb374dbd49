import type { ReactiveController, ReactiveControllerHost } from 'lit';

const hosts = new Set<ReactiveControllerHost>();
let observer: MutationObserver | undefined;

/**
 * The language and the direction that a page gives an element: those of the nearest ancestor that names one, through
 * any shadow roots between. The host is updated when one of them changes anywhere in the document.
 */
export class Locale implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  /** A language tag as the page wrote it; the browser's own where the page names none. */
  get lang(): string {
    for (let at: Element | undefined = this.#host; at !== undefined;) {
      const lang = at.closest('[lang]')?.getAttribute('lang');
      if (lang) return lang.replaceAll('_', '-');
      const root = at.getRootNode();
      at = root instanceof ShadowRoot ? root.host : undefined;
    }
    return navigator.language;
  }

  get isRightToLeft(): boolean {
    return this.#host.matches(':dir(rtl)');
  }

  hostConnected(): void {
    observer ??= new MutationObserver(() => hosts.forEach((host) => host.requestUpdate()));
    if (hosts.size === 0) observer.observe(document, { subtree: true, attributeFilter: ['lang', 'dir'] });
    hosts.add(this.#host);
  }

  hostDisconnected(): void {
    hosts.delete(this.#host);
    if (hosts.size === 0) observer?.disconnect();
  }
}
