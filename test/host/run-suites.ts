/**
 * Runs the suites of test/host/suite inside a real VS Code against a seeded database, and prints what failed.
 * Usage: node --import tsx test/host/run-suites.ts [--grep TEXT]; results go to SWITCHBACK_TEST_RESULTS.
 */
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { copyShop, repository, temporaryFolder } from './kit/folders';
import { hostPrograms, startHost } from './kit/host';
import { readResults, type Results } from './kit/results';
import { startShopDatabase } from './kit/shop-database';

const testModule = 'dist-test/suite-entry.js';
const limitMilliseconds = 10 * 60_000;

interface Run {
  workspace: string;
  resultsFile: string;
  env: Record<string, string>;
  scratch: string;
}

async function runOnDesktop(program: string, run: Run): Promise<void> {
  const { runTests } = await import('@vscode/test-electron');
  await runTests({
    vscodeExecutablePath: program,
    extensionDevelopmentPath: repository,
    extensionTestsPath: path.join(repository, testModule),
    extensionTestsEnv: run.env,
    launchArgs: [
      run.workspace,
      '--disable-workspace-trust',
      `--user-data-dir=${path.join(run.scratch, 'user')}`,
    ],
  }).catch((error: unknown) => console.error(String(error)));
}

async function runOnServer(run: Run): Promise<void> {
  const programs = await hostPrograms();
  const lines: string[] = [];
  const host = await startHost(programs, {
    workspace: run.workspace,
    env: run.env,
    testModule,
    log: (line) => lines.push(line),
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error('The suites did not end within 10 minutes.')),
      limitMilliseconds,
    );
  });
  try {
    await Promise.race([host.finished, late]);
  } catch (error) {
    console.error(lines.join('\n'), host.server.output());
    throw error;
  } finally {
    clearTimeout(timer);
    await host.stop();
  }
}

async function main(): Promise<Results> {
  const { values } = parseArgs({ options: { grep: { type: 'string' } } });
  const scratch = await temporaryFolder('suites');
  const database = await startShopDatabase();
  try {
    const resultsFile = path.join(scratch.folder, 'results.json');
    const run: Run = {
      workspace: await copyShop(scratch.folder, database.url),
      resultsFile,
      scratch: scratch.folder,
      env: {
        ...database.env,
        SWITCHBACK_TEST_RESULTS: resultsFile,
        ...(values.grep ? { SWITCHBACK_TEST_GREP: values.grep } : {}),
      },
    };
    const { findDesktop } = await import('../../scripts/provision-host.mjs');
    const desktop = await findDesktop();
    if (desktop) await runOnDesktop(desktop, run);
    else await runOnServer(run);
    const results = await readResults(resultsFile, 'The host suites');
    if (process.env.SWITCHBACK_TEST_RESULTS) await copyFile(resultsFile, process.env.SWITCHBACK_TEST_RESULTS);
    return results;
  } finally {
    await database.stop();
    await scratch.remove();
  }
}

main().then(
  (results) => {
    for (const failure of results.failures) console.error(`\n${failure.title}\n${failure.message}`);
    console.log(`Host suites: ${results.passed} of ${results.total} passed.`);
    process.exitCode = results.failed > 0 || results.pending > 0 ? 1 : 0;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
