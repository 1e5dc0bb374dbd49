const VERSION_MARK = Symbol.for('touchline.version');
/** Replaced by the build with the package's version. */
declare const __TOUCHLINE_VERSION__: string | undefined;
const version = typeof __TOUCHLINE_VERSION__ === 'string' ? __TOUCHLINE_VERSION__ : 'development';

/**
 * Registers an element, unless the page has one of that name already: the first one wins, and registering never throws.
 * A class that is registered under one name stands under any other by a class of its own.
 * A second copy of the same version is silent; another version is told once.
 */
export function defineOnce(tag: string, element: CustomElementConstructor): void {
  if (typeof customElements === 'undefined') return;
  const present = customElements.get(tag) as (CustomElementConstructor & { [VERSION_MARK]?: string }) | undefined;
  if (present === undefined) {
    const isTaken = Object.hasOwn(element, VERSION_MARK);
    if (!isTaken) Object.defineProperty(element, VERSION_MARK, { value: version });
    customElements.define(tag, isTaken ? class extends element {} : element);
  } else if (present !== element && present[VERSION_MARK] !== version) {
    console.warn(
      `touchline: <${tag}> is already defined by version ${present[VERSION_MARK] ?? 'unknown'}; version ${version} is not used.`,
    );
  }
}
