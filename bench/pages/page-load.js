// A page under load: six books are shown, every other symbol is subscribed by script. Reports what it went through.
const query = new URLSearchParams(location.search);
const collector = query.get('collector');
const report = { firstRowsMs: 0, longTasks: [], layoutShift: 0, errors: [], books: {}, metrics: null };

addEventListener('error', (event) => report.errors.push(event.message));
addEventListener('unhandledrejection', (event) => report.errors.push(String(event.reason)));
addEventListener('securitypolicyviolation', (event) => report.errors.push(event.violatedDirective));
new PerformanceObserver((list) => {
  for (const { duration, startTime } of list.getEntries()) report.longTasks.push([Math.round(startTime), duration]);
}).observe({ type: 'longtask', buffered: true });
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) report.layoutShift += value;
}).observe({ type: 'layout-shift', buffered: true });

const symbols = (await (await fetch('/symbols.json')).json()).map(({ symbol }) => symbol);
const shown = symbols.slice(0, 6);
document.getElementById('books').innerHTML = shown
  .map((symbol) => `<order-book symbol="${symbol}"></order-book>`)
  .join('');

const hasRows = (book) => (book.shadowRoot?.querySelector('.bids .col')?.textContent ?? '').includes('\n');
const look = () => {
  if ([...document.querySelectorAll('order-book')].every(hasRows)) report.firstRowsMs = Math.round(performance.now());
  else requestAnimationFrame(look);
};
look();

const { stream } = document.querySelector('market-stream');
stream.subscribe(symbols, () => {}, { depth: 1000 });

// The collector answers when the market stands still and all of it has been sent.
await fetch(`${collector}/stopped`);
const side = (view) => Array.from({ length: view.length }, (_, i) => [view.priceAt(i), view.sizeAt(i)]);
for (const symbol of symbols) {
  const book = stream.book(symbol);
  report.books[symbol] = book && {
    sequence: book.sequence,
    priceScale: book.priceScale,
    sizeScale: book.sizeScale,
    bids: side(book.bids),
    asks: side(book.asks),
    verdict: stream.verdict(symbol).state,
  };
}
report.metrics = stream.metrics();
await fetch(`${collector}/report`, { method: 'POST', body: JSON.stringify(report) });
