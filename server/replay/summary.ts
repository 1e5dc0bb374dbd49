/** What a replay found, for people. */
import { basename } from 'node:path';
import type { Played } from './play.js';
import { stateOf, symbolsOf, verifiedText } from './report.js';
import type { SymbolTally } from './tally.js';

const HEADINGS = ['symbol', 'updates', 'applied', 'verified by', 'gaps', 'checksums', 'levels', 'state'] as const;
/** Columns that hold text; the others hold numbers, and end in line. */
const TEXT_COLUMNS: ReadonlySet<string> = new Set<(typeof HEADINGS)[number]>(['symbol', 'verified by', 'state']);

export function summaryOf(played: Played): string {
  const { protocol, files, tally, findings, overallMs, playingMs } = played;
  const { frames } = tally;
  const lines = [
    `${protocol.name}: ${files.map(({ path }) => basename(path)).join(', ')}`,
    `${count(frames)} frames in ${seconds(overallMs)} (${rate(frames, overallMs)}); ` +
      `protocol and books alone ${seconds(playingMs)} (${rate(frames, playingMs)})`,
    '',
    ...table([HEADINGS, ...symbolsOf(tally.symbols).map(rowOf)]),
    '',
    ...(findings.length === 0
      ? ['No findings.']
      : [`Findings: ${findings.length}`, ...findings.map((each) => `  ${each}`)]),
  ];
  return lines.map(visible).join('\n');
}

/** Text of a recording may hold anything; a terminal would obey it. */
const visible = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (char) => {
    const code = char.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${code}`;
  });

function rowOf(tally: SymbolTally): string[] {
  const { counts, state } = tally;
  const { checksumOk, checksumBad } = counts;
  const hasChecksums = checksumOk + checksumBad > 0;
  return [
    state.symbol,
    count(counts.deltas),
    count(counts.deltasApplied),
    verifiedText(state.verified),
    count(counts.gaps),
    !hasChecksums ? '-' : checksumBad === 0 ? count(checksumOk) : `${count(checksumOk)}, ${count(checksumBad)} bad`,
    state.book === undefined ? '-' : `${count(state.book.bids.length)} x ${count(state.book.asks.length)}`,
    stateOf(tally),
  ];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column]!;
        return TEXT_COLUMNS.has(HEADINGS[column]!) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

const count = (number: number): string => number.toLocaleString('en');
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
const rate = (frames: number, ms: number): string =>
  `${count(Math.round((frames / Math.max(ms, 0.001)) * 1_000))} a second`;
