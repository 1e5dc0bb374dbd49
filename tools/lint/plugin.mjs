/** The project's own lint rules: the borders of the rooms, and templates that a strict page accepts. */
import { dirname, join, relative, sep } from 'node:path';
import { importRefusal, refusedGlobals } from './rooms.mjs';

const pathOf = (context) => relative(context.cwd, context.filename).split(sep).join('/');

/** A specifier as the table names it: from the root without extension, or the package as written. */
function targetOf(from, specifier) {
  if (!specifier.startsWith('.')) return specifier;
  return join(dirname(from), specifier)
    .split(sep)
    .join('/')
    .replace(/\.(js|ts|mjs|json)$/, '');
}

/** The names that a declaration brings in as values. A type brings none. */
function valuesOf(node) {
  if (node.importKind === 'type' || node.exportKind === 'type') return [];
  const specifiers = node.specifiers ?? [];
  if (specifiers.length === 0) return ['*'];
  return specifiers
    .filter((one) => one.importKind !== 'type' && one.exportKind !== 'type')
    .map((one) => {
      if (one.type === 'ImportSpecifier') return one.imported.name ?? one.imported.value;
      if (one.type === 'ExportSpecifier') return one.local.name ?? one.local.value;
      return '*';
    });
}

const roomImports = {
  create(context) {
    const from = pathOf(context);
    const check = (node, source, values) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const message = importRefusal(from, targetOf(from, source.value), values);
      if (message !== undefined) context.report({ node, message });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, valuesOf(node)),
      ExportNamedDeclaration: (node) => check(node, node.source, valuesOf(node)),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type' ? [] : ['*']),
      ImportExpression: (node) => check(node, node.source, ['*']),
    };
  },
};

const globalObjects = new Set(['globalThis', 'window', 'self', 'global']);

const roomGlobals = {
  create(context) {
    const path = pathOf(context);
    const refused = refusedGlobals(path);
    if (refused.size === 0) return {};
    const report = (node, name) => context.report({ node, message: `${path.split('/')[1]}/ may not use '${name}'` });
    const isGlobal = (node) => {
      if (node.type !== 'Identifier') return false;
      for (let scope = context.sourceCode.getScope(node); scope !== null; scope = scope.upper) {
        const variable = scope.set.get(node.name);
        if (variable !== undefined) return variable.defs.length === 0;
      }
      return true;
    };
    return {
      Program(program) {
        const { scopeManager } = context.sourceCode;
        const seen = new Set();
        for (const scope of scopeManager.scopes) {
          for (const { identifier, resolved, isTypeReference } of scope.references) {
            if (seen.has(identifier) || isTypeReference || (resolved !== null && resolved.defs.length > 0)) continue;
            seen.add(identifier);
            if (refused.has(identifier.name)) report(identifier, identifier.name);
          }
        }
        void program;
      },
      MemberExpression(node) {
        if (!isGlobal(node.object)) return;
        const member = node.computed ? node.property.value : node.property.name;
        if (globalObjects.has(node.object.name) && refused.has(member)) report(node, `${node.object.name}.${member}`);
        if (refused.has(`${node.object.name}.${member}`)) report(node, `${node.object.name}.${member}`);
      },
      ':function[async=true]'(node) {
        if (refused.has('Promise')) report(node, 'async');
      },
    };
  },
};

/**
 * A strict content security policy refuses `style` and `on…` attributes that arrive in markup, Lit's first `styleMap`
 * render among them; and nothing the kit paints comes as markup text. Widths and colours go through `setProperty`.
 */
const strictTemplates = {
  create: (context) => ({
    ImportDeclaration(node) {
      const refused = /^lit\/directives\/(style-map|unsafe-html|unsafe-svg)\.js$/.exec(node.source.value)?.[1];
      if (refused) context.report({ node, message: `${refused} is refused by a strict page: set properties instead` });
    },
    TaggedTemplateExpression(node) {
      if (node.tag.type !== 'Identifier' || !['html', 'svg'].includes(node.tag.name)) return;
      for (const quasi of node.quasi.quasis) {
        const attribute = /[\s"'](style|on[a-z]+)\s*=/i.exec(quasi.value.raw)?.[1];
        if (attribute)
          context.report({ node: quasi, message: `'${attribute}=' in a template is refused by a strict page` });
      }
    },
  }),
};

export default {
  meta: { name: 'touchline' },
  rules: { 'room-imports': roomImports, 'room-globals': roomGlobals, 'strict-templates': strictTemplates },
};
