/**
 * Everything that must hold: packages, build, lint, types, unit and database tests, and the tests in a real
 * VS Code. Ends with the line `N passed, N failed`; exit code 1 when something failed.
 * Usage: node scripts/test.mjs [--only lint|unit|host|suites|tour|package|faults|slow|recipes|tools] [--grep TEXT] [FILE...]
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installPackages } from './install-packages.mjs';
import { installTools } from './install-tools.mjs';
import { lastLines, runCommand } from './run-command.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const resultsFolder = path.join(root, '.switchback-test', 'results');
const toolsFolder = path.join(root, '.switchback-test', 'tools');
const minute = 60_000;
const { values: flags, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, grep: { type: 'string' } },
});
const total = { passed: 0, failed: 0, notRun: 0 };
/** Titles of the tests that a program was missing for. */
const notRun = [];
const reasons = [];

function failed(what, reason) {
  total.failed++;
  reasons.push(`${what}: ${reason}`);
  console.error(`\nFAILED  ${what}: ${reason}`);
}

function tool(packageName, file) {
  return path.join(root, 'node_modules', packageName, file);
}

/** A check that passes or fails as a whole. */
async function check(what, args, limit = 10 * minute) {
  const started = Date.now();
  const result = await runCommand(process.execPath, args, {
    cwd: root,
    quiet: true,
    timeoutMilliseconds: limit,
  });
  const seconds = Math.round((Date.now() - started) / 1000);
  if (result.code === 0) {
    total.passed++;
    console.log(`${what}: fine (${seconds} s)`);
    return true;
  }
  failed(what, result.timedOut ? `not over after ${seconds} s` : `\n${lastLines(result.text, 80)}`);
  return false;
}

/** Runs a test process and counts its results file; missing, incomplete or empty results are a failure. */
async function testProcess(what, args, limit) {
  const file = path.join(resultsFolder, `${what.replace(/\W+/g, '-')}.json`);
  await rm(file, { force: true });
  console.log(`\n${what}`);
  const env = {
    ...process.env,
    SWITCHBACK_TEST_RESULTS: file,
    SWITCHBACK_MISSING_PROGRAMS: missingPrograms.join(','),
  };
  const ended = await runToEnd([...args], env, file, limit);
  const results = await readFile(file, 'utf8')
    .then(JSON.parse)
    .catch(() => null);
  if (!results) return failed(what, `no results were written; the process ended with ${ended}`);
  if (results.complete !== true) return failed(what, 'the results are incomplete');
  if (!results.total) return failed(what, 'no test ran');
  total.passed += results.passed;
  total.failed += results.failed;
  total.notRun += results.notRun?.length ?? 0;
  notRun.push(...(results.notRun ?? []));
  for (const failure of results.failures) reasons.push(`${what}: ${failure.title}`);
  if (results.passed + results.failed + (results.notRun?.length ?? 0) !== results.total)
    failed(what, 'the results do not add up');
  if (ended !== 'code 0' && results.failed === 0)
    failed(what, `all tests passed, but the process ended with ${ended}`);
}

/** Waits for the process; one that lives on for half a minute after its results has left something running. */
function runToEnd(args, env, file, limit) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    let outcome = null;
    let patience = 15;
    const end = (reason) => {
      outcome = reason;
      child.kill('SIGKILL');
    };
    const timer = setTimeout(() => end(`a time-out after ${limit / minute} minutes`), limit);
    const watch = setInterval(() => {
      if (existsSync(file) && --patience <= 0)
        end('something left running: it did not exit after its last test');
    }, 2_000);
    child.on('error', (error) => end(error.message));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      clearInterval(watch);
      resolve(outcome ?? (signal ? `signal ${signal}` : `code ${code}`));
    });
  });
}

function mocha(testFiles, timeoutMilliseconds) {
  return [
    tool('mocha', 'bin/mocha.js'),
    '--require',
    'tsx',
    '--reporter',
    path.join(root, 'scripts', 'results-reporter.js'),
    '--timeout',
    String(timeoutMilliseconds),
    ...(flags.grep ? ['--grep', flags.grep] : []),
    ...testFiles,
  ];
}

function testFiles(folder, ending = '.test.ts') {
  return readdirSync(path.join(root, folder), { recursive: true })
    .map((name) => path.join(folder, name))
    .filter((name) => name.endsWith(ending))
    .sort();
}

/** More shares than processes: who is done early takes the next, so that both cores work to the end. */
const shareCount = 12;

/** The files in shares of about the same amount of test text; every file is in one. */
function sharesOf(names) {
  const bySize = names.map((name) => ({ name, size: statSync(path.join(root, name)).size }));
  const shares = Array.from({ length: shareCount }, () => ({ size: 0, files: [] }));
  for (const file of bySize.sort((one, other) => other.size - one.size)) {
    const smallest = shares.reduce((least, share) => (share.size < least.size ? share : least));
    smallest.files.push(file.name);
    smallest.size += file.size;
  }
  return shares.map((share) => share.files).filter((share) => share.length > 0);
}

/** Two processes at a time take the work one after the other, so that both cores have some to the end. */
async function inTwoLanes(work) {
  const waiting = [...work];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  };
  await Promise.all([lane(), lane()]);
}

/** The unit and database tests: a piece of work for each share of their files. */
function unitWork() {
  const separate = ['host', 'faults', 'tools'].map((folder) => path.join('test', folder) + path.sep);
  const all =
    files.length > 0
      ? files
      : testFiles('test').filter((name) => !separate.some((one) => name.startsWith(one)));
  if (all.length === 0) return [async () => failed('unit', 'no test files were found')];
  return sharesOf(all).map(
    (share, index) => () =>
      testProcess(`unit and database tests ${index + 1}`, mocha(share, 30_000), 10 * minute),
  );
}

/** Runs the work in a real VS Code, two at a time; what all of it needs is installed and built first. */
async function inVsCode(work) {
  if (!(await check('VS Code and browser', ['scripts/provision-host.mjs']))) return;
  if (!(await check('host tests: build', ['scripts/build-host-tests.mjs']))) return;
  await inTwoLanes(work);
}

async function suites() {
  const grep = flags.grep ? ['--grep', flags.grep] : [];
  const args = ['--import', 'tsx', 'test/host/run-suites.ts', ...grep];
  await testProcess('suites in VS Code', args, 12 * minute);
}

/** A VS Code for each tour, the longest first; what `--grep` looks for is in few of them, so they share a process then. */
function tours() {
  const named = files.length > 0 ? files : testFiles('test/host/tour', '.tour.ts');
  if (flags.grep) return [() => testProcess('tours', mocha(named, 10 * minute), 25 * minute)];
  const bySize = named
    .map((name) => ({ name, size: statSync(path.join(root, name)).size }))
    .sort((one, other) => other.size - one.size);
  return bySize.map(
    ({ name }) =>
      () =>
        testProcess(`tour: ${path.basename(name, '.tour.ts')}`, mocha([name], 10 * minute), 15 * minute),
  );
}

async function packaged() {
  await testProcess('package', mocha(testFiles('test/host/package'), 5 * minute), 10 * minute);
}

/** Tests with the migration tools that npm's lock file does not bring; one that is missing is named, with the reason. */
async function tools() {
  const missing = await installTools(toolsFolder);
  for (const { name, why } of missing) console.log(`not installed: ${name}: ${why}`);
  missingPrograms.push(...missing.map(({ name }) => name));
  process.env.SWITCHBACK_TOOLS = toolsFolder;
  const chosen = files.length > 0 ? files : testFiles('test/tools');
  await testProcess('tools', mocha(chosen, 5 * minute), 40 * minute);
}

/** The longest first. What was laid out before is known by its text, so a second run looks only at what changed. */
function lintWork() {
  const layout = ['--check', '--log-level', 'warn', '--cache', '--cache-strategy', 'content'];
  const memory = ['--cache-location', '.switchback-test/prettier'];
  return [
    () => check('types and lint', ['scripts/lint.mjs']),
    () => check('format', [tool('prettier', 'bin/prettier.cjs'), ...layout, ...memory, '.']),
  ];
}

const parts = {
  lint: [() => inTwoLanes(lintWork())],
  unit: [() => inTwoLanes(unitWork())],
  suites: [() => inVsCode([suites])],
  tour: [() => inVsCode(tours())],
  package: [packaged],
  host: [() => inVsCode([suites, ...tours()]), packaged],
  all: [() => inTwoLanes([...lintWork(), ...unitWork()]), () => inVsCode([suites, ...tours()]), packaged],
  tools: [tools],
  slow: [() => testProcess('slow', mocha(testFiles('test', '.slow.ts'), 5 * minute), 60 * minute)],
  recipes: [() => testProcess('recipes', mocha(testFiles('test', '.recipes.ts'), 10 * minute), 60 * minute)],
  faults: [() => testProcess('faults', mocha(testFiles('test/faults'), 10 * minute), 60 * minute)],
};

/** Which of the programs that npm cannot bring are not on the PATH. */
async function findMissing(programs) {
  const missing = [];
  for (const program of programs) {
    const result = await runCommand(program, ['--version'], { quiet: true }).catch(() => null);
    if (result?.code !== 0) missing.push(program);
  }
  return missing;
}

async function run() {
  const chosen = parts[flags.only ?? 'all'];
  if (!chosen)
    return failed('--only', `there is no part "${flags.only}"; there are ${Object.keys(parts).join(', ')}`);
  await installPackages(root);
  await mkdir(resultsFolder, { recursive: true });
  if (flags.only !== 'lint') await check('build', ['scripts/build.mjs', '--production']);
  for (const part of chosen) await part();
}

const missingPrograms = await findMissing(['psql', 'shellcheck']);
try {
  await run();
} catch (error) {
  failed('npm test', error.message);
}
if (reasons.length > 0)
  console.error(`\nWhat failed:\n  ${reasons.map((reason) => reason.split('\n')[0]).join('\n  ')}`);
if (total.notRun > 0) {
  const needed = missingPrograms.filter((name) => notRun.some((title) => title.includes(`[${name}]`)));
  const names = needed.join(', ');
  if (process.env.CI) failed(names, `${total.notRun} tests need ${names}, which is missing; CI must have it`);
  for (const name of needed) console.log(`not run: ${name} missing`);
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
