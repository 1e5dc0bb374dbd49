/** `POST /api/phase`, and what phase an exchange starts in. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type ExchangeServer, type ExchangeServerOptions, startExchange } from '../../server/exchange-server.js';
import { Exchange } from '../../src/sim/index.js';

const open: ExchangeServer[] = [];
const folders: string[] = [];
after(async () => {
  await Promise.all(open.map((server) => server.close()));
  folders.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});

const start = async (options: ExchangeServerOptions = {}): Promise<ExchangeServer> => {
  const server = await startExchange(options);
  open.push(server);
  return server;
};

interface Asked {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const post = (
  { port }: ExchangeServer,
  { body, headers = {} }: Asked,
): Promise<readonly [status: number, text: string]> =>
  new Promise((resolve, fail) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: '/api/phase',
        headers: { 'content-type': 'application/json', ...headers },
      },
      (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.on('end', () => resolve([response.statusCode ?? 0, text]));
      },
    );
    sent.on('error', fail);
    sent.end(body ?? JSON.stringify({ symbol: 'SCOM', phase: 'halted' }));
  });

describe('phases by hand', () => {
  it('SX184 with control, a program on this computer or a page of this server puts a symbol into a phase', async () => {
    const server = await start({ control: true });
    for (const phase of ['halted', 'pre_open', 'auction', 'continuous', 'closed']) {
      const [status, text] = await post(server, { body: JSON.stringify({ symbol: 'SCOM', phase }) });
      assert.deepEqual([status, JSON.parse(text)], [200, { symbol: 'SCOM', phase }]);
      assert.equal(server.market.listing('SCOM')?.phase, phase);
    }
    const origin = `http://127.0.0.1:${server.port}`;
    assert.equal((await post(server, { headers: { origin } }))[0], 200);
  });

  it('SX184 anybody and anything else is refused and changes nothing', async () => {
    const server = await start({ control: true });
    const wish = (given: object): Asked => ({ body: JSON.stringify({ symbol: 'SCOM', phase: 'halted', ...given }) });
    const cases: readonly (readonly [Asked, number])[] = [
      [{ headers: { origin: 'https://evil.example' } }, 403],
      [{ headers: { origin: 'null' } }, 403],
      [{ headers: { host: 'evil.example', origin: 'http://evil.example' } }, 403],
      [{ headers: { 'content-type': 'text/plain' } }, 415],
      [{ body: ' '.repeat(2_000) }, 413],
      [{ body: '{' }, 400],
      [{ body: 'null' }, 400],
      [wish({ phase: 'open' }), 400],
      [wish({ symbol: 7 }), 400],
      [wish({ symbol: 'NOPE' }), 404],
    ];
    for (const [asked, expected] of cases) {
      const [status, text] = await post(server, asked);
      assert.equal(status, expected, JSON.stringify(asked));
      assert.equal(typeof (JSON.parse(text) as { error: unknown }).error, 'string');
    }
    assert.equal(server.market.listing('SCOM')?.phase, 'continuous');
  });

  it('SX184 without control there is no such path; on another host, or with a market that was given, there is no control', async () => {
    const server = await start();
    assert.equal((await post(server, {}))[0], 405);
    assert.equal(server.market.listing('SCOM')?.phase, 'continuous');
    await assert.rejects(startExchange({ control: true, host: '0.0.0.0' }), RangeError);
    const market = new Exchange({ startMs: Date.now(), epoch: 'e1' });
    await assert.rejects(startExchange({ control: true, market }), RangeError);
  });

  it('SX185 a kept phase stands with control or a day, and is continuous without', async () => {
    const data = mkdtempSync(join(tmpdir(), 'touchline-phase-'));
    folders.push(data);
    const phaseOf = async (options: ExchangeServerOptions): Promise<string | undefined> => {
      const server = await startExchange({ data, ...options });
      const phase = server.market.listing('SCOM')?.phase;
      if (options.control === true) await post(server, { body: '{"symbol":"SCOM","phase":"auction"}' });
      await server.close();
      return phase;
    };
    const day = { pre_open: 60_000, auction: 60_000, continuous: 60_000, closed: 60_000 };
    assert.equal(await phaseOf({ control: true }), 'continuous');
    assert.equal(await phaseOf({ control: true }), 'auction');
    assert.equal(await phaseOf({ day }), 'auction');
    assert.equal(await phaseOf({}), 'continuous');
  });
});
