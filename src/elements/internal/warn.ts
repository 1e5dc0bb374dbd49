/**
 * Telling a page's author about a mistake: once for each element kind and mistake, never by an exception. A wrong
 * attribute must not take down the page it stands on, nor flood its console from a list of a hundred books.
 */
const told = new Set<string>();

/** Warns on the console, once a page for the same element, attribute and value. */
export function warnOnce(element: Element, subject: string, value: unknown, rule: string): void {
  const message = `<${element.localName} ${subject}="${String(value)}">: ${subject} must be ${rule}, got "${String(value)}".`;
  warnTextOnce(message);
}

/** The same for a text that names its element itself. */
export function warnTextOnce(message: string): void {
  if (told.has(message)) return;
  told.add(message);
  console.warn(`touchline: ${message}`);
}
