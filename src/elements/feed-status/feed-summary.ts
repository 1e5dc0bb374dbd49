import type { MarketStream, StreamStatus } from '../../stream/market-stream.js';
import { isTradable, type Verdict, type VerdictState } from '../../stream/verdict.js';
import { retryText, stateWord, verificationText } from '../internal/verdict-words.js';
import { REASON_WORDS, STATE_WORDS } from '../internal/words.js';

export interface FeedSummary {
  readonly state: VerdictState;
  readonly word: string;
  readonly why: string;
  /** The class that gives mark and colour. */
  readonly tone: 'live' | 'quiet' | 'doubt' | 'wait';
  readonly canReconnect: boolean;
  /** Age of the data, in milliseconds, or undefined before the first. */
  readonly ageMs: number | undefined;
}

const UNKNOWN = { state: 'stale', tone: 'wait', canReconnect: false, ageMs: undefined } as const;

/**
 * What is to be said of a feed, of one symbol where one is named, else of the connection and the newest data of any symbol.
 * Of a feed that was given back, because nobody saw the element, nothing is known.
 */
export function summarise(stream: MarketStream | undefined, symbol: string, isAsleep: boolean): FeedSummary {
  if (isAsleep) return { ...UNKNOWN, word: STATE_WORDS.stale, why: REASON_WORDS.out_of_sight };
  if (stream === undefined) {
    return { state: 'disconnected', word: 'No feed', why: '', tone: 'wait', canReconnect: false, ageMs: undefined };
  }
  const now = stream.now();
  const { status } = stream;
  const canReconnect = status.state === 'offline' || status.state === 'reconnecting' || status.state === 'closed';
  const verdict = symbol === '' ? connectionVerdict(stream) : stream.verdict(symbol);
  const ageMs = verdict.dataAt > 0 ? Math.max(0, now - verdict.dataAt) : undefined;
  // A symbol may be served on another connection than the first.
  const isElsewhere = symbol !== '' && status.openConnections > 0 && verdict.state !== 'disconnected';
  if (status.state !== 'open' && !isElsewhere) {
    const word = status.state === 'connecting' && status.attempt <= 1 ? 'Connecting' : STATE_WORDS.disconnected;
    const why = retryText(status, now) || REASON_WORDS.idle;
    return {
      state: 'disconnected',
      word,
      why: word === why ? '' : why,
      tone: ageMs === undefined && !canReconnect ? 'wait' : 'doubt',
      canReconnect,
      ageMs,
    };
  }
  // Nothing is wrong with it: what shows it is asleep, or not on this page.
  if (verdict.reason === 'not_subscribed') {
    return { ...UNKNOWN, word: STATE_WORDS.stale, why: `nothing in sight shows ${symbol}` };
  }
  const why = isTradable(verdict) && symbol !== '' ? verificationText(verdict) : REASON_WORDS[verdict.reason];
  const { connections, openConnections } = status;
  const isPart = symbol === '' && openConnections < connections;
  const proof = isPart
    ? `${openConnections} of ${connections} connections`
    : why === ''
      ? dialectText(status.dialect)
      : why;
  const tone = isPart ? 'doubt' : verdict.state === 'live' ? 'live' : verdict.state === 'quiet' ? 'quiet' : 'doubt';
  return {
    state: verdict.state,
    word: stateWord(verdict),
    why: stream.throttled ? `slowed for this page, ${proof}` : proof,
    tone,
    canReconnect,
    ageMs,
  };
}

/** What a feed that is well proves of its books, where no symbol is named. A venue proves each book by itself, or does not. */
function dialectText(dialect: StreamStatus['dialect']): string {
  if (dialect === 'venue') return 'each book says how it is verified';
  return dialect === 'guide' ? 'unverifiable: this feed numbers nothing' : 'verified by sequence';
}

/**
 * An open connection by itself: as good as its best symbol. A single stale book is for its own element to tell; where
 * nothing can be believed, an open socket is no comfort.
 */
function connectionVerdict(stream: MarketStream): Verdict {
  const verdicts = [...stream.marketData, ...stream.orderBooks].map(({ symbol }) => stream.verdict(symbol));
  const dataAt = Math.max(0, ...verdicts.map((verdict) => verdict.dataAt));
  const doubt = verdicts.some(isTradable) ? undefined : verdicts.find(({ state }) => /stale|delayed/.test(state));
  if (doubt) return { ...doubt, dataAt };
  const isSilent = dataAt > 0 && stream.now() - dataAt > 5000;
  return {
    state: isSilent ? 'quiet' : 'live',
    reason: isSilent ? 'no_news' : 'ok',
    verified: { by: 'nothing' },
    since: stream.status.since,
    dataAt,
  };
}
