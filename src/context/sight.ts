import { isOver } from '../stream/clock.js';
import { IN_VIEW, NEARBY, canWatch, watchSight } from './document-sight.js';

/**
 * When an element asks for its data: `auto` at once, until nobody has seen it for 30 s; `lazy` not before it is near the
 * viewport, then as `auto`; `eager` at once and for good.
 */
export type Loading = 'auto' | 'lazy' | 'eager';

/** How a host is when nobody sees it. */
export interface SightWish {
  /** Asked anew with every look. */
  readonly loading: () => Loading;
  /** Whether it has to stay awake now, seen or not. Default: never. */
  readonly isBusy?: () => boolean;
  /** Keeps the stream while it sleeps, once it has had it, and gives up its symbols alone. Default: it gives up both. */
  readonly keepsStream?: boolean;
}

/** How long nobody may have seen an element before it gives its subscription back. */
const ASLEEP_AFTER_MS = 30_000;

/**
 * Whether one element is asleep because nobody sees it: out of the viewport, or in a hidden tab, for 30 s by the stream's
 * clock. It has no timer: whoever owns it looks with each pulse of the stream, and the page tells when it is seen again.
 */
export class Sight {
  readonly #host: Element;
  readonly #wish: SightWish;
  readonly #now: () => number | undefined;
  readonly #onChange: () => void;
  #isAsleep = false;
  #hasBegun = false;
  /** Until it is known, in sight; where the browser has no observers it stays so. */
  #isWithin = true;
  #wasNeeded = false;
  /** When it was last needed, in the stream's clock; NaN before the first look at that clock. */
  #neededAt = Number.NaN;
  #isConnected = false;
  /** The margin that it is watched with, or undefined while it is not. */
  #margin: string | undefined;
  #unwatch: (() => void) | undefined;

  /** `now` is the clock of the stream that would be given back, undefined while there is none. */
  constructor(host: Element, wish: SightWish, now: () => number | undefined, onChange: () => void) {
    this.#host = host;
    this.#wish = wish;
    this.#now = now;
    this.#onChange = onChange;
  }

  get isAsleep(): boolean {
    return this.#isAsleep;
  }

  /** Whether its stream is given back, or was not yet taken. */
  get isWithoutStream(): boolean {
    return this.#isAsleep && !(this.#wish.keepsStream === true && this.#hasBegun);
  }

  connect(): void {
    this.#isConnected = true;
    // One that slept and is moved sleeps on, until it is known where it stands.
    this.#isWithin = !this.#isAsleep || !canWatch(this.#host);
    this.#neededAt = Number.NaN;
    this.#host.addEventListener('focusin', this.#tell);
  }

  disconnect(): void {
    this.#isConnected = false;
    this.#host.removeEventListener('focusin', this.#tell);
    this.#unwatch?.();
    this.#margin = undefined;
  }

  /** Looks whether it has fallen asleep or woken, and says whether it has. */
  look(): boolean {
    if (!this.#isConnected) return false;
    const wasAsleep = this.#isAsleep;
    // Not when it is connected: a page may set the attribute after that.
    if (this.#margin === undefined && !this.#hasBegun) this.#begin();
    const isNeeded = this.#isNeeded();
    if (isNeeded) this.#hasBegun = true;
    this.#watch(this.#hasBegun ? IN_VIEW : NEARBY);
    if (this.#isAsleep) this.#isAsleep = !isNeeded;
    else this.#judge(isNeeded, this.#now());
    return this.#isAsleep !== wasAsleep;
  }

  #begin(): void {
    this.#isAsleep = this.#wish.loading() === 'lazy' && canWatch(this.#host);
    this.#isWithin = !this.#isAsleep;
  }

  #judge(isNeeded: boolean, now: number | undefined): void {
    // Needed until this very moment counts as well, however long ago the last look was.
    const isWaiting = isNeeded || this.#wasNeeded || Number.isNaN(this.#neededAt);
    this.#wasNeeded = isNeeded;
    if (now === undefined) this.#neededAt = Number.NaN;
    else if (isWaiting) this.#neededAt = now;
    else if (isOver(this.#neededAt, ASLEEP_AFTER_MS, now)) {
      // It may have lost its box since it was last heard of. Asked twice a minute at most: the answer may cost a layout.
      if (this.#isWithin || hasPicture(this.#host)) this.#isAsleep = true;
      else this.#isWithin = true;
      this.#neededAt = Number.NaN;
    }
  }

  #isNeeded(): boolean {
    const loading = this.#wish.loading();
    if (loading === 'eager' || (loading === 'auto' && !this.#hasBegun)) return true;
    return this.#isSeen() || this.#wish.isBusy?.() === true;
  }

  #isSeen(): boolean {
    if (this.#host.ownerDocument.visibilityState === 'hidden') return false;
    // Who has come to it by keyboard reads it, wherever it stands.
    return this.#isWithin || hasFocus(this.#host);
  }

  #watch(margin: string): void {
    if (margin === this.#margin) return;
    this.#unwatch?.();
    this.#margin = margin;
    this.#unwatch = watchSight(this.#host, margin, (entry) => {
      if (entry)
        this.#isWithin = entry.isIntersecting || (hasNoArea(entry.boundingClientRect) && !hasPicture(this.#host));
      this.#tell();
    });
  }

  readonly #tell = (): void => {
    if (this.look()) this.#onChange();
  };
}

/** As the document has it: in a window that is not in front `:focus-within` is for nobody. */
export const hasFocus = (host: Element): boolean => {
  const { activeElement = null } = host.getRootNode() as Partial<DocumentOrShadowRoot>;
  return host.contains(activeElement);
};

const hasNoArea = ({ width, height }: DOMRectReadOnly): boolean => width * height === 0;

/**
 * Whether there is anything of it that could come into sight. A box without area, or none at all by `display: contents`,
 * can't, and its not being seen says nothing; a box that is hidden (`display: none`, a closed `<details>`) can.
 */
function hasPicture(host: Element): boolean {
  if (getComputedStyle(host).display === 'contents') return false;
  return !hasNoArea(host.getBoundingClientRect()) || !host.checkVisibility();
}
