/** What editors, Storybook and the README know of the elements, all from the comments in `src/elements/`. */
import { customElementJetBrainsPlugin } from 'custom-element-jet-brains-integration';
import { customElementVsCodePlugin } from 'custom-element-vs-code-integration';
import { jsxTypesPlugin } from '@wc-toolkit/jsx-types';
import { modulePathResolverPlugin } from '@wc-toolkit/module-path-resolver';

/** The folder that everything generated goes to, under `TOUCHLINE_GENERATED` when a check wants its own. */
const outdir = process.env.TOUCHLINE_GENERATED ?? '.';
const generated = `${outdir}/generated`;

/** What is private is nobody's business; a test may rely on nothing that is not listed. */
const withoutPrivate = {
  name: 'touchline:without-private',
  packageLinkPhase({ customElementsManifest }) {
    for (const { declarations = [] } of customElementsManifest.modules) {
      for (const declaration of declarations) {
        declaration.members = declaration.members?.filter(
          ({ name, privacy }) => privacy !== 'private' && privacy !== 'protected' && !name.startsWith('#'),
        );
        if (declaration.members === undefined) delete declaration.members;
      }
    }
  },
};

/** `export type {}` leads to types and hands nothing on; the analyzer takes it for all that the other file has. */
const withoutTypeLinks = {
  name: 'touchline:without-type-links',
  packageLinkPhase({ customElementsManifest }) {
    for (const module of customElementsManifest.modules)
      module.exports = module.exports?.filter(({ name }) => name !== '*');
  },
};

const docOf = (node) => node.jsDoc?.at(-1)?.comment?.replace(/\s+/g, ' ').trim();

/** What an event carries: the analyzer neither sees fields that a constructor declares, nor what an interface of the class says of them. */
const eventFields = {
  name: 'touchline:event-fields',
  analyzePhase({ ts, node, moduleDoc }) {
    if (
      !ts.isClassDeclaration(node) ||
      !node.heritageClauses?.some((clause) => /^extends Event\b/.test(clause.getText()))
    )
      return;
    const event = moduleDoc.declarations.find(({ name }) => name === node.name.text);
    const constructor = node.members.find(ts.isConstructorDeclaration);
    for (const parameter of constructor?.parameters ?? []) {
      if (!parameter.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword)) continue;
      const [name, type] = [parameter.name.getText(), { text: parameter.type.getText() }];
      event.members.push({ kind: 'field', name, type, description: docOf(parameter), readonly: true });
    }
    const interfaces = new Map(
      node
        .getSourceFile()
        .statements.filter(ts.isInterfaceDeclaration)
        .map((one) => [one.name.text, one]),
    );
    const named = node.heritageClauses.flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
    for (const property of named.flatMap((name) => [...(interfaces.get(name)?.members ?? [])])) {
      const member = event.members.find(({ name }) => name === property.name.getText());
      Object.assign(member, { type: { text: property.type.getText() }, description: docOf(property), readonly: true });
    }
  },
};

/** Only the elements and the events that they fire: helpers and what elements are made from are nobody's to import. */
const onlyElements = {
  name: 'touchline:only-elements',
  packageLinkPhase({ customElementsManifest }) {
    for (const module of customElementsManifest.modules) {
      if (module.path.endsWith('.events.ts')) module.path = built('.js')(module.path);
      module.declarations = module.declarations?.filter(
        ({ customElement, tagName, superclass }) => (customElement && tagName) || superclass?.name === 'Event',
      );
    }
    customElementsManifest.modules = customElementsManifest.modules.filter(
      ({ declarations = [] }) => declarations.length > 0,
    );
  },
};

/** The analyzer takes files as the disk gives them: the same sources must give the same text. */
const inOrder = {
  name: 'touchline:in-order',
  packageLinkPhase({ customElementsManifest }) {
    customElementsManifest.modules.sort((a, b) => (a.path < b.path ? -1 : 1));
  },
};

/** An event is public when a `@fires` line describes it; the analyzer also guesses some from the code. */
const onlyDescribedEvents = {
  name: 'touchline:only-described-events',
  packageLinkPhase({ customElementsManifest }) {
    for (const { declarations = [] } of customElementsManifest.modules) {
      for (const declaration of declarations) {
        declaration.events = declaration.events?.filter(({ description }) => description);
        if (declaration.events === undefined) delete declaration.events;
      }
    }
  },
};

const built = (extension) => (path) => path.replace(/^src\//, 'dist/').replace(/\.ts$/, extension);

export default {
  globs: ['src/elements/**/*.ts'],
  outdir,
  litelement: true,
  packagejson: false,
  plugins: [
    eventFields,
    withoutPrivate,
    withoutTypeLinks,
    onlyElements,
    inOrder,
    onlyDescribedEvents,
    modulePathResolverPlugin({ modulePathTemplate: built('.js'), typeDefinitionPathTemplate: built('.d.ts') }),
    jsxTypesPlugin({
      outdir: generated,
      fileName: 'jsx.d.ts',
      componentTypePath: (_name, tag) => `../dist/elements/${tag}/${tag}.js`,
    }),
    customElementVsCodePlugin({
      outdir: generated,
      htmlFileName: 'vscode.html-custom-data.json',
      cssFileName: 'vscode.css-custom-data.json',
    }),
    customElementJetBrainsPlugin({ outdir: generated, webTypesFileName: 'web-types.json', packageJson: false }),
  ],
};
