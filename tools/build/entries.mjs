/** The files of `src/` that the package offers, found by where they lie. */
import { existsSync, readdirSync } from 'node:fs';

const list = (folder) => (existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []);

/** Tag names, one folder each in `src/elements/`. */
export const tags = () =>
  list('src/elements')
    .filter((entry) => entry.isDirectory() && existsSync(`src/elements/${entry.name}/${entry.name}.ts`))
    .map((entry) => entry.name)
    .sort();

/** Module name to source file, for the build by modules. */
export const moduleEntries = () => {
  const files = [
    'src/index.ts',
    'src/stream/index.ts',
    'src/stream/reconnecting-socket.ts',
    'src/stream/guide-service.ts',
    'src/stream/worker/worker-stream.ts',
    'src/orders/index.ts',
    ...list('src/define')
      .filter((entry) => entry.name.endsWith('.ts'))
      .map((entry) => `src/define/${entry.name}`),
    ...tags().map((tag) => `src/elements/${tag}/${tag}.ts`),
  ];
  return Object.fromEntries(files.filter(existsSync).map((file) => [file.slice('src/'.length, -'.ts'.length), file]));
};
