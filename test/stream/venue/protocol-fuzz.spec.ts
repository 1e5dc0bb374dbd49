/** Every venue's protocol against frames that no venue should send. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compare, parseDecimal, ZERO } from '../../../src/book/decimal.js';
import type { VenueProtocol, VenueSession } from '../../../src/stream/venue/venue-protocol.js';
import { loadVenue, VENUE_NAMES } from '../../../src/stream/venue/venues.js';
import {
  anything,
  damaged,
  DAMAGES,
  namedTwice,
  pathsOf,
  strangeTexts,
  type Damage,
  type Path,
} from '../../support/frame-damage.js';
import { VenueLog } from '../../support/venue-log.js';
import { FINAL } from '../../support/venue-frames.js';
import { SCRIPTS, type Script } from '../../support/venue-scripts.js';

const venues = new Map(await Promise.all(VENUE_NAMES.map(async (name) => [name, await loadVenue(name)] as const)));

/** A script that is played frame by frame. */
class Player {
  readonly log = new VenueLog();
  readonly session: VenueSession;
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
    this.session = venues.get(script.venue)!.start(this.log, { url: script.address });
  }

  /** Plays the script's own frames from one place up to another. */
  play(from = 0, to = this.#script.frames.length): void {
    for (const { frame, url } of this.#script.frames.slice(from, to)) this.session.read(JSON.stringify(frame), url);
  }

  /** Reads one text, sees to it that no book has come to harm, and returns what was told. */
  read(text: string, url?: string): string[] {
    this.log.take();
    const before = new Map([...this.log.books].map(([symbol, { book }]) => [symbol, book?.version]));
    const levels = new Map([...this.log.books.keys()].map((symbol) => [symbol, this.#levels(symbol)]));
    this.session.read(text, url);
    const calls = this.log.take();
    for (const [symbol, own] of this.log.books) {
      const isWritten = calls.some((call) => WRITTEN.some((change) => call.endsWith(` ${symbol} ${change}`)));
      if (!isWritten && own.book !== undefined) {
        assert.equal(own.book.version, before.get(symbol), `${symbol} has changed unsaid`);
        assert.equal(this.#levels(symbol), levels.get(symbol), `${symbol} has changed unsaid`);
      }
      if (own.suspicion === undefined) this.#requireSound(symbol);
    }
    return calls;
  }

  get suspicion(): string | undefined {
    return this.log.book(this.#script.symbol).suspicion;
  }

  #levels(symbol: string): string {
    return [...this.log.levels(symbol, 'bid'), '|', ...this.log.levels(symbol, 'ask')].join(' ');
  }

  /** Every level of a book that is trusted is a positive decimal, and its sides do not meet. */
  #requireSound(symbol: string): void {
    const { book } = this.log.book(symbol);
    assert.ok(!book!.isCrossed && !book!.isLocked, `${symbol} is crossed and trusted`);
    for (const side of ['bid', 'ask'] as const) {
      for (const level of this.log.levels(symbol, side)) {
        for (const text of level.split(' ')) {
          const value = parseDecimal(text);
          assert.ok(value !== undefined && compare(value, ZERO) > 0, `${symbol} has a level ${level}`);
        }
      }
    }
  }
}

const WRITTEN = ['applied', 'crossed', 'bad_checksum'];

/** The script with one of its frames in another text. */
interface Case {
  readonly script: Script;
  readonly index: number;
  readonly text: string;
  /** Where a place was damaged: whether it says something of a book. */
  readonly isBody?: boolean;
}

function check({ script, index, text, isBody = false }: Case): void {
  const player = new Player(script);
  const { frames, symbol } = script;
  player.play(0, index);
  const wasTrusted = player.suspicion === undefined;
  const calls = player.read(text, frames[index]!.url);
  if (isBody) assert.ok(calls.length > 0, 'nothing was told of a book message that makes no sense');
  const isApplied = calls.some((call) => call.endsWith(` ${symbol} applied`));
  // An update that did not come: where updates are numbered the next one shows it.
  const isLost = wasTrusted && !isApplied && player.suspicion === undefined;
  for (const [i, { frame, url }] of frames.slice(index + 1).entries()) {
    player.read(JSON.stringify(frame), url);
    if (i > 0 || !isLost || script.proof !== 'sequence') continue;
    // Where all share one numbering, what was taken for another symbol's, or for none, shows nowhere.
    const isTaken = calls.length === 0 || calls.some((call) => !call.includes(symbol) && !call.startsWith('refused'));
    if (script.isNumberedAsOne === true && isTaken) continue;
    assert.notEqual(player.suspicion, undefined, 'an update was lost, and the next one did not show it');
  }
}

const saying = (one: Case, error: unknown): Error =>
  new Error(`${one.script.name}, frame ${one.index}: ${one.text.slice(0, 600)}`, { cause: error });

function checkAll(cases: Iterable<Case>): void {
  for (const one of cases) {
    try {
      check(one);
    } catch (error) {
      throw saying(one, error);
    }
  }
}

const isOfBody = (script: Script, path: Path): boolean => path.some((step) => script.body.includes(step));

/** Symbols that nobody trades. */
const ODD_SYMBOLS = [
  '',
  ' ',
  '💥',
  '\uD83D',
  '__proto__',
  'constructor',
  'A'.repeat(200),
  '"},{"',
  '../..?x=1&y#z',
  '\0',
];
const ODD_NUMBERS = ['', 'NaN', 'Infinity', '-1', '0', '-0', '1,5', '1e400', '9'.repeat(40)];
/** Words that are no JSON, and that the venues that have them answer. */
const PLAIN_WORDS = new Set(['ping']);

describe('protocols and strange frames', () => {
  for (const script of SCRIPTS) {
    it(`VB5 ${script.name}: its script is sound: it gives the book, proved as it should be`, () => {
      const player = new Player(script);
      player.play();
      const { book, suspicion, verified } = player.log.book(script.symbol);
      assert.equal(suspicion, undefined);
      assert.equal(verified.by, script.proof);
      const short = (text: string): string => text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
      const sides = (['bid', 'ask'] as const).map((side) =>
        Array.from({ length: book![`${side}s`].length }, (_, i) => book!.textAt(side, i)!.map(short).join(' ')),
      );
      assert.deepEqual(sides, [FINAL.bids, FINAL.asks]);
    });

    it(`VB6 ${script.name}: a frame with one place damaged is refused and told, or read, and never believed by half`, () => {
      const places = script.frames.flatMap(({ frame }, index) => pathsOf(frame).map((path) => ({ index, path })));
      const caseOf = ({ index, path }: (typeof places)[number], damage: Damage): Case => {
        const { frame } = script.frames[index]!;
        const text = damaged(frame, path, damage);
        // What the damage has left as it was is no damage.
        const isDamaged = text !== JSON.stringify(frame);
        return { script, index, text, isBody: isDamaged && index >= (script.opening ?? 0) && isOfBody(script, path) };
      };
      checkAll(places.flatMap((place) => DAMAGES.map((damage) => caseOf(place, damage))));
      fc.assert(
        fc.property(fc.constantFrom(...places), anything, (place, damage) => {
          const one = caseOf(place, damage);
          try {
            check(one);
          } catch (error) {
            throw saying(one, error);
          }
        }),
        { numRuns: 200 },
      );
    });

    it(`VB7 ${script.name}: text that is no frame is refused, whatever its size and depth`, () => {
      const last = script.frames.length - 1;
      const { frame } = script.frames[last]!;
      checkAll(strangeTexts(frame).map((text) => ({ script, index: last, text })));
      for (const [index, { frame: own, url }] of script.frames.entries()) {
        const text = JSON.stringify(own);
        checkAll(namedTwice(own).map((named) => ({ script, index, text: named })));
        for (let end = 1; end < text.length; end += 1 + Math.floor(text.length / 40)) {
          const player = new Player(script);
          player.play(0, index);
          const calls = player.read(text.slice(0, end), url);
          assert.match(calls.join(), /^refused (?:any|none)$/, `${script.name}: ${text.slice(0, end)}`);
        }
      }
    });

    it(`VB8 ${script.name}: frames that come twice, late, too early or not at all never make a trusted book wrong`, () => {
      const order = fc.array(fc.nat(script.frames.length - 1), { maxLength: 2 * script.frames.length });
      fc.assert(
        fc.property(order, (indexes) => {
          const player = new Player(script);
          for (const index of indexes) {
            const { frame, url } = script.frames[index]!;
            player.read(JSON.stringify(frame), url);
          }
        }),
        { numRuns: 200 },
      );
    });

    it(`VB9 ${script.name}: other symbols, however they are called, do no harm to this one`, () => {
      for (const other of ODD_SYMBOLS) {
        const player = new Player(script);
        player.play(0, script.frames.length - 1);
        const before = player.log.levels(script.symbol, 'bid').join();
        for (const { frame, url } of script.frames) {
          const renamed = JSON.stringify(frame, (_name, value: unknown) => (value === script.symbol ? other : value));
          const text = renamed.replaceAll(`.${script.symbol}"`, `.${JSON.stringify(other).slice(1)}`);
          if (text === JSON.stringify(frame)) continue;
          player.read(
            text,
            url?.replace(`=${script.symbol}`, `=${new URLSearchParams([['', other]]).toString().slice(1)}`),
          );
        }
        if (script.isNumberedAsOne === true || script.name.startsWith('bitfinex')) continue;
        assert.equal(player.log.levels(script.symbol, 'bid').join(), before);
      }
    });

    it(`VB10 ${script.name}: what still comes after the end of a subscription belongs to no book`, () => {
      const player = new Player(script);
      player.session.subscribe([script.symbol], { depth: 10, trades: true });
      player.play(0, script.frames.length - 2);
      assert.equal(player.suspicion, undefined, script.name);
      player.session.unsubscribe([script.symbol]);
      for (const { frame, url } of script.frames.slice(-2)) {
        const calls = player.read(JSON.stringify(frame), url);
        assert.deepEqual(calls, [`skipped ${script.symbol} awaiting_snapshot`]);
      }
    });
  }

  it('VB11 a checksum that is wrong voids the book, and so does none where every update should have one', () => {
    const places: Readonly<Record<string, RegExp>> = {
      kraken: /(?<="checksum":)-?\d+/,
      'kraken-v1': /(?<="c":")\d+/,
      'okx, by checksum': /(?<="checksum":)-?\d+/,
      bitget: /(?<="checksum":)-?\d+/,
      'bitfinex, by checksum': /(?<="cs",)-?\d+/,
      ftx: /(?<="checksum":)-?\d+/,
    };
    for (const script of SCRIPTS.filter(({ proof }) => proof === 'checksum')) {
      const text = JSON.stringify(script.frames.at(-1)!.frame);
      const place = places[script.name]!;
      assert.match(text, place);
      for (const wrong of ['1', '-1', '4294967296', '1e3', '0']) {
        const player = new Player(script);
        player.play(0, script.frames.length - 1);
        player.read(text.replace(place, wrong));
        // OKX and Bitget write 0 where they give none.
        const means = wrong === '0' && /okx|bitget/.test(script.name) ? 'bad_message' : 'bad_checksum';
        assert.equal(player.suspicion, means, `${script.name}: ${wrong}`);
      }
    }
  });

  it('VB12 whatever a symbol is called, what is asked for is JSON or a word that the venue knows', () => {
    const sessions = [...venues.values()].flatMap((protocol) =>
      addressesOf(protocol).map((url) => [protocol, url] as const),
    );
    for (const [protocol, url] of sessions) {
      const session = protocol.start(new VenueLog(), { url });
      const frames = [...(session.greeting?.() ?? []), ...(session.ping === undefined ? [] : [session.ping()])];
      for (const symbol of ODD_SYMBOLS) {
        for (const wish of [
          { depth: 10, trades: true },
          { depth: 0, trades: true },
          { depth: 1_000_000, trades: false },
          { depth: 0, trades: false },
        ]) {
          frames.push(...session.resync(symbol), ...session.unsubscribe([symbol]));
          frames.push(...session.subscribe([symbol, 'A-B'], wish), ...session.resync(symbol));
          frames.push(...session.unsubscribe([symbol, symbol, 'A-B']));
        }
        const request = session.snapshotUrl?.(symbol);
        if (request !== undefined) assert.equal(new URL(request).protocol, 'https:', request);
      }
      for (const frame of frames) {
        if (!PLAIN_WORDS.has(frame)) assert.doesNotThrow(() => JSON.parse(frame), `${protocol.name}: ${frame}`);
      }
      assert.deepEqual([...session.subscribe([], { depth: 10, trades: true }), ...session.unsubscribe([])], []);
    }
  });

  it('VB13 a list of symbols that is no list gives none, or an error that is one of JSON', () => {
    for (const { name, listing } of venues.values()) {
      for (const text of [
        '',
        '[]',
        '{}',
        'null',
        '5',
        '[[]]',
        '{"data":5}',
        '{"result":{"list":{}}}',
        '{"symbols":[null]}',
      ]) {
        try {
          assert.deepEqual(listing?.read(text) ?? [], [], `${name}: ${text}`);
        } catch (error) {
          assert.ok(error instanceof SyntaxError, `${name}: ${text}: ${String(error)}`);
        }
      }
    }
  });

  it('VB14 where all messages of a connection share one numbering, one whose content is lost voids every book', () => {
    const script = SCRIPTS.find(({ name }) => name === 'coinbase')!;
    for (const events of [
      undefined,
      null,
      'x',
      {},
      [{}],
      [null],
      [{ type: 'update', product_id: null, updates: [] }],
    ]) {
      const player = new Player(script);
      player.play(0, 3);
      const { frame } = script.frames[3]!;
      player.read(JSON.stringify({ ...(frame as object), events }));
      assert.equal(player.suspicion, 'bad_message', JSON.stringify(events));
    }
  });

  it('VB15 a trade whose price or size is no positive decimal is refused, and harms no book', () => {
    const trade = (price: string, size: string): [name: string, frame: unknown][] => [
      ['binance-spot', { e: 'trade', E: 5, s: 'AB', t: 7, p: price, q: size, T: 5, m: true, M: true }],
      ['binance-spot', { q: size, e: 'trade', E: 5, s: 'AB', t: 7, p: price, T: 5, m: true }],
      ['binance-usdm', { e: 'aggTrade', E: 5, a: 7, s: 'AB', p: price, q: size, f: 1, l: 1, T: 5, m: true }],
      ['coinbase', { type: 'match', product_id: 'A-B', trade_id: 7, price, size, side: 'buy', time: '' }],
      ['kraken-v1', [336, [[price, size, '5.0', 'b', 'l', '']], 'trade', 'A/B']],
      ['okx', { arg: { channel: 'trades', instId: 'A-B' }, data: [{ px: price, sz: size, side: 'buy', ts: '5' }] }],
      ['bybit', { topic: 'publicTrade.AB', data: [{ s: 'AB', i: '7', p: price, v: size, S: 'Buy', T: 5 }] }],
    ];
    for (const [price, size] of ODD_NUMBERS.flatMap((odd) => [['1', odd] as const, [odd, '1'] as const])) {
      for (const [name, frame] of trade(price, size)) {
        const player = new Player(SCRIPTS.find((script) => script.name === name)!);
        player.play();
        assert.deepEqual(player.read(JSON.stringify(frame)), ['refused none'], `${name}: ${JSON.stringify(frame)}`);
        assert.equal(player.suspicion, undefined);
        assert.deepEqual(player.log.trades, []);
      }
    }
    for (const [name, frame] of trade('1', '2')) {
      const player = new Player(SCRIPTS.find((script) => script.name === name)!);
      player.read(JSON.stringify(frame));
      assert.equal(player.log.trades.length, 1, name);
    }
  });
});

/** The addresses of a venue that make it speak in another way. */
function addressesOf({ name, url }: VenueProtocol): string[] {
  if (name === 'coinbase') return [url, 'wss://ws-feed.exchange.coinbase.com'];
  if (name === 'bitget') return [url, 'wss://ws.bitget.com/spot/v1/stream', `${url}?instType=USDT-FUTURES`];
  if (name === 'gateio-futures')
    return [url, 'wss://fx-ws.gateio.ws/v4/ws/btc', 'wss://fx-ws.gateio.ws/v4/ws/delivery/usdt'];
  return [url];
}
