/**
 * Gives the Lit inside a self-contained file a Trusted Types policy of its own. A page that has its own Lit, under
 * `require-trusted-types-for 'script'`, would otherwise refuse the second policy of the same name, and with it
 * every element of the file that comes second.
 */
export const POLICY = 'touchline#lit';

const creation = /createPolicy\((["'`])lit-html\1/g;

export const ownLitPolicy = () => {
  let renamed = 0;
  return {
    name: 'touchline:own-lit-policy',
    buildStart() {
      renamed = 0;
    },
    transform: {
      filter: { id: /lit-html/, code: creation },
      handler(code) {
        return { code: code.replace(creation, () => (renamed++, `createPolicy("${POLICY}"`)), map: null };
      },
    },
    buildEnd(error) {
      if (error === undefined && renamed !== 1) {
        this.error(`expected one Trusted Types policy of Lit to rename to ${POLICY}, found ${renamed}`);
      }
    },
  };
};
