/**
 * The rooms of `src/` and their borders, as one table: what a room may import, and which globals it may not touch.
 *
 * `tsc -b` refuses an import of a room that is not referenced. It cannot refuse one that is reached through another
 * room (`elements` to `stream`), a package, or a global that the compiler's library knows. This table does.
 */

/**
 * @typedef {object} Passage
 * @property {RegExp} path The imported file, from the project's root, without its extension.
 * @property {boolean} [typesOnly] Only types may pass, apart from `names`.
 * @property {readonly string[]} [names] Values that may pass all the same.
 *
 * @typedef {object} Room
 * @property {readonly string[]} rooms Rooms that may be imported freely.
 * @property {readonly Passage[]} [passages] Single doors into other rooms.
 * @property {readonly string[]} packages Packages that may be imported, with their subpaths.
 * @property {readonly string[]} never Globals that may not be used, bare or through `globalThis`.
 * @property {Readonly<Record<string, {rooms?: readonly string[], may?: readonly string[]}>>} [files]
 *   The files with a duty of their own: further rooms they may import and globals that are theirs to use.
 */

const page = ['document', 'window', 'customElements', 'HTMLElement', 'localStorage', 'sessionStorage'];
const sockets = ['WebSocket', 'EventSource', 'XMLHttpRequest', 'fetch'];
const timers = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame'];
const impure = ['Date', 'performance', 'console', 'Promise', 'crypto', ...timers, ...sockets, ...page];

/** @type {Readonly<Record<string, Room>>} */
export const rooms = {
  book: { rooms: [], packages: [], never: [...impure, 'Math.random'] },
  sim: { rooms: ['book'], packages: [], never: [...impure, 'Math.random'] },
  stream: {
    rooms: ['book'],
    packages: [],
    never: [...page, ...sockets, ...timers, 'Date', 'performance'],
    files: {
      'stream/clock.ts': { may: ['Date', 'performance', 'setTimeout'] },
      'stream/user-timing.ts': { may: ['performance'] },
      'stream/frame-scheduler.ts': { may: ['requestAnimationFrame', 'queueMicrotask'] },
      'stream/transport/websocket.ts': { may: ['WebSocket'] },
      // Reads dates, and asks for none.
      'stream/venue/fields.ts': { may: ['Date'] },
      // Reads the date in a header.
      'stream/transport/http.ts': { may: ['fetch', 'Date'] },
      'stream/transport/replay.ts': { may: ['fetch'] },
      'stream/worker/open-worker.ts': { may: ['queueMicrotask'] },
      'stream/transport/demo.ts': { rooms: ['sim'], may: ['queueMicrotask'] },
    },
  },
  orders: {
    rooms: ['book'],
    passages: [
      { path: /^src\/stream\/market-stream$/, typesOnly: true, names: ['RequestError'] },
      { path: /^src\/stream\/verdict$/, typesOnly: true, names: ['isTradable', 'isTrusted'] },
      { path: /^src\/stream\//, typesOnly: true },
    ],
    packages: [],
    never: [...page, ...sockets, 'setInterval'],
  },
  context: {
    rooms: ['book', 'stream', 'orders'],
    packages: ['lit', '@lit/context'],
    never: [...sockets, 'JSON.parse', 'setInterval'],
  },
  elements: {
    rooms: ['book', 'orders', 'context'],
    passages: [
      { path: /^src\/stream\/verdict$/, typesOnly: true, names: ['isTradable', 'isTrusted'] },
      { path: /^src\/stream\/market-stream$/, typesOnly: true },
      { path: /^src\/stream\/auth-token$/, typesOnly: true },
    ],
    packages: ['lit', '@lit/context', '@shoelace-style/localize'],
    never: [...sockets, 'setInterval', 'requestAnimationFrame', 'customElements', 'localStorage', 'sessionStorage'],
    files: {
      // The orders of this tab outlive a reload.
      'elements/order-panel/desk-controller.ts': { may: ['sessionStorage'] },
      // What a person agreed to holds in every tab.
      'elements/order-panel/consent.ts': { may: ['localStorage'] },
    },
  },
  define: { rooms: ['elements'], packages: [], never: [...sockets, ...timers, 'document', 'localStorage'] },
};

/** The room of a file in `src/`, or undefined. `path` is from the project's root with forward slashes. */
export const roomOf = (path) => {
  const name = /^src\/([^/]+)\//.exec(path)?.[1];
  return name !== undefined && Object.hasOwn(rooms, name) ? name : undefined;
};

/**
 * Why `from` may not import `target`, or undefined when it may.
 * @param {string} from The importing file, from the project's root.
 * @param {string} target Its path from the project's root without extension, or the package's specifier.
 * @param {readonly string[]} values The names imported as values; `*` for a namespace, a side effect or all.
 * @returns {string | undefined}
 */
export function importRefusal(from, target, values) {
  const name = roomOf(from);
  if (name === undefined) {
    const outside = from.startsWith('src/') && !target.startsWith('src/') && !isPackage(target);
    return outside ? 'src/ may not import from outside itself' : undefined;
  }
  const room = rooms[name];
  if (isPackage(target)) {
    const known = room.packages.some((allowed) => target === allowed || target.startsWith(`${allowed}/`));
    return known ? undefined : `${name}/ may not import the package '${target}'`;
  }
  if (!target.startsWith('src/')) return `${name}/ may not import from outside src/`;
  const further = room.files?.[from.slice('src/'.length)]?.rooms ?? [];
  const to = /^src\/([^/]+)\//.exec(target)?.[1];
  if (to === name || (to !== undefined && (room.rooms.includes(to) || further.includes(to)))) return undefined;
  const passage = room.passages?.find(({ path }) => path.test(target));
  if (passage === undefined) return `${name}/ may not import '${target}'`;
  if (!passage.typesOnly) return undefined;
  const refused = values.filter((value) => !passage.names?.includes(value));
  return refused.length === 0
    ? undefined
    : `${name}/ may only import types from '${target}', not ${refused.join(', ')}`;
}

/** The globals that a file may not touch, each a name or `Object.member`. */
export function refusedGlobals(path) {
  const name = roomOf(path);
  if (name === undefined) return new Set();
  const may = rooms[name].files?.[path.slice('src/'.length)]?.may ?? [];
  return new Set(rooms[name].never.filter((global) => !may.includes(global)));
}

const isPackage = (target) =>
  !/^(src|server|test|stories|bench|tools|examples|\.storybook)\//.test(target) && !target.startsWith('..');
