/**
 * How close to the viewport counts, as a margin around it: nothing, or a screen. Boxes that scroll inside the page have
 * none: `scrollMargin` would give them one, but Chromium then adds it to the page's own as well.
 */
export const IN_VIEW = '0px';
export const NEARBY = '100%';

/** Told where the element is now, or with nothing when its whole document was hidden or shown. */
export type SightListener = (entry?: IntersectionObserverEntry) => void;

/**
 * What comes into sight of one document, within one margin: one observer and one listener, however many elements ask. Both
 * are there while anybody does. Where a document has no window, or its browser no observers, nothing is ever told of them.
 */
class DocumentSight {
  readonly #document: Document;
  readonly #margin: string;
  readonly #listeners = new Map<Element, Set<SightListener>>();
  #observer: IntersectionObserver | undefined;

  constructor(document: Document, margin: string) {
    this.#document = document;
    this.#margin = margin;
  }

  watch(element: Element, listener: SightListener): () => void {
    if (this.#listeners.size === 0) this.#begin();
    const those = this.#listeners.get(element) ?? new Set();
    this.#listeners.set(element, those.add(listener));
    this.#observer?.observe(element);
    return () => {
      if (!those.delete(listener) || those.size > 0) return;
      this.#listeners.delete(element);
      this.#observer?.unobserve(element);
      if (this.#listeners.size === 0) this.#end();
    };
  }

  #begin(): void {
    this.#document.addEventListener('visibilitychange', this.#tellAll);
    const Observer = observerOf(this.#document);
    this.#observer =
      Observer &&
      new Observer((entries) => entries.forEach((entry) => this.#tell(entry)), { rootMargin: this.#margin });
  }

  #end(): void {
    this.#document.removeEventListener('visibilitychange', this.#tellAll);
    this.#observer?.disconnect();
    this.#observer = undefined;
  }

  #tell(entry: IntersectionObserverEntry): void {
    for (const listener of this.#listeners.get(entry.target) ?? []) listener(entry);
  }

  readonly #tellAll = (): void => {
    for (const those of [...this.#listeners.values()]) for (const listener of those) listener();
  };
}

/** The window's own: an observer of another window knows nothing of this one's viewport. */
const observerOf = ({ defaultView }: Document): typeof IntersectionObserver | undefined =>
  defaultView?.IntersectionObserver;

/** Whether it will ever be told where this element is. */
export const canWatch = ({ ownerDocument }: Element): boolean => observerOf(ownerDocument) !== undefined;

const documents = new WeakMap<Document, Map<string, DocumentSight>>();

/**
 * Watches an element until the returned function is called. The listener is told soon, whenever the element comes within
 * the margin or leaves it, and whenever its document is hidden or shown.
 */
export function watchSight(element: Element, margin: string, listener: SightListener): () => void {
  // The document that it stands in now: a page may have moved it into another window.
  const { ownerDocument } = element;
  const sights = documents.get(ownerDocument) ?? new Map<string, DocumentSight>();
  documents.set(ownerDocument, sights);
  const sight = sights.get(margin) ?? new DocumentSight(ownerDocument, margin);
  sights.set(margin, sight);
  return sight.watch(element, listener);
}
