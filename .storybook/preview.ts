import { setCustomElementsManifest, type Decorator, type Preview } from '@storybook/web-components-vite';
import manifest from '../custom-elements.json' with { type: 'json' };

setCustomElementsManifest(manifest);

const WIDTHS = { phone: '360px', panel: '480px', desk: '960px', full: '' } as const;

/**
 * The toolbar's choices, set where a page would set them: the colour scheme on the document, the width on the box
 * around the story, the density on the elements that have one.
 */
const surroundings: Decorator = (story, { globals, canvasElement }) => {
  document.documentElement.style.colorScheme = globals.theme === 'auto' ? 'light dark' : String(globals.theme);
  canvasElement.style.maxInlineSize = WIDTHS[globals.width as keyof typeof WIDTHS] ?? '';
  queueMicrotask(() => {
    for (const element of canvasElement.querySelectorAll('order-book, order-panel, open-orders, feed-status')) {
      if (globals.density === 'default') element.removeAttribute('density');
      else element.setAttribute('density', String(globals.density));
    }
  });
  return story();
};

const toolbar = (title: string, icon: string, items: readonly string[]) => ({
  description: title,
  toolbar: { title, icon, items: [...items], dynamicTitle: true },
});

const preview: Preview = {
  tags: ['autodocs'],
  parameters: {
    // A violation of an accessibility rule is a failed test, not a remark.
    a11y: { test: 'error' },
    layout: 'padded',
    controls: { expanded: true },
  },
  initialGlobals: { theme: 'auto', density: 'default', width: 'full' },
  globalTypes: {
    theme: toolbar('Theme', 'mirror', ['auto', 'light', 'dark']),
    density: toolbar('Density', 'component', ['default', 'compact', 'comfortable']),
    width: toolbar('Width', 'grow', Object.keys(WIDTHS)),
  },
  decorators: [surroundings],
};

export default preview;
