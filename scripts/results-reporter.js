/* eslint-disable @typescript-eslint/no-require-imports -- mocha requires its reporter */
const { writeFileSync } = require('node:fs');
const path = require('node:path');
const Mocha = require('mocha');

const missing = (process.env.SWITCHBACK_MISSING_PROGRAMS ?? '').split(',').filter((name) => name !== '');

/**
 * Prints failures as they come and one line per suite file, and writes the results as its last act to
 * SWITCHBACK_TEST_RESULTS, with the milliseconds that each file took. A test that did not run is a failure, but one marked with a program, as [psql], that is
 * named in SWITCHBACK_MISSING_PROGRAMS.
 */
module.exports = class ResultsReporter {
  constructor(runner) {
    const results = {
      complete: false,
      total: 0,
      passed: 0,
      failed: 0,
      pending: 0,
      notRun: [],
      failures: [],
      files: {},
    };
    const started = new Map();
    runner.on('suite', (suite) => {
      if (suite.parent?.root) started.set(suite, Date.now());
    });
    runner.on('suite end', (suite) => {
      if (!started.has(suite)) return;
      const file = path.relative(path.resolve(__dirname, '..'), suite.file ?? 'unknown');
      results.files[file] = (results.files[file] ?? 0) + Date.now() - started.get(suite);
    });
    const fail = (title, message) => {
      results.failed++;
      results.failures.push({ title, message });
      console.error(`\nFAILED  ${title}\n${message}`);
    };
    runner.on('pass', (test) => {
      results.total++;
      results.passed++;
      if (process.env.SWITCHBACK_TEST_VERBOSE) console.log(`ok  ${test.fullTitle()} (${test.duration} ms)`);
    });
    runner.on('fail', (test, error) => {
      results.total++;
      const detail =
        error.showDiff !== false && error.expected !== undefined
          ? Mocha.reporters.Base.generateDiff(error.actual, error.expected)
          : '';
      fail(test.fullTitle(), `${error.stack ?? error.message ?? error}\n${detail}`);
    });
    runner.on('pending', (test) => {
      results.total++;
      if (missing.some((program) => test.fullTitle().includes(`[${program}]`))) {
        results.pending++;
        results.notRun.push(test.fullTitle());
      } else fail(test.fullTitle(), 'The test was skipped. Run it, or remove it.');
    });
    runner.on('end', () => {
      results.complete = true;
      if (process.env.SWITCHBACK_TEST_RESULTS) {
        writeFileSync(process.env.SWITCHBACK_TEST_RESULTS, JSON.stringify(results, null, 2));
      }
      const waiting = results.pending > 0 ? `, ${results.pending} need ${missing.join(' or ')}` : '';
      console.log(`${results.passed} of ${results.total} passed${waiting}.`);
    });
  }
};
