import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withTables } from '../../tools/readme-tables.mjs';

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
  ],
};

describe('the tables of the README', () => {
  it('PK5 stand between their markers and nothing else is touched', () => {
    const made = withTables('before\n<!-- tables:order-book -->old<!-- /tables -->\nafter', manifest);
    assert.ok(made.startsWith('before\n<!-- tables:order-book -->\n\n'));
    assert.ok(made.endsWith('\n\n<!-- /tables -->\nafter'));
    assert.doesNotMatch(made, /old/);
    for (const row of [
      "| `without-flash` | `withoutFlash` | `'a' \\| 'b'` | `a` | No flash. |",
      '| `pause()` | Stops. |',
      '| `level-select` | `LevelSelectEvent` | A level. |',
      '| (default) | Fallback. |',
      '| `bids` | The bids. |',
      '| `--tl-bid` | `green` | Bids. |',
      '| `:state(live)` | Live. |',
    ]) {
      assert.ok(made.includes(row), `${row}\n\n${made}`);
    }
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
