import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import * as v from 'valibot';
import {
  ANY_BOOK,
  checkClientMessage,
  checkServerMessage,
  MAX_SERVER_FRAME_LENGTH,
  parseClientMessage,
  parseServerMessage,
} from '../../src/stream/protocol/guards.js';
import { clientSamples, serverSamples } from '../support/wire-samples.js';
import { clientSchema, serverSchema } from '../support/wire-schemas.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Values that a careless or hostile peer puts where something else is due. */
const oddities: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  0.5,
  2 ** 53,
  2 ** 53 - 1,
  Infinity,
  Number.NaN,
  1e300,
  '',
  ' ',
  '0',
  '-0',
  '1e-8',
  '1e400',
  '1,5',
  'NaN',
  'Infinity',
  '+1',
  '.5',
  '5.',
  '0x10',
  '00.10',
  '9'.repeat(40),
  '9'.repeat(65),
  'x'.repeat(129),
  '\ud800',
  [],
  {},
  [[]],
  [['1', '2', '3']],
  [['1']],
  ['1', '2'],
  undefined,
];

interface Mutation {
  readonly path: readonly number[];
  readonly action: 'replace' | 'delete' | 'add' | 'copy';
  readonly value: unknown;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  path: fc.array(fc.nat(11), { minLength: 1, maxLength: 5 }),
  action: fc.constantFrom('replace', 'delete', 'add', 'copy'),
  value: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...oddities) }, { weight: 1, arbitrary: fc.jsonValue() }),
});

/** Walks down `path` as far as there are containers, then does its one bad thing there. */
const mutate = (message: unknown, { path, action, value }: Mutation): void => {
  let parent = message as Record<string, unknown>;
  for (let step = 0; ; step += 1) {
    const keys = Object.keys(parent);
    const key = keys[(path[step] ?? 0) % Math.max(keys.length, 1)];
    const child = key === undefined ? undefined : parent[key];
    if (key !== undefined && step + 1 < path.length && typeof child === 'object' && child !== null) {
      parent = child as Record<string, unknown>;
      continue;
    }
    if (action === 'add') parent['unheardOf'] = value;
    else if (key === undefined) return;
    else if (action === 'delete' && !Array.isArray(parent)) delete parent[key];
    else if (action === 'copy') parent[key] = structuredClone(parent[keys[0] ?? key]);
    else parent[key] = value;
    return;
  }
};

const damaged = (samples: readonly object[]): fc.Arbitrary<unknown> =>
  fc.tuple(fc.constantFrom(...samples), fc.array(mutation, { maxLength: 3 })).map(([sample, mutations]) => {
    const message = structuredClone(sample);
    for (const one of mutations) mutate(message, one);
    return message;
  });

const arbitraryTyped = (samples: readonly { type: string }[]): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.constantFrom(...samples.map(({ type }) => type)), fc.dictionary(fc.string(), fc.jsonValue()))
    .map(([type, rest]) => ({ ...rest, type }));

describe('the guards', () => {
  for (const sample of serverSamples) {
    it(`PR1 a good ${sample.type} passes`, () => {
      assert.deepEqual(parseServerMessage(JSON.stringify(sample)), { ok: true, message: sample });
    });
  }
  for (const sample of clientSamples) {
    it(`PR1 a good ${sample.type} passes`, () => {
      assert.deepEqual(parseClientMessage(JSON.stringify(sample)), { ok: true, message: sample });
    });
  }

  it('PR2 the server guard agrees with the schema on good, damaged and arbitrary messages', () => {
    const input = fc.oneof(
      { weight: 8, arbitrary: damaged(serverSamples) },
      { weight: 1, arbitrary: arbitraryTyped(serverSamples) },
      { weight: 1, arbitrary: fc.jsonValue() },
    );
    let accepted = 0;
    fc.assert(
      fc.property(input, (value) => {
        const { ok } = checkServerMessage(value);
        if (ok) accepted += 1;
        assert.equal(ok, v.is(serverSchema, value));
      }),
      { numRuns: 6_000 },
    );
    assert.ok(accepted > 600, `only ${accepted} of the messages were good: the test proves little`);
  });

  it('PR2 the client guard agrees with the schema on good, damaged and arbitrary messages', () => {
    const input = fc.oneof(
      { weight: 8, arbitrary: damaged(clientSamples) },
      { weight: 1, arbitrary: arbitraryTyped(clientSamples) },
      { weight: 1, arbitrary: fc.jsonValue() },
    );
    fc.assert(
      fc.property(input, (value) => {
        assert.equal(checkClientMessage(value).ok, v.is(clientSchema, value));
      }),
      { numRuns: 4_000 },
    );
  });

  it('PR3 no text makes a guard throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ unit: 'binary' })), (text) => {
        assert.equal(typeof parseServerMessage(text).ok, 'boolean');
        assert.equal(typeof parseClientMessage(text).ok, 'boolean');
      }),
      { numRuns: 1_000 },
    );
  });

  it('PR3 deep nesting is refused, not a crash', () => {
    const nested = '['.repeat(200_000) + ']'.repeat(200_000);
    const inside = `{"type":"error","data":{"code":"x","message":"","fatal":false,"retryAfterMs":null,"details":${nested}}}`;
    assert.equal(parseServerMessage(nested).ok, false);
    assert.equal(parseServerMessage(inside).ok, false);
    assert.equal(parseClientMessage(nested, 1_000_000).ok, false);
  });

  it('PR4 a frame above the bound is refused before it is parsed', () => {
    const text = ' '.repeat(MAX_SERVER_FRAME_LENGTH) + '1';
    assert.deepEqual(parseServerMessage(text), { ok: false, reason: 'too_large', suspect: ANY_BOOK });
    assert.deepEqual(parseServerMessage(text.slice(2)), { ok: false, reason: 'not_an_object', suspect: ANY_BOOK });
    const long = JSON.stringify({ type: 'subscribe', symbols: ['x'.repeat(70_000)] });
    const answer = parseClientMessage(long);
    assert.equal(answer.ok ? '' : answer.code, 'too_large');
  });

  it('PR5 only own properties count', () => {
    const inherited = Object.create({ type: 'pong' }) as Json;
    assert.equal(checkServerMessage(inherited).ok, false);
    const halfInherited = Object.assign(Object.create({ id: '1', data: { symbol: 'SCOM' } }) as object, {
      type: 'order_book_resync',
    });
    assert.equal(checkClientMessage(halfInherited).ok, false);
    const text = '{"__proto__":{"type":"pong"}}';
    assert.deepEqual(parseServerMessage(text), { ok: false, reason: 'unknown_type' });
    assert.deepEqual(parseServerMessage('{"type":"constructor"}'), { ok: false, reason: 'unknown_type' });
    assert.equal(({} as { type?: string }).type, undefined);
  });

  it('PR6 a refusal says why', () => {
    const reason = (text: string): string => {
      const result = parseServerMessage(text);
      return result.ok ? 'ok' : result.reason;
    };
    assert.equal(reason('{"type":"subscription_confirmed","data":{"symbols":["SCOM",Infinity]}}'), 'bad_json');
    assert.equal(reason('{"type":"pong"'), 'bad_json');
    assert.equal(reason('{}{}'), 'bad_json');
    assert.equal(reason('[]'), 'not_an_object');
    assert.equal(reason('"ping"'), 'not_an_object');
    assert.equal(reason('{"type":"trade_correction","data":{}}'), 'unknown_type');
    assert.equal(reason('{"type":"market_data","data":{"symbol":"SCOM","price":1e400}}'), 'bad_message');
    assert.equal(reason('{"type":"market_data","data":{"symbol":"SCOM","price":"1,5"}}'), 'bad_message');
  });

  it('PR6 a refused book message names its symbol, so that its book can be asked for anew', () => {
    const text = '{"type":"order_book_delta","data":{"symbol":"SCOM","bids":"none"}}';
    assert.deepEqual(parseServerMessage(text), { ok: false, reason: 'bad_message', suspect: 'SCOM' });
  });

  it('PR7 a refused client message keeps the id to answer to', () => {
    const answer = parseClientMessage('{"type":"order_place","id":"20","data":{}}');
    assert.deepEqual(answer.ok ? {} : { code: answer.code, id: answer.id }, { code: 'bad_message', id: '20' });
    const stranger = parseClientMessage('{"type":"order_amend","id":"21"}');
    assert.deepEqual(stranger.ok ? {} : { code: stranger.code, id: stranger.id }, { code: 'unknown_type', id: '21' });
    const unusable = parseClientMessage(`{"type":"ping","id":"${'x'.repeat(65)}"}`);
    assert.equal('id' in unusable, false);
  });

  it('SX224 of a message only the fields that the protocol names go past the guards', () => {
    const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    for (const sample of clientSamples) {
      const given = sample as { readonly data?: object };
      const odd = { ...given, odd: deep(5_000), ...(given.data && { data: { ...given.data, odd: deep(5_000) } }) };
      assert.deepEqual(checkClientMessage(odd), { ok: true, message: sample });
    }
  });
});
