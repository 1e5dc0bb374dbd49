/** Where the browsers of this machine are, and how Chromium is started in tests. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const onPath = (...names) =>
  names
    .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name)))
    .find((path) => existsSync(path));

const existing = (...paths) => paths.find((path) => existsSync(path));

const programs = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].filter(Boolean);

/** An installed Chromium or Chrome, or undefined. `CHROME_PATH` wins. */
export const chromePath = () =>
  process.env.CHROME_PATH ||
  (onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable') ??
    existing(
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      ...programs.map((folder) => join(folder, 'Google/Chrome/Application/chrome.exe')),
    ));

/** An installed Firefox, or undefined. `FIREFOX_PATH` wins. */
export const firefoxPath = () =>
  process.env.FIREFOX_PATH ||
  (onPath('firefox-esr', 'firefox') ?? existing('/Applications/Firefox.app/Contents/MacOS/firefox'));

/** WebKitGTK's WebDriver, or undefined. `WEBKIT_DRIVER_PATH` wins. */
export const webkitDriverPath = () => process.env.WEBKIT_DRIVER_PATH || onPath('WebKitWebDriver');

/** A virtual display for WebKit where there is no real one, or undefined. */
export const xvfbPath = () => onPath('Xvfb');

/** Tests run as root in containers, without a GPU and without a word to any server. */
export const chromeFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why an engine cannot run here, or undefined when it can. */
export function engineRefusal(engine) {
  switch (engine) {
    case 'chromium':
      return chromePath() ? undefined : 'no Chromium found; set CHROME_PATH';
    case 'firefox':
      return firefoxPath() ? undefined : 'not installed (Debian: firefox-esr); or set FIREFOX_PATH';
    case 'webkit':
      if (!webkitDriverPath()) return 'not installed (Debian: webkit2gtk-driver); or set WEBKIT_DRIVER_PATH';
      if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY || xvfbPath()) return undefined;
      return 'there is no display, and no Xvfb (Debian: xvfb)';
    default:
      return 'not an engine that is known here; BROWSERS may hold chromium, firefox and webkit';
  }
}
