import { nextFrame } from '@open-wc/testing';

// A test may take the page's own away.
const Observer = globalThis.IntersectionObserver;

/**
 * Until the browser has told its observers where everything is. How many frames that takes is the browser's affair, so it
 * is asked: whoever begins to watch is told last, after all who watched before.
 */
export async function looked(): Promise<void> {
  await nextFrame();
  await new Promise<void>((resolve) => {
    const last = new Observer(() => {
      last.disconnect();
      resolve();
    });
    last.observe(document.documentElement);
  });
  // And who was told has drawn.
  await nextFrame();
}

/** Scrolls the page, and waits until that is known. */
export async function scrollTo(target: number | Element): Promise<void> {
  const { scrollY } = globalThis;
  const scrolled = new Promise((resolve) => document.addEventListener('scroll', resolve, { once: true }));
  if (typeof target === 'number') scrollPage(target);
  else target.scrollIntoView({ behavior: 'instant', block: 'center' });
  if (globalThis.scrollY !== scrollY) await scrolled;
  await looked();
}

const scrollPage = (top: number): void => globalThis.scrollTo({ top, behavior: 'instant' });

/** Hides or shows the tab, as far as a page can know. */
export function hideTab(isHidden: boolean): void {
  Object.defineProperty(document, 'visibilityState', {
    configurable: true,
    get: () => (isHidden ? 'hidden' : 'visible'),
  });
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
}

/** The tab is as it really is again. */
export function endTab(): void {
  hideTab(false);
  Reflect.deleteProperty(document, 'visibilityState');
}
