/** What a test of any-tag.html asks of the file that the page has. */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What a stream of the file says within a moment, whether it ever opened, and what it has recorded. `hasToken`: one that a page gives a token. */
globalThis.sayings = async (file, { hasToken, ...options }) => {
  const { createMarketStream } = await import(`/dist/cdn/${file}`);
  const said = [];
  const stream = createMarketStream({
    ...options,
    ...(hasToken && { token: () => 'a-ticket' }),
    onError: ({ message, cause }) => said.push(`${message} ${cause?.message ?? ''}`),
  });
  stream.connect();
  for (let tries = 0; tries < 20 && stream.state !== 'open'; tries++) await wait(50);
  const isOpen = stream.state === 'open';
  const recording = await stream.record().catch(String);
  // What is told once is told no second time.
  stream.reconnect();
  await wait(100);
  stream.dispose();
  return { said, isOpen, recording };
};

const settled = async (ticket, isDone) => {
  for (let tries = 0; tries < 100 && !isDone(); tries++) await wait(50);
  await ticket.updateComplete;
};

/** What the button of a ticket on paper says, before and after a press, and whether anything came of it. */
globalThis.pressPaper = async (src) => {
  const submitted = [];
  document.addEventListener('order-submit', (event) => submitted.push(event));
  const ticket = document.createElement('order-panel');
  Object.assign(ticket, { src, symbol: 'SCOM', account: 'A-1', paper: '', confirm: 'never' });
  document.body.append(ticket);
  const button = () => ticket.shadowRoot.querySelector('[part="submit"]');
  await settled(ticket, () => button()?.textContent.includes('Paper'));
  const before = button().textContent.trim();
  for (const [id, value] of [
    ['limitPrice', '17.00'],
    ['quantity', '100'],
  ]) {
    const input = ticket.shadowRoot.querySelector(`#${id}`);
    input.value = value;
    input.dispatchEvent(new Event('input'));
  }
  await ticket.updateComplete;
  button().click();
  await ticket.updateComplete;
  const { orders } = ticket;
  return [
    before,
    button().textContent.trim(),
    button().getAttribute('aria-disabled'),
    orders.length + submitted.length,
  ];
};

/** Which of these functions a file exports. */
globalThis.functionsOf = async (file, names) => {
  const found = await import(`/dist/cdn/${file}`);
  return names.filter((name) => typeof found[name] === 'function');
};

/** What a ticket says is available by a paper gateway that a page has made. */
globalThis.ownPaper = async (file) => {
  const { createMarketStream, createPaperGateway, formatDecimal, parseDecimal } = await import(`/dist/cdn/${file}`);
  const stream = createMarketStream({ src: 'demo:' });
  const ticket = document.createElement('order-panel');
  const gateway = createPaperGateway({ stream, balances: { cash: { KES: '5000' } } });
  Object.assign(ticket, { stream, gateway, symbol: 'SCOM', account: 'A-1' });
  document.body.append(ticket);
  const available = () => ticket.shadowRoot?.querySelector('.available')?.textContent ?? '';
  await settled(ticket, () => /\d/.test(available()));
  return [available(), formatDecimal(parseDecimal('17.50'))];
};
