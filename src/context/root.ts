import { ContextRoot } from '@lit/context';

const ROOT_MARK = Symbol.for('touchline.context-root');

/**
 * Lets consumers come before their provider: the root remembers their requests and asks again when a provider appears.
 * It stands on the document element, once a page whatever the number of copies; on a server it does nothing.
 */
export function ensureContextRoot(): void {
  if (typeof document === 'undefined') return;
  const element = document.documentElement as Element & { [ROOT_MARK]?: true };
  if (element[ROOT_MARK]) return;
  element[ROOT_MARK] = true;
  new ContextRoot().attach(document.documentElement);
}
