// One book of 2 x 50 rows that changes 20 times a second, every row each time, drawn by the element or by cells.
const DEPTH = 50;
const place = document.getElementById('place');
let seed = 7;
const next = () => (seed = (seed * 16807) % 2147483647);
const side = (start, step) =>
  Array.from({ length: DEPTH }, (_, i) => [((start + step * i) / 100).toFixed(2), String(((next() % 90) + 10) * 100)]);

function makeElement() {
  const element = document.createElement('order-book');
  Object.assign(element, { symbol: 'SCOM', depth: DEPTH, layout: 'stacked', withoutFlash: true });
  place.append(element);
  const levels = (rows) => rows.map(([price, size]) => ({ price, size }));
  return (bids, asks) => Object.assign(element, { bids: levels(bids), asks: levels(asks) });
}

function makeCells() {
  const format = new Intl.NumberFormat('en');
  const rows = Array.from({ length: 2 * DEPTH }, () => {
    const row = document.createElement('div');
    row.className = 'row';
    row.innerHTML = '<i></i><span>-</span><span>-</span><span>-</span>';
    place.append(row);
    const [bar, ...cells] = row.children;
    return { bar, nodes: cells.map((cell) => cell.firstChild), seen: ['', '', ''], scale: -1 };
  });
  const write = (row, texts, scale) => {
    texts.forEach((text, i) => {
      if (row.seen[i] === text) return;
      row.seen[i] = text;
      row.nodes[i].data = text;
    });
    if (row.scale !== scale) row.bar.style.transform = `scaleX(${(row.scale = scale)})`;
  };
  const writeSide = (levels, rowOf) => {
    let total = 0;
    const totals = levels.map(([, size]) => (total += Number(size)));
    levels.forEach(([price, size], i) => {
      write(rowOf(i), [price, format.format(size), format.format(totals[i])], totals[i] / total);
    });
  };
  return (bids, asks) => {
    writeSide(asks, (i) => rows[DEPTH - 1 - i]);
    writeSide(bids, (i) => rows[DEPTH + i]);
  };
}

const makers = { element: makeElement, cells: makeCells, nothing: () => () => {} };
let timer;

/** Draws by `kind` from now on; the caller measures. */
globalThis.drawBy = (kind) => {
  clearInterval(timer);
  place.replaceChildren();
  const draw = makers[kind]();
  timer = setInterval(() => {
    const bids = side(1750, -5);
    const asks = side(1755, 5);
    requestAnimationFrame(() => draw(bids, asks));
  }, 50);
};
