/**
 * A Web Test Runner launcher for WebKitGTK's WebDriver: one window, one test file at a time. On a machine without a
 * display it brings a virtual one. WebDriver can neither emulate media nor read the accessibility tree.
 */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { xvfbPath } from '../browsers.mjs';

/** WebDriver's names for keys that type no character. */
const KEYS = {
  Backspace: '\uE003',
  Tab: '\uE004',
  Enter: '\uE007',
  Shift: '\uE008',
  Control: '\uE009',
  Alt: '\uE00A',
  Escape: '\uE00C',
  Space: ' ',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
  End: '\uE010',
  Home: '\uE011',
  ArrowLeft: '\uE012',
  ArrowUp: '\uE013',
  ArrowRight: '\uE014',
  ArrowDown: '\uE015',
  Delete: '\uE017',
};
const BUTTONS = { left: 0, middle: 1, right: 2 };

const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** Starts a virtual display and gives its name. */
const startDisplay = () =>
  new Promise((done, fail) => {
    const args = ['-displayfd', '3', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'];
    const child = spawn(xvfbPath(), args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    child.once('error', fail);
    child.stdio[3].once('data', (number) => done({ child, name: `:${String(number).trim()}` }));
  });

/** One WebDriver session: start, call, end. */
class Driver {
  #processes = [];
  #base = '';

  async start(driverPath) {
    const env = { ...process.env, WEBKIT_DISABLE_DMABUF_RENDERER: '1', LIBGL_ALWAYS_SOFTWARE: '1' };
    if (!env.DISPLAY && !env.WAYLAND_DISPLAY) {
      const display = await startDisplay();
      this.#processes.push(display.child);
      env.DISPLAY = display.name;
    }
    const port = await freePort();
    this.#processes.push(spawn(driverPath, [`--port=${port}`], { env, stdio: 'ignore' }));
    this.#base = `http://127.0.0.1:${port}`;
    await this.#answers();
    const { sessionId } = await this.call('POST', '/session', { capabilities: { alwaysMatch: {} } });
    this.#base += `/session/${sessionId}`;
  }

  async #answers() {
    for (let attempt = 0; ; attempt++) {
      try {
        if ((await fetch(`${this.#base}/status`)).ok) return;
      } catch (error) {
        if (attempt > 100) throw error;
      }
      await pause(50);
    }
  }

  async call(method, path, body) {
    const request =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(this.#base + path, { method, ...request });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`WebKit ${method} ${path}: ${value?.error} ${value?.message}`);
    return value;
  }

  async end() {
    await this.call('DELETE', '').catch(() => {});
    for (const child of this.#processes.reverse()) child.kill();
  }
}

/** The part of Playwright's page that the runner's commands use. */
function pageOf(driver) {
  const act = (actions) => driver.call('POST', '/actions', { actions });
  const keys = (actions) => act([{ type: 'key', id: 'keys', actions }]);
  const mouse = (...actions) => act([{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }]);
  const down = (value) => ({ type: 'keyDown', value: KEYS[value] ?? value });
  const up = (value) => ({ type: 'keyUp', value: KEYS[value] ?? value });
  const move = (x, y) => ({ type: 'pointerMove', duration: 0, x, y });
  const press = (type, options) => ({ type, button: BUTTONS[options?.button ?? 'left'] });
  const size = () => driver.call('POST', '/execute/sync', { script: 'return [innerWidth, innerHeight]', args: [] });
  const unsupported = (what) => () => {
    throw new Error(`${what} is not supported by WebDriver`);
  };
  return {
    keyboard: {
      type: (text) => keys([...text].flatMap((character) => [down(character), up(character)])),
      press: (chord) => {
        const parts = chord.split('+');
        return keys([...parts.map(down), ...parts.reverse().map(up)]);
      },
      down: (key) => keys([down(key)]),
      up: (key) => keys([up(key)]),
    },
    mouse: {
      move: (x, y) => mouse(move(x, y)),
      click: (x, y, options) => mouse(move(x, y), press('pointerDown', options), press('pointerUp', options)),
      down: (options) => mouse(press('pointerDown', options)),
      up: (options) => mouse(press('pointerUp', options)),
    },
    // The window's frame is not known beforehand, and the window manager takes its time.
    async setViewportSize({ width, height }) {
      for (let attempt = 0; attempt < 20; attempt++) {
        const [w, h] = await size();
        if (w === width && h === height) return;
        const rect = await driver.call('GET', '/window/rect');
        const wanted = { width: rect.width + width - w, height: rect.height + height - h };
        if (attempt % 5 === 0) await driver.call('POST', '/window/rect', wanted);
        await pause(50);
      }
      throw new Error(`WebKit: a viewport of ${width}x${height} was not reached, it is ${await size()}`);
    },
    emulateMedia: unsupported('emulateMedia'),
    accessibility: { snapshot: unsupported('a11ySnapshot') },
  };
}

export function webkitLauncher({ driverPath }) {
  const driver = new Driver();
  const page = pageOf(driver);
  let started;
  let active;
  return {
    name: 'WebKit',
    // What `getPage` gives: the commands' plugins look at this word.
    type: 'playwright',
    concurrency: 1,
    async initialize() {},
    async startSession(id, url) {
      await (started ??= driver.start(driverPath));
      active = id;
      // The toolbar of the test browser keeps windows wider than some phones; those tests size a container instead.
      await page.setViewportSize({ width: 800, height: 600 }).catch(() => {});
      await driver.call('POST', '/url', { url });
    },
    isActive: (id) => active === id,
    getBrowserUrl: () => driver.call('GET', '/url'),
    getPage: () => page,
    async stopSession() {
      await driver.call('POST', '/url', { url: 'about:blank' });
      active = undefined;
      return {};
    },
    async startDebugSession() {
      throw new Error('not supported');
    },
    async stop() {
      if (started === undefined) return;
      await started.catch(() => {});
      await driver.end();
    },
  };
}
