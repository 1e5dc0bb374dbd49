import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { differences } from '../../tools/ensure-dependencies.mjs';

const lit = { version: '3.3.3', integrity: 'sha512-a' };

describe('the look at what is installed', () => {
  it('PK3 is content with what the lock says, with more, and without another platform’s packages', () => {
    const locked = { '': {}, 'node_modules/lit': lit, 'node_modules/fast-darwin': { ...lit, optional: true } };
    assert.deepEqual(differences(locked, { 'node_modules/lit': lit, 'node_modules/by-hand': lit }), []);
  });

  it('PK3 names a package that is missing', () => {
    assert.deepEqual(differences({ 'node_modules/lit': lit }, {}), ['node_modules/lit is missing']);
  });

  it('PK3 names another version, and the same version with other content', () => {
    const locked = { 'node_modules/lit': lit };
    assert.match(
      differences(locked, { 'node_modules/lit': { ...lit, version: '3.3.2' } })[0] ?? '',
      /3\.3\.2.*3\.3\.3/,
    );
    assert.equal(differences(locked, { 'node_modules/lit': { ...lit, integrity: 'sha512-b' } }).length, 1);
  });
});
