import type { Loading } from '../../context/sight.js';
import { warnOnce } from './warn.js';

/** When an element asks for its data; `auto` where the attribute makes no sense. */
export function readLoading(element: Element, value: string): Loading {
  if (value === 'auto' || value === 'lazy' || value === 'eager') return value;
  warnOnce(element, 'loading', value, '"auto", "lazy" or "eager"');
  return 'auto';
}
