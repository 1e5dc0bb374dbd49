import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Book } from '../../src/book/book.js';
import { checkServerMessage, parseClientMessage, parseServerMessage } from '../../src/stream/protocol/guards.js';
import type { BookDeltaMessage, BookSnapshotMessage, MarketDataBatch } from '../../src/stream/protocol/messages.js';
import { root } from '../../tools/run.mjs';
import { clientSamples, serverSamples } from '../support/wire-samples.js';

interface Example {
  /** The message that the section is about; undefined in a section about something else. */
  readonly about: string | undefined;
  readonly isFromClient: boolean;
  readonly text: string;
}

/** The examples of docs/PROTOCOL.md. A section about one message says first which way it goes. */
const examples: readonly Example[] = readFileSync(join(root, 'docs/PROTOCOL.md'), 'utf8')
  .split(/^(?=#)/m)
  .flatMap((section) =>
    [...section.matchAll(/^```json\n(.*?)^```/gms)].map(([, text = '']) => ({
      about: /^#+ `(\w+)`$/m.exec(section)?.[1],
      isFromClient: /^Client → server\./m.test(section),
      text,
    })),
  );
const typeOf = ({ text }: Example): string => (JSON.parse(text) as { type: string }).type;
const messageOf = <T>(type: string): T => {
  const example = examples.find(({ about }) => about === type);
  assert.ok(example, type);
  return JSON.parse(example.text) as T;
};

describe('docs/PROTOCOL.md', () => {
  it('PK21 has an example of every message, under its own name', () => {
    const told = new Set(examples.map((example) => `${example.isFromClient} ${typeOf(example)}`));
    const wanted = [
      ...clientSamples.map(({ type }) => `true ${type}`),
      ...serverSamples.map(({ type }) => `false ${type}`),
    ];
    assert.deepEqual(
      wanted.filter((each) => !told.has(each)),
      [],
    );
    for (const example of examples) if (example.about !== undefined) assert.equal(typeOf(example), example.about);
  });

  it('PK21 has only examples that pass the guards', () => {
    for (const { text, isFromClient } of examples) {
      const parsed = isFromClient ? parseClientMessage(text) : parseServerMessage(text);
      assert.deepEqual(parsed.ok, true, text);
    }
    for (const entry of messageOf<MarketDataBatch>('market_data_batch').data) {
      assert.equal(checkServerMessage(entry).ok, true, JSON.stringify(entry));
    }
  });

  it('PK21 has a snapshot and a delta that follow each other, with the right checksum', () => {
    const snapshot = messageOf<BookSnapshotMessage>('order_book_snapshot');
    const { prevSeq, data, ...place } = messageOf<BookDeltaMessage>('order_book_delta');
    const book = new Book(data.symbol);
    const begun = {
      ...snapshot.data,
      epoch: snapshot.epoch,
      sequence: snapshot.seq,
      eventTime: snapshot.data.timestamp,
    };
    assert.equal(book.applySnapshot(begun), 'applied');
    const delta = { ...data, epoch: place.epoch, sequence: place.seq, eventTime: data.timestamp };
    assert.notEqual(data.checksum, undefined);
    assert.equal(book.applyDelta({ ...delta, previousSequence: prevSeq }), 'applied');
  });
});
