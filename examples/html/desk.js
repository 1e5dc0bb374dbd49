// The desk around the elements: a list of symbols with last prices, and one choice that book and ticket share.
const byId = (id) => document.getElementById(id);
const feed = byId('feed');
const list = byId('symbols');
const chosen = () => byId('book').symbol;

function choose(symbol) {
  for (const element of [byId('book'), byId('panel'), byId('status')]) element.symbol = symbol;
  for (const button of list.children) {
    const isChosen = button.dataset.symbol === symbol;
    button.setAttribute('aria-pressed', String(isChosen));
    if (isChosen) button.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
  history.replaceState(null, '', `#${encodeURIComponent(symbol)}`);
}

function addSymbol({ symbol, name }) {
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset.symbol = symbol;
  button.setAttribute('aria-pressed', 'false');
  button.innerHTML = '<b></b><span>—</span><small></small><small>—</small>';
  button.children[0].textContent = symbol;
  button.children[2].textContent = name ?? '';
  button.addEventListener('click', () => choose(symbol));
  list.append(button);
}

const price = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 8 });
const percent = new Intl.NumberFormat('en', {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
  signDisplay: 'always',
});

function showTicker(stream, symbol) {
  const ticker = stream.ticker(symbol);
  const button = [...list.children].find((child) => child.dataset.symbol === symbol);
  if (!ticker || !button) return;
  button.children[1].textContent = price.format(ticker.price);
  const change = Number(ticker.changePercent ?? 0);
  button.children[3].textContent = `${percent.format(change).replace('-', '−')} %`;
  button.children[3].className = change > 0 ? 'up' : change < 0 ? 'down' : '';
}

await Promise.all(
  ['market-stream', 'order-book', 'order-panel', 'feed-status'].map((tag) => customElements.whenDefined(tag)),
);
const response = await fetch('/symbols.json');
const symbols = await response.json();
symbols.forEach(addSymbol);
const wanted = decodeURIComponent(location.hash.slice(1));
const listed = new Set(symbols.map(({ symbol }) => symbol));
choose([wanted, chosen()].find((symbol) => listed.has(symbol)) ?? symbols[0]?.symbol ?? chosen());
const { stream } = feed;
stream.subscribe(
  symbols.map(({ symbol }) => symbol),
  (update) => showTicker(stream, update.symbol),
  { book: false, throttle: 250 },
);

byId('theme').addEventListener('change', (event) => {
  document.documentElement.style.colorScheme = event.target.value;
});
