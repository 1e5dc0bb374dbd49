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
