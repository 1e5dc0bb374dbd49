import { nextFrame } from '@open-wc/testing';

/** Until the browser has told its observers where everything is. */
export async function looked(): Promise<void> {
  for (let frame = 0; frame < 3; frame += 1) await nextFrame();
}

/** Scrolls the page, and waits until that is known. */
export async function scrollTo(target: number | Element): Promise<void> {
  if (typeof target === 'number') scrollPage(target);
  else target.scrollIntoView({ behavior: 'instant', block: 'center' });
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
