import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import type { Results } from '../kit/results';

/** Runs the bundled suites inside the extension host; the results file is written last. */
export async function run(): Promise<void> {
  const file = process.env.SWITCHBACK_TEST_RESULTS;
  if (!file) throw new Error('SWITCHBACK_TEST_RESULTS names no file for the results.');
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    color: false,
    grep: process.env.SWITCHBACK_TEST_GREP,
  });
  const folder = path.join(__dirname, 'suite');
  for (const name of readdirSync(folder).sort())
    if (name.endsWith('.test.js')) mocha.addFile(path.join(folder, name));
  const results = await new Promise<Results>((resolve) => {
    const failures: Results['failures'] = [];
    const runner = mocha.run(() => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      const total = passes + failures.length + pending;
      resolve({ complete: true, total, passed: passes, failed: failures.length, pending, failures });
    });
    runner.on('fail', (test: Mocha.Runnable, error: Error) => {
      failures.push({ title: test.fullTitle(), message: error.stack ?? error.message });
    });
  });
  writeFileSync(file, JSON.stringify(results, null, 2));
  if (results.failed > 0) throw new Error(`${results.failed} tests failed in the extension host.`);
}
