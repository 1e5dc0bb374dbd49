/**
 * Takes the comments and the spare whitespace out of `css` and `html` templates, for the files that browsers load
 * as they are. Strings in CSS (`content: '  '`) and quoted attributes in HTML are left alone; a template that is
 * not plainly understood is left as it was written.
 */

/**
 * @param {readonly string[]} parts The raw text between the expressions of a `css` template.
 * @returns {string[] | undefined} The same number of parts, or undefined when a string or comment holds an expression.
 */
export function tightCss(parts) {
  const tight = [];
  for (const [index, part] of parts.entries()) {
    let out = '';
    for (let at = 0; at < part.length;) {
      const rest = part.slice(at);
      const token =
        /^\/\*[^]*?\*\//.exec(rest)?.[0] ?? /^(["'])(?:\\[^]|(?!\1)[^\\])*\1/.exec(rest)?.[0] ?? /^\s+/.exec(rest)?.[0];
      if (token === undefined) {
        if (/^(\/\*|["'])/.test(rest)) return undefined;
        out += part[at++];
      } else {
        out += token.startsWith('/*') ? '' : /^\s/.test(token) ? ' ' : token;
        at += token.length;
      }
    }
    tight.push(squeezePunctuation(out, index === 0, index === parts.length - 1));
  }
  return tight;
}

/**
 * Around braces and semicolons whitespace means nothing, nor after a comma. After a colon it does in two places:
 * `--empty: ;`, and a colon is never looked at inside a string.
 */
function squeezePunctuation(text, isFirst, isLast) {
  const squeezed = text
    .split(/("(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*')/)
    .map((piece, index) =>
      index % 2 === 1
        ? piece
        : piece
            .replace(/ {2,}/g, ' ')
            .replace(/(?<!:) ([{};])/g, '$1')
            .replace(/([{};]) /g, '$1')
            .replace(/, /g, ',')
            .replace(/: (?=[^ ;}])/g, ':')
            .replace(/;}/g, '}'),
    )
    .join('');
  const start = isFirst ? squeezed.trimStart() : squeezed;
  return isLast ? start.trimEnd() : start;
}

/**
 * Folds each run of whitespace that holds a line break into one space, outside quoted attributes, and drops it at the
 * template's two ends. One space is kept between elements, since between inline elements it is seen.
 * @param {readonly string[]} parts The raw text between the expressions of an `html` or `svg` template.
 * @returns {string[] | undefined}
 */
export function tightHtml(parts) {
  if (/<(pre|textarea|style|script)\b/i.test(parts.join(''))) return undefined;
  let quote = '';
  let inTag = false;
  const tight = parts.map((part) => {
    let out = '';
    for (let at = 0; at < part.length; at++) {
      const character = part[at];
      const run = quote === '' ? /^\s*\n\s*/.exec(part.slice(at))?.[0] : undefined;
      if (run !== undefined) {
        out += ' ';
        at += run.length - 1;
        continue;
      }
      if (quote !== '') quote = character === quote ? '' : quote;
      else if (inTag && (character === '"' || character === "'")) quote = character;
      else if (character === '<') inTag = true;
      else if (character === '>') inTag = false;
      out += character;
    }
    return out;
  });
  if (quote !== '') return undefined;
  tight[0] = tight[0].trimStart();
  tight[tight.length - 1] = tight[tight.length - 1].trimEnd();
  return tight;
}

const tighten = { css: tightCss, html: tightHtml, svg: tightHtml };

/** Calls `visit` with each node of a syntax tree. */
function walk(node, visit) {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child !== null && typeof child === 'object' && typeof child.type === 'string') walk(child, visit);
    }
  }
}

/** The edits that tighten one tagged template, as `[from, to, text]` in `code`. */
function editsOf(node, code) {
  const { quasis } = node.quasi;
  const parts = quasis.map((quasi) => quasi.value.raw);
  const tight = tighten[node.tag.name]?.(parts) ?? parts;
  return quasis.flatMap((quasi, index) => {
    const part = parts[index];
    if (tight[index] === part) return [];
    const start = code.indexOf(part, quasi.start);
    const end = start + part.length;
    // The line breaks taken out come back where they mean nothing, so that the source map stays right line by line.
    const closing = index === quasis.length - 1 ? '`' : '${';
    const lines = (text) => text.split('\n').length;
    return [[start, end + closing.length, tight[index] + closing + '\n'.repeat(lines(part) - lines(tight[index]))]];
  });
}

/** The Vite plugin. It runs after TypeScript is gone. */
export const tightTemplates = () => ({
  name: 'touchline:tight-templates',
  enforce: 'post',
  transform: {
    filter: { id: /\/src\/.*\.ts$/, code: /\b(css|html|svg)`/ },
    handler(code) {
      const edits = [];
      walk(this.parse(code), (node) => {
        if (node.type === 'TaggedTemplateExpression' && node.tag.type === 'Identifier')
          edits.push(...editsOf(node, code));
      });
      edits.sort((a, b) => b[0] - a[0]);
      let out = code;
      for (const [start, end, text] of edits) out = out.slice(0, start) + text + out.slice(end);
      return { code: out, map: null };
    },
  },
});
