/** A page under the strictest policy that we promise to work on, in a frame of the test's own page. */
export interface StrictPage {
  readonly frame: HTMLIFrameElement;
  readonly window: Window;
  readonly document: Document;
  /** What went wrong since the page began to load, as sentences. Empty is the promise. */
  problems(): readonly string[];
  close(): void;
}

/**
 * Opens `test/pages/<name>.html`.
 * @param query Put after the address, e.g. `?src=ws://…`.
 * @param width Of the frame in CSS pixels, default 800.
 */
export async function openStrictPage(name: string, query = '', width = 800): Promise<StrictPage> {
  const frame = document.createElement('iframe');
  frame.width = String(width);
  frame.height = '600';
  frame.src = `/test/pages/${name}.html${query}`;
  const loaded = new Promise((done) => frame.addEventListener('load', done, { once: true }));
  document.body.append(frame);
  await loaded;
  const { contentWindow, contentDocument } = frame;
  if (contentWindow === null || contentDocument === null) throw new Error(`no page at ${frame.src}`);
  const { health } = contentWindow as Window & { health?: readonly string[] };
  if (health === undefined) throw new Error(`${frame.src} is not a page of test/pages`);
  return {
    frame,
    window: contentWindow,
    document: contentDocument,
    problems: () => [...health],
    close: () => frame.remove(),
  };
}
