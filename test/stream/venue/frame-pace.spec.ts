import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FramePace } from '../../../src/stream/venue/frame-pace.js';
import { FakeClock } from '../../support/fake-clock.js';

function paced(perSecond: number) {
  const clock = new FakeClock(0);
  const sent: string[] = [];
  const pace = new FramePace(clock, perSecond, (text) => sent.push(`${text}@${clock.now()}`) > 0);
  return { clock, sent, pace };
}

describe('FramePace', () => {
  it('VE6 sends at once what the venue allows in a second, and the rest later, in order', () => {
    const { clock, sent, pace } = paced(2);
    pace.send(['a']);
    clock.pass(400);
    pace.send(['b', 'c', 'd', 'e']);
    pace.send(['f']);
    assert.deepEqual(sent, ['a@0', 'b@400']);
    assert.equal(clock.size, 1, 'one timer, whatever waits');
    clock.pass(10_000);
    assert.deepEqual(sent.slice(2), ['c@1000', 'd@1400', 'e@2000', 'f@2400']);
    assert.equal(clock.size, 0);
  });

  it('VE6 no second has more frames than allowed, and none is lost', () => {
    const bursts = fc.array(fc.tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 0, max: 9 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), bursts, (perSecond, plan) => {
        const clock = new FakeClock(0);
        const at: number[] = [];
        const frames: string[] = [];
        const pace = new FramePace(clock, perSecond, (text) => (at.push(clock.now()), frames.push(text) > 0));
        let made = 0;
        for (const [wait, count] of plan) {
          clock.pass(wait);
          pace.send(Array.from({ length: count }, () => String(made++)));
        }
        clock.pass(1_000_000);
        assert.deepEqual(
          frames,
          Array.from({ length: made }, (_, i) => String(i)),
        );
        for (let i = perSecond; i < at.length; i++) assert.ok(at[i]! - at[i - perSecond]! >= 1_000);
      }),
    );
  });

  it('VE6 what waits is gone once it is stopped', () => {
    const { clock, sent, pace } = paced(1);
    pace.send(['a', 'b']);
    pace.stop();
    assert.equal(clock.size, 0);
    clock.pass(5_000);
    assert.deepEqual(sent, ['a@0']);
    pace.send(['c']);
    assert.deepEqual(sent, ['a@0', 'c@5000']);
  });

  it('VE6 a clock that is set back holds no frame for long', () => {
    const { clock, sent, pace } = paced(1);
    pace.send(['a']);
    clock.set(-3_600_000);
    pace.send(['b']);
    assert.equal(sent.length, 2);
    clock.set(-500);
    pace.send(['c']);
    clock.pass(2_000);
    assert.equal(sent.length, 3);
  });

  it('VE6 a venue that allows less than one frame a second is sent one', () => {
    const { clock, sent, pace } = paced(0);
    pace.send(['a', 'b']);
    clock.pass(1_000);
    assert.deepEqual(sent, ['a@0', 'b@1000']);
  });
});
