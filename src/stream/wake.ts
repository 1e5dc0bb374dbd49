/**
 * What the page goes through that matters to a connection: the network coming and going, the tab being shown or hidden,
 * the page being put away and brought back. Everything is listened for on the global object in the capture phase: events
 * of the document pass through there, and nothing here needs a document.
 */
export type WakeEvent =
  | 'online'
  | 'offline'
  | 'visible'
  | 'hidden'
  /**
   * The page is being put away (closed, kept for the back button, or frozen in its tab). An open socket would forbid
   * keeping it, and what it brings to a frozen page waits there until it is old, while the server waits for the reader.
   */
  | 'suspend'
  /** The page is back. */
  | 'resume';

/** Listens until the returned function is called. */
export interface WakeSource {
  (listener: (event: WakeEvent) => void): () => void;
}

const PAGE_EVENTS: Readonly<Record<string, WakeEvent>> = {
  online: 'online',
  offline: 'offline',
  pagehide: 'suspend',
  pageshow: 'resume',
  freeze: 'suspend',
  // The end of a freeze, which has no other sign.
  resume: 'resume',
};

/** The page's own events. Where there is no page, none ever come. */
export const pageWake: WakeSource = (listener) => {
  if (typeof globalThis.addEventListener !== 'function') return () => {};
  const tell = (event: Event): void => {
    if (event.type === 'visibilitychange') {
      const { visibilityState } = event.target as { visibilityState?: string };
      listener(visibilityState === 'hidden' ? 'hidden' : 'visible');
      return;
    }
    const known = PAGE_EVENTS[event.type];
    if (known !== undefined) listener(known);
  };
  const types = [...Object.keys(PAGE_EVENTS), 'visibilitychange'];
  for (const type of types) globalThis.addEventListener(type, tell, { capture: true });
  return () => {
    for (const type of types) globalThis.removeEventListener(type, tell, { capture: true });
  };
};
