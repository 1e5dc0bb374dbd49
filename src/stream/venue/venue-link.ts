/**
 * One socket to a venue. It says what the stream wants in the venue's words, at the venue's pace, and hands on what comes
 * back: books to their keepers, the rest as messages of our own protocol.
 */
import type { BookChange } from '../../book/book.js';
import type { LevelBuffer } from '../../book/level-buffer.js';
import type { AnyLink } from '../any-link.js';
import { closeAdvice, RECORDING_ENDED, type CloseAdvice } from '../close-codes.js';
import { Heartbeat } from '../heartbeat.js';
import { type LinkEvents, type LinkOptions, type Outgoing, STABLE_MS } from '../link.js';
import { type Fate, FATES } from '../metrics.js';
import { ANY_BOOK } from '../protocol/guards-server.js';
import type { Subscribe, Unsubscribe, Welcome } from '../protocol/messages.js';
import { ABNORMAL_CLOSURE, type Transport } from '../transport/transport.js';
import { FramePace } from './frame-pace.js';
import { RecordedSessions } from './recorded-sessions.js';
import { SnapshotDesk } from './snapshot-desk.js';
import { TradeTeller } from './trade-teller.js';
import type { VenueFeed } from './venue-feed.js';
import type { VenueKeeper } from './venue-keeper.js';
import type {
  BookScales,
  DeltaFacts,
  GapReason,
  Sides,
  SnapshotFacts,
  VenueSession,
  VenueSink,
  VenueTrade,
} from './venue-protocol.js';
import { venueWelcome } from './venue-welcome.js';
import { VenueWishes } from './venue-wishes.js';

/** How long a venue without pings may be silent: those that have none send a sign of life by themselves. */
const LONGEST_SILENCE_MS = 15_000;

export class VenueLink implements AnyLink, VenueSink {
  readonly #feed: VenueFeed;
  readonly #options: LinkOptions;
  readonly #events: LinkEvents;
  readonly #session: VenueSession;
  readonly #recorded: RecordedSessions;
  readonly #pace: FramePace;
  readonly #wishes: VenueWishes;
  readonly #trades: TradeTeller;
  readonly #desk: SnapshotDesk | undefined;
  /** Symbols whose book the present frame was about, and whether it is another now. */
  readonly #touched = new Map<string, boolean>();
  readonly #heartbeat: Heartbeat;
  #transport: Transport | undefined;
  #phase: 'opening' | 'open' | 'ended' = 'opening';
  #eventTime = 0;
  /** What became of the present frame so far, and the symbol that it is about. */
  #fate: Fate = 'control';
  #symbol = '';
  /** Whether a book of anything was in what came. */
  #hasSeenBook = false;
  #cancelHeartbeat: (() => void) | undefined;
  #cancelStable: (() => void) | undefined;
  dialect: 'venue' | undefined;

  constructor(feed: VenueFeed, options: LinkOptions, events: LinkEvents) {
    const { clock, settings, src } = options;
    const { protocol } = feed.source;
    this.#feed = feed;
    this.#options = options;
    this.#events = events;
    this.#recorded = new RecordedSessions(() => protocol.start(this, { url: src || protocol.url }));
    this.#session = this.#recorded.first;
    const leastMs = this.#session.ping === undefined ? LONGEST_SILENCE_MS / 2 : 1_000;
    this.#heartbeat = new Heartbeat(Math.max(leastMs, settings.heartbeat), clock.now());
    this.#pace = new FramePace(
      clock,
      protocol.limits.messagesPerSecond,
      (text) => this.#transport?.send(text) ?? false,
    );
    this.#wishes = this.#makeWishes();
    this.#trades = new TradeTeller(feed.source.nextEpoch(), (message) => this.#emit(message));
    this.#desk = this.#makeDesk();
  }

  get welcome(): Welcome | undefined {
    return this.#phase === 'open' ? venueWelcome(this.#feed.source.protocol) : undefined;
  }

  get lifeMs(): number {
    return this.#feed.source.protocol.limits.lifeMs ?? Infinity;
  }

  open(): void {
    const { src } = this.#options;
    const { protocol, ask } = this.#feed.source;
    const address = src || protocol.url;
    if (protocol.address === undefined || !/^wss?:/.test(address)) return this.#connect(address);
    protocol.address(address, ask).then(
      (given) => this.#phase === 'opening' && this.#connect(given),
      (error: unknown) => this.#ended(ABNORMAL_CLOSURE, error instanceof Error ? error.message : String(error)),
    );
  }

  close(code?: number): void {
    this.#release();
    this.#transport?.close(code);
  }

  isLate(now: number): boolean {
    return this.#transport?.isRecorded !== true && this.#heartbeat.isLate(now);
  }

  probe(): void {
    const now = this.#options.clock.now();
    if (this.#phase !== 'open' || this.#transport?.isRecorded === true || !this.#heartbeat.probe(now)) return;
    this.#ping(now);
    this.#planJudgement(now);
  }

  /** The codes above 3999 are each venue's own. */
  closeAdvice(code: number): CloseAdvice | undefined {
    const isOurs = code < 4_000 || code === RECORDING_ENDED;
    return this.#feed.source.protocol.closeCodes?.[code] ?? (isOurs ? closeAdvice(code) : undefined);
  }

  keeperOf(symbol: string): VenueKeeper {
    return this.#feed.keeperOf(symbol);
  }

  send(message: Outgoing): boolean {
    if (this.#phase !== 'open') return false;
    switch (message['type']) {
      case 'subscribe':
        this.#pace.send(this.#wishes.subscribe(message as Subscribe));
        return true;
      case 'unsubscribe':
        this.#unsubscribe(message as Unsubscribe);
        return true;
      case 'order_book_resync':
        return this.#resync((message as { data: { symbol: string } }).data.symbol);
      default:
        return false;
    }
  }

  // What the session tells

  snapshot(symbol: string, sides: Sides, facts: SnapshotFacts): BookChange {
    this.#hasSeenBook = true;
    return this.#told(symbol, facts, (keeper) => {
      const change = keeper.snapshot(sides, facts);
      if (change === 'applied') keeper.renewed(this.#options.clock.now());
      return change;
    });
  }

  delta(symbol: string, sides: Sides, facts: DeltaFacts): BookChange {
    return this.#told(symbol, facts, (keeper) => keeper.delta(sides, facts));
  }

  scales(symbol: string): BookScales | undefined {
    return this.#feed.wantedKeeper(symbol)?.scales;
  }

  deltaUnits(symbol: string, bids: LevelBuffer, asks: LevelBuffer, facts: DeltaFacts): BookChange {
    return this.#told(symbol, facts, (keeper) => keeper.deltaUnits(bids, asks, facts));
  }

  gap(symbol: string, reason: GapReason): void {
    const keeper = this.#feed.wantedKeeper(symbol);
    if (keeper === undefined) return;
    keeper.gap(reason);
    keeper.fault(this.#options.clock.now());
    this.#touch(symbol, false);
  }

  skipped(symbol: string): void {
    if (this.#feed.wantedKeeper(symbol) === undefined) this.#noteFate('ignored');
    else this.#touch(symbol, false);
  }

  refused(_reason: string, mayHoldBook: boolean): void {
    this.#noteFate('refused');
    this.#events.onRefused('bad_message', mayHoldBook ? ANY_BOOK : undefined);
  }

  trade(trade: VenueTrade): void {
    const isWanted = this.#wishes.has(trade.symbol);
    this.#noteFate(isWanted ? 'applied' : 'ignored', trade.symbol);
    if (isWanted) this.#trades.tell(trade);
  }

  quote(): void {
    this.#noteFate('ignored');
  }

  acknowledged(symbols: readonly string[]): void {
    this.#wishes.settled(symbols);
  }

  rejected(symbol: string, code: string, message: string): void {
    this.#wishes.rejected(symbol, code);
    this.#desk?.forget(symbol);
    if (code === 'unknown_symbol') void this.#feed.source.tellUnknown(symbol);
    else
      this.#feed.source.tell(
        'server_error',
        `${this.#feed.source.protocol.name} refused "${symbol}": ${message} (${code})`,
      );
  }

  complained(code: string, message: string): void {
    this.#feed.source.tell('server_error', `${this.#feed.source.protocol.name} says: ${message} (${code})`);
  }

  reply(text: string): void {
    this.#pace.send([text]);
  }

  leaving(reason: string): void {
    // A recording goes on, whatever became of its connection.
    if (this.#transport?.isRecorded === true) return;
    this.#emit({ type: 'going_away', data: { reason, reconnectAfterMs: [0, 1_000] } });
  }

  // The socket

  #connect(address: string): void {
    const { clock, transport } = this.#options;
    try {
      this.#transport = transport(
        address,
        {
          onOpen: () => this.#phase === 'opening' && this.#opened(),
          onMessage: (text, url, from) => this.#phase !== 'ended' && this.#read(text, url, this.#heard(), from),
          onRefused: (reason) => {
            if (this.#phase === 'ended') return;
            this.#options.meter.count('refused', this.#heard());
            this.#events.onRefused(reason, ANY_BOOK);
          },
          onClose: (code, reason) => this.#ended(code, reason),
          onUnusable: (error) => this.#unusable(error),
          onEnded: (from) => this.#recordedEnd(from),
        },
        clock,
      );
      this.#transport.open();
    } catch (error) {
      this.#unusable(error);
    }
  }

  #opened(): void {
    this.#phase = 'open';
    this.#events.onOpen();
    this.#pace.send(this.#session.greeting?.() ?? []);
    this.#heard();
    if (this.#transport?.isRecorded !== true) this.#judge();
    this.dialect = 'venue';
    this.#events.onReady('venue');
  }

  #read(text: string, url: string | undefined, now: number, from?: number): void {
    const { meter } = this.#options;
    meter.waterfall.frameReceived();
    this.#eventTime = 0;
    this.#fate = 'control';
    this.#recorded.sessionOf(from).read(text, url);
    this.#recorded.served(this.#touched.keys(), from);
    meter.count(this.#fate, now, this.#symbol);
    for (const [symbol, isChanged] of this.#touched) this.#events.onBook(symbol, isChanged, this.#eventTime, now);
    this.#touched.clear();
    meter.waterfall.frameRead();
  }

  /** One of the recorded connections is no more: nothing keeps its books up. */
  #recordedEnd(from: number): void {
    const now = this.#options.clock.now();
    for (const symbol of this.#recorded.end(from)) {
      this.#feed.wantedKeeper(symbol)?.begunAnew(now);
      this.#events.onBook(symbol, false, 0, now);
    }
  }

  #told(symbol: string, { eventTime }: DeltaFacts, apply: (keeper: VenueKeeper) => BookChange): BookChange {
    const keeper = this.#feed.wantedKeeper(symbol);
    // Nobody wants it any more: the session goes on as if it had been applied.
    if (keeper === undefined) {
      this.#noteFate('ignored');
      return 'applied';
    }
    this.#wishes.settled([symbol]);
    const change = apply(keeper);
    if (change !== 'applied' && keeper.suspicion !== undefined) keeper.fault(this.#options.clock.now());
    this.#eventTime = Math.max(this.#eventTime, eventTime);
    const isChanged = change !== 'bad_level' && change !== 'gap';
    if (isChanged && change !== 'duplicate') this.#noteFate('applied', symbol);
    this.#touch(symbol, isChanged);
    return change;
  }

  /** A frame is one message: what became of it is the most that became of anything in it. */
  #noteFate(fate: Fate, symbol = ''): void {
    if (FATES.indexOf(fate) < FATES.indexOf(this.#fate)) return;
    this.#fate = fate;
    this.#symbol = symbol;
  }

  #touch(symbol: string, isChanged: boolean): void {
    this.#noteFate('unchanged');
    this.#touched.set(symbol, isChanged || this.#touched.get(symbol) === true);
  }

  #unsubscribe({ symbols, channels }: Unsubscribe): void {
    // Trades cost little, and come with the ticker: only the whole symbol is given up.
    if (channels !== undefined) {
      if (channels.includes('book')) this.#wishes.withoutBook(symbols);
      return;
    }
    this.#pace.send(this.#wishes.unsubscribe(symbols));
    for (const symbol of symbols) {
      this.#desk?.forget(symbol);
      this.#trades.forget(symbol);
      this.#feed.forget(symbol);
    }
  }

  #resync(symbol: string): boolean {
    // A recording has no answers but its own, and its books go on from what they are.
    if (!this.#wishes.has(symbol) || this.#transport?.isRecorded === true) return false;
    // What waits may be this very subscription: a snapshot from before it would miss the updates in between.
    if (this.#pace.isBusy) return false;
    this.#desk?.want(symbol);
    this.#pace.send(this.#session.resync(symbol));
    return true;
  }

  #makeWishes(): VenueWishes {
    const isUnsaid = (): boolean => this.#pace.isBusy || this.#transport?.isRecorded === true;
    return new VenueWishes(this.#session, this.#feed.source.protocol.limits.symbols, {
      get isUnsaid() {
        return isUnsaid();
      },
      begunAnew: (symbols) => {
        for (const symbol of symbols) {
          this.#desk?.forget(symbol);
          this.#feed.wantedKeeper(symbol)?.begunAnew(this.#options.clock.now());
        }
      },
      emit: (message) => this.#emit(message),
    });
  }

  #makeDesk(): SnapshotDesk | undefined {
    const session = this.#session;
    const { snapshotsPerMinute: perMinute } = this.#feed.source.protocol.limits;
    if (session.snapshotUrl === undefined || perMinute === undefined) return undefined;
    return new SnapshotDesk({
      clock: this.#options.clock,
      ask: this.#feed.source.ask,
      pace: this.#feed.source.snapshotPace,
      perMinute,
      urlOf: (symbol) => session.snapshotUrl?.(symbol) ?? '',
      // Not a sign of life: the socket may be dead all the same.
      onAnswer: (text, url) => {
        if (this.#phase !== 'open') return;
        this.#transport?.overheard?.(text, url);
        this.#read(text, url, this.#options.clock.now());
      },
      onFailure: (symbol, why) =>
        this.#feed.source.tell(
          'server_error',
          `No snapshot of ${symbol} from ${this.#feed.source.protocol.name}: ${why}`,
        ),
    });
  }

  #emit(message: Parameters<LinkEvents['onMessage']>[0]): void {
    if (this.#phase === 'open') this.#events.onMessage(message, this.#options.clock.now());
  }

  #heard(): number {
    const { clock, meter } = this.#options;
    const now = clock.now();
    this.#heartbeat.heard(now);
    this.#cancelStable ??= clock.setTimer(() => this.#events.onProven(), STABLE_MS);
    meter.counts.frameCount += 1;
    return now;
  }

  #judge(): void {
    const now = this.#options.clock.now();
    const verdict = this.#heartbeat.judge(now);
    if (verdict === 'dead') {
      this.#transport?.close();
      this.#ended(ABNORMAL_CLOSURE, 'The venue went silent.');
      return;
    }
    if (verdict === 'ping') this.#ping(now);
    this.#planJudgement(now);
  }

  /** Where there is no ping, the next sign of life answers for it. */
  #ping(now: number): void {
    this.#heartbeat.pinged(now);
    const text = this.#session.ping?.();
    if (text !== undefined) this.#pace.send([text]);
  }

  #planJudgement(now: number): void {
    this.#cancelHeartbeat?.();
    this.#cancelHeartbeat = this.#options.clock.setTimer(() => this.#judge(), this.#heartbeat.nextJudgementMs(now));
  }

  #unusable(error: unknown): void {
    if (this.#phase === 'ended') return;
    this.#release();
    this.#events.onUnusable(error);
  }

  #ended(code: number, reason: string): void {
    if (this.#phase === 'ended') return;
    if (code === RECORDING_ENDED && !this.#hasSeenBook) {
      this.#feed.source.tell(
        'server_error',
        `The recording says nothing of a book of ${this.#feed.source.protocol.name}.`,
      );
    }
    this.#release();
    this.#events.onEnd(code, reason);
  }

  #release(): void {
    this.#phase = 'ended';
    this.#pace.stop();
    this.#desk?.close();
    this.#cancelHeartbeat?.();
    this.#cancelStable?.();
  }
}
