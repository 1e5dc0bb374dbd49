import type { Settings, StreamSettings } from '../settings.js';

/** Every setting as it is now, as plain values that can be handed to another stream, also to one in a worker. */
export const settingsNow = (settings: Settings): StreamSettings => Object.fromEntries(Object.entries(settings));
