/** A reporter for Web Test Runner that only counts; its own reporter prints. A file that does not load is a failure. */
import { writeTally } from './tally.mjs';

const testsOf = (suite) => (suite === undefined ? [] : [...suite.tests, ...suite.suites.flatMap(testsOf)]);

export const tallyReporter = () => ({
  onTestRunFinished({ sessions }) {
    const tally = { passed: 0, failed: 0, skipped: 0, notes: [], failures: [] };
    for (const session of sessions) {
      const tests = testsOf(session.testResults);
      const failures = tests.filter((test) => !test.passed && !test.skipped).map(({ name }) => name);
      tally.passed += tests.filter((test) => test.passed && !test.skipped).length;
      tally.skipped += tests.filter((test) => test.skipped).length;
      // A file that did not load, or threw outside its tests, has failed as a whole.
      if (failures.length === 0 && !session.passed) failures.push(session.testFile ?? 'a file');
      tally.failed += failures.length;
      tally.failures.push(...failures.map((name) => `${session.browser.name}: ${name}`));
      const skipped = tests.filter((test) => test.skipped);
      tally.notes.push(...skipped.map((test) => `${session.browser.name}: ${test.name}`));
    }
    writeTally(tally);
  },
});
