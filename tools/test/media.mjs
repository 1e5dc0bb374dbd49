/**
 * A Web Test Runner plugin with what the page's own commands can't do, in Chromium only: `media:emulate` (media features by
 * name, such as `{ 'forced-colors': 'active' }`; `touch: true` makes the pointer coarse) and `media:picture` (a PNG of a part of
 * the page, as base64). In any other engine both answer false.
 */
export function mediaPlugin() {
  // One for each page: what another one has asked for holds until that one is gone.
  const clients = new WeakMap();
  const clientOf = (page) => {
    if (!clients.has(page)) clients.set(page, page.createCDPSession());
    return clients.get(page);
  };
  const answers = {
    'media:emulate': async (page, { touch = false, ...features }) => {
      const client = await clientOf(page);
      await client.send('Emulation.setTouchEmulationEnabled', { enabled: touch });
      await client.send('Emulation.setEmulatedMedia', {
        features: Object.entries(features).map(([name, value]) => ({ name, value })),
      });
      return { is: true };
    },
    'media:picture': async (page, clip) => ({ is: true, png: await page.screenshot({ clip, encoding: 'base64' }) }),
  };
  return {
    name: 'touchline:media',
    executeCommand({ command, payload, session }) {
      const answer = answers[command];
      if (answer === undefined) return undefined;
      const { browser } = session;
      if (browser.type !== 'puppeteer' || !/chrom/i.test(browser.name)) return { is: false };
      return answer(browser.getPage(session.id), payload);
    },
  };
}
