import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { askText } from '../../src/stream/transport/http.js';
import { SnapshotDesk } from '../../src/stream/venue/snapshot-desk.js';
import { FakeClock } from '../support/fake-clock.js';
import { settled } from '../support/login-server.js';

describe('Retry-After', () => {
  it('AU23 an HTTP answer says how long to wait in seconds or by a date, in the clock of the server; nonsense says nothing', async () => {
    let header: string | undefined;
    const server = createServer((_request, response) => {
      // A server whose clock stands ten years back.
      response.setHeader('date', 'Wed, 21 Oct 2015 07:28:00 GMT');
      if (header !== undefined) response.setHeader('retry-after', header);
      response.writeHead(503).end('busy');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const waits: [string | undefined, number][] = [
      ['7', 7_000],
      ['1.5', 1_500],
      ['Wed, 21 Oct 2015 07:28:42 GMT', 42_000],
      ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
      ['-5', 0],
      ['soon', 0],
      ['', 0],
      [undefined, 0],
    ];
    for (const [text, expected] of waits) {
      header = text;
      const answer = await askText(url);
      assert.deepEqual(answer, { status: 503, text: 'busy', retryAfterMs: expected }, text);
    }
    server.close();
  });

  it('AU23 a venue that says when to come back is left alone until then: 418, 429 and 503; without a word only 418 and 429', async () => {
    for (const [status, retryAfterMs, pauseMs] of [
      [429, 7_000, 7_000],
      [418, 0, 30_000],
      [503, 7_000, 7_000],
      [503, 0, 0],
      [500, 7_000, 0],
      [429, 9e9, 300_000],
    ] as const) {
      const clock = new FakeClock();
      const pace = { notBefore: 0 };
      const desk = new SnapshotDesk({
        pace,
        clock,
        ask: () => Promise.resolve({ status, text: '', retryAfterMs }),
        perMinute: 60_000,
        urlOf: (symbol) => `https://venue.example/${symbol}`,
        onAnswer: () => {},
        onFailure: () => {},
      });
      desk.want('BTC');
      await settled();
      assert.ok(Math.abs(pace.notBefore - clock.now() - pauseMs) <= 1, `${status} ${retryAfterMs}`);
      desk.close();
    }
  });
});
