/**
 * A file that is one module loads nothing later, so what is imported when it is first used is imported at once: kept
 * apart it would need a wrapper round each of its modules, to run them no sooner.
 */
const MEMBER = /\(await import\((["'][^"']+["'])\)\)\.(\w+)/g;
const DESTRUCTURED = /\{\s*(\w+)\s*\}\s*=\s*await import\((["'][^"']+["'])\)/g;

/**
 * @param {string} code A module.
 * @returns {string | undefined} The same, importing at once; undefined where it imports in a form that is not known here.
 */
export function importsAtOnce(code) {
  const imports = [];
  const atOnce = (name, source) => {
    const local = `atOnce${imports.length}`;
    imports.push(`import { ${name} as ${local} } from ${source};`);
    return local;
  };
  const body = code
    .replace(MEMBER, (_, source, name) => atOnce(name, source))
    .replace(DESTRUCTURED, (_, name, source) => `${name} = ${atOnce(name, source)}`);
  // On the first line, so that the source map stays right line by line.
  return /\bimport\(/.test(body) ? undefined : imports.join(' ') + body;
}

/** The Vite plugin. It runs after TypeScript is gone. */
export const allAtOnce = () => ({
  name: 'touchline:all-at-once',
  enforce: 'post',
  transform: {
    filter: { id: /\/src\/.*\.ts$/, code: /\bimport\(/ },
    handler(code) {
      const tight = importsAtOnce(code);
      if (tight === undefined) this.error('an import in a form that tools/build/all-at-once.mjs does not know');
      return { code: tight, map: null };
    },
  },
});
