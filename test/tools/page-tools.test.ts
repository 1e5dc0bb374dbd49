import { expect } from '@open-wc/testing';
import { startTestExchange } from '../support/exchange.js';
import { expectTrouble, troublesSoFar } from '../support/page-health.js';
import { openStrictPage } from '../support/strict-page.js';

/** Resolves with what the socket does first. */
const outcome = (url: string): Promise<{ socket: WebSocket; did: string }> =>
  new Promise((done) => {
    const socket = new WebSocket(url);
    for (const did of ['open', 'error']) socket.addEventListener(did, () => done({ socket, did }), { once: true });
  });

describe('the tools of page tests', () => {
  it('PK12 a test that expects trouble passes when it comes', () => {
    expectTrouble(/a word of warning/);
    console.warn('a word of warning');
    expect(troublesSoFar()).to.deep.equal(['console.warn: a word of warning']);
  });

  it('PK13 an exchange can be killed and comes back on the same port', async () => {
    const exchange = await startTestExchange();
    const { socket, did } = await outcome(exchange.url);
    expect(did).to.equal('open');
    const closed = new Promise<CloseEvent>((done) => socket.addEventListener('close', done, { once: true }));
    await exchange.kill();
    expect((await closed).wasClean).to.equal(false);
    expect((await outcome(exchange.url)).did).to.equal('error');
    await exchange.restart();
    const again = await outcome(exchange.url);
    expect(again.did).to.equal('open');
    again.socket.close();
    await exchange.stop();
  }).timeout(30_000);

  it('PK14 a strict page refuses a style attribute and says so', async () => {
    const page = await openStrictPage('one-tag', '?src=demo:');
    const box = page.document.createElement('div');
    box.setAttribute('style', 'color: red');
    await new Promise((done) => setTimeout(done, 50));
    expect(page.problems().some((problem) => problem.startsWith('csp: style-src-attr'))).to.equal(true);
    page.close();
  });
});
