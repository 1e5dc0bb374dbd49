import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { withTables } from '../../tools/readme-tables.mjs';
import { root } from '../../tools/run.mjs';

const manifest = {
  modules: [
    {
      declarations: [
        {
          tagName: 'order-book',
          attributes: [{ name: 'without-flash', fieldName: 'withoutFlash' }],
          members: [
            {
              kind: 'field',
              name: 'withoutFlash',
              type: { text: "'a' | 'b'" },
              default: "'a'",
              description: 'No\nflash.',
            },
            { kind: 'method', name: 'pause', description: 'Stops.' },
          ],
          events: [{ name: 'level-select', type: { text: 'LevelSelectEvent' }, description: 'A level.' }],
          slots: [{ name: '', description: 'Fallback.' }],
          cssParts: [{ name: 'bids', description: 'The bids.' }],
          cssProperties: [{ name: '--tl-bid', default: 'green', description: 'Bids.' }],
          cssStates: [{ name: 'live', description: 'Live.' }],
        },
      ],
    },
    {
      declarations: [
        {
          name: 'LevelSelectEvent',
          members: [
            { kind: 'field', name: 'eventName', static: true },
            { kind: 'field', name: 'price', type: { text: 'string' }, description: 'As text.' },
            { kind: 'method', name: 'take', description: 'Takes it.' },
          ],
        },
      ],
    },
  ],
};

describe('the tables of the README', () => {
  it('PK5 stand between their markers and nothing else is touched', () => {
    const made = withTables('before\n<!-- tables:order-book -->old<!-- /tables -->\nafter', manifest);
    assert.ok(made.startsWith('before\n<!-- tables:order-book -->\n\n'));
    assert.ok(made.endsWith('\n\n<!-- /tables -->\nafter'));
    assert.doesNotMatch(made, /old|eventName/);
    for (const row of [
      "| `without-flash` | `withoutFlash` | `'a' \\| 'b'` | `a` | No flash. |",
      '| `pause()` | Stops. |',
      '| `level-select` | `LevelSelectEvent` | A level. |',
      '| `level-select` | `price` | `string` | As text. |',
      '| `level-select` | `take()` |  | Takes it. |',
      '| (default) | Fallback. |',
      '| `bids` | The bids. |',
      '| `--tl-bid` | `green` | Bids. |',
      '| `:state(live)` | Live. |',
    ]) {
      assert.ok(made.includes(row), `${row}\n\n${made}`);
    }
  });

  it('PK23 the manifest declares every event that an element fires, with all that it carries', () => {
    interface Declaration {
      readonly name: string;
      readonly events?: readonly { readonly type: { readonly text: string } }[];
      readonly members?: readonly { readonly name: string; readonly static?: boolean; readonly description?: string }[];
    }
    const { modules } = JSON.parse(readFileSync(join(root, 'custom-elements.json'), 'utf8')) as {
      modules: readonly { readonly path: string; readonly declarations: readonly Declaration[] }[];
    };
    const found = modules.flatMap(({ declarations }) => declarations);
    const carried = (name: string): string[] | undefined =>
      found.find((one) => one.name === name)?.members?.flatMap((one) => (one.static ? [] : [one.name]));
    const fired = found.flatMap(({ events = [] }) => events.map(({ type }) => type.text));
    assert.ok(fired.length >= 10);
    for (const name of fired) assert.ok(carried(name), name);
    assert.deepEqual(carried('OrderUpdateEvent'), ['order', 'previousState']);
    assert.deepEqual(carried('OrderRejectEvent'), ['order', 'code', 'reason']);
    assert.ok(carried('LevelSelectEvent')!.includes('ageMs') && carried('OrderSubmitEvent')!.includes('respondWith'));
    const events = found.filter(({ name }) => fired.includes(name)).flatMap(({ members = [] }) => members);
    for (const member of events) assert.ok(member.static || member.description, `${member.name} is not described`);
    for (const { path } of modules) assert.match(path, /^dist\//);
  });

  it('PK5 made a second time are the same', () => {
    const once = withTables('<!-- tables:order-book --><!-- /tables -->', manifest);
    assert.equal(withTables(once, manifest), once);
  });

  it('PK5 refuse a name that the manifest does not know, and a marker without an end', () => {
    assert.throws(() => withTables('<!-- tables:order-bok --><!-- /tables -->', manifest), /order-bok/);
    assert.throws(() => withTables('<!-- tables:order-book --> text', manifest), /no <!-- \/tables -->/);
  });
});
