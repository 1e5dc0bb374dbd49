import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCommandLine, UsageError } from '../../server/command-line.js';

describe('the command line of the exchange', () => {
  it('SX100 without arguments it is the six symbols on 127.0.0.1:8787', () => {
    assert.deepEqual(parseCommandLine([]), { port: 8787, host: '127.0.0.1', dialect: 'any' });
  });

  it('SX101 every option is read', () => {
    const market = [
      '--port',
      '0',
      '--host',
      '::1',
      '--symbols',
      '100',
      '--seed',
      '7',
      '--rate',
      '1000',
      '--dialect',
      'guide',
      '--data',
      'kept',
      '--fsync',
      '--day',
      '--control',
    ];
    assert.deepEqual(parseCommandLine(market), {
      port: 0,
      host: '::1',
      dialect: 'guide',
      symbols: 100,
      seed: 7,
      rate: 1000,
      data: 'kept',
      fsync: true,
      day: { pre_open: 20_000, auction: 10_000, continuous: 120_000, closed: 10_000 },
      control: true,
    });
    const replay = parseCommandLine([
      '--replay',
      'a.gz',
      'b.gz',
      '--replay',
      'c.gz',
      '--speed',
      '2.5',
      '--venue',
      'okx',
    ])?.replay;
    assert.deepEqual(replay, { files: ['a.gz', 'c.gz', 'b.gz'], speed: 2.5, venue: 'okx' });
    assert.equal(parseCommandLine(['--help']), undefined);
  });

  const mistakes: [string[], RegExp][] = [
    [['--prot', '1'], /--prot/],
    [['--port', 'abc'], /--port is a whole number from 0 to 65535, got "abc"/],
    [['--port', '70000'], /--port/],
    [['--symbols', '0'], /--symbols/],
    [['--rate', '0'], /--rate is a number above 0/],
    [['--rate', '1e3'], /--rate/],
    [['--speed', '2'], /--speed only goes with --replay/],
    [['--replay', 'a', '--seed', '2'], /--seed does not go with --replay/],
    [['--replay', 'a', '--speed', 'fast'], /--speed is a number above 0, got "fast"/],
    [['--replay', 'a', '--data', 'kept'], /--data does not go with --replay/],
    [['--fsync'], /--fsync only goes with --data/],
    [['--replay', 'a', '--day'], /--day does not go with --replay/],
    [['--replay', 'a', '--control'], /--control does not go with --replay/],
    [['--control', '--host', '0.0.0.0'], /--control needs a --host that only this computer reaches, not 0.0.0.0/],
    [['--data', ''], /--data is a folder/],
    [['--dialect', 'french'], /--dialect is any or guide/],
    [['a.gz'], /"a.gz" is no option/],
    [['--replay'], /replay/],
  ];
  for (const [args, message] of mistakes) {
    it(`SX102 ${args.join(' ')} is a mistake that is explained`, () => {
      assert.throws(
        () => parseCommandLine(args),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});
