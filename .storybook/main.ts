import type { StorybookConfig } from '@storybook/web-components-vite';

const config: StorybookConfig = {
  framework: '@storybook/web-components-vite',
  stories: ['../stories/**/*.stories.ts'],
  addons: ['@storybook/addon-docs', '@storybook/addon-a11y'],
  core: { disableTelemetry: true, disableWhatsNewNotifications: true, enableCrashReports: false },
  // The package's own vite.config.ts is read as well; it builds a library, and this is a site.
  viteFinal: (vite) => {
    if (vite.build !== undefined) {
      delete vite.build.lib;
      delete vite.build.rolldownOptions;
      vite.build.sourcemap = false;
      vite.build.chunkSizeWarningLimit = 5000;
    }
    // The worker of a stream loads its protocols when they are first named.
    vite.worker = { ...vite.worker, format: 'es' };
    return vite;
  },
};

export default config;
