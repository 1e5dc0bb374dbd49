/** A reporter for Web Test Runner that only counts; its own reporter prints. A file that does not load is a failure. */
import { writeTally } from './tally.mjs';

const testsOf = (suite) => (suite === undefined ? [] : [...suite.tests, ...suite.suites.flatMap(testsOf)]);

export const tallyReporter = () => ({
  onTestRunFinished({ sessions }) {
    const tally = { passed: 0, failed: 0, skipped: 0, notes: [] };
    for (const session of sessions) {
      const tests = testsOf(session.testResults);
      const failed = tests.filter((test) => !test.passed && !test.skipped).length;
      tally.passed += tests.filter((test) => test.passed && !test.skipped).length;
      tally.skipped += tests.filter((test) => test.skipped).length;
      tally.failed += failed === 0 && !session.passed ? 1 : failed;
      const skipped = tests.filter((test) => test.skipped);
      tally.notes.push(...skipped.map((test) => `${session.browser.name}: ${test.name}`));
    }
    writeTally(tally);
  },
});
