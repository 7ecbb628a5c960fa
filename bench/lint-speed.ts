import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { lintJson } from '../src/cli/formats/lint-json';
import { nodeFiles } from '../src/ports/node-files';
import { testContext } from '../test/support/journey-context';
import { percentile, type Figures } from './figures';
import { timeSquawk, type Squawk } from './squawk';

const repository = path.resolve(__dirname, '..');
const corpora = path.resolve(repository, '..', 'shared', 'corpora');
const words = ['lint', '--workspace', corpora, '--format', 'json', '--quiet'];

/** A cold run of the built command line and a second run in one process, against the peer's own launcher. */
export async function corporaFigures(figures: Figures, squawk: Squawk | null, runs: number): Promise<void> {
  const files = (readdirSync(corpora, { recursive: true }) as string[])
    .filter((name) => name.endsWith('.sql'))
    .map((name) => path.join(corpora, name));
  const ours: number[] = [];
  const theirs: number[] = [];
  timeCold();
  if (squawk) timeSquawk(squawk, files);
  // In turn, so that other work of the machine meets both alike.
  for (let run = 0; run < runs; run += 1) {
    ours.push(timeCold());
    if (squawk) theirs.push(timeSquawk(squawk, files));
  }
  const peer = squawk ? percentile(theirs, 0.5) : null;
  if (squawk && peer !== null)
    figures.add({
      what: `  squawk ${squawk.version}, ${files.length} files`,
      measured: milliseconds(peer),
      bar: '',
      held: null,
    });
  addRatio(figures, `the ${files.length} files of the corpora, cold`, percentile(ours, 0.5), peer, 5);
  addRatio(figures, 'the same, second run of a warm process', await timeWarm(runs), peer, 1);
}

function addRatio(figures: Figures, what: string, own: number, peer: number | null, bar: number): void {
  const ratio = peer === null ? null : own / peer;
  figures.add({
    what,
    measured:
      ratio === null
        ? `${milliseconds(own)}, not compared`
        : `${milliseconds(own)}, ${ratio.toFixed(2)} x squawk`,
    bar: `at most ${bar.toFixed(1)} x`,
    held: ratio !== null && ratio <= bar,
  });
}

/** Node's start included. */
function timeCold(): number {
  const started = performance.now();
  const run = spawnSync(process.execPath, [path.join(repository, 'dist', 'cli.js'), ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (run.status !== 0 && run.status !== 1)
    throw new Error(
      `dist/cli.js ended with ${run.status ?? run.signal}. Run "npm run build".\n${run.stderr}`,
    );
  return performance.now() - started;
}

/** The journey as it is shipped. */
interface Journey {
  'journey/lint': typeof import('../src/journey/lint');
  'journey/lint-memory': typeof import('../src/journey/lint-memory');
}

async function shippedJourney(): Promise<Journey> {
  const module = (await import(path.join(repository, 'dist', 'journey.js'))) as { default: Journey };
  return module.default;
}

/** The median of second runs, from the paths to the JSON, each in the memory that a first run left. */
async function timeWarm(runs: number): Promise<number> {
  const journey = await shippedJourney();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const memory = journey['journey/lint-memory'].newLintMemory();
    const lint = async (): Promise<{ time: number; text: string }> => {
      const started = performance.now();
      const context = { ...testContext(corpora), files: nodeFiles({ blocking: true }) };
      const result = await journey['journey/lint'].lintFiles(context, [corpora], { memory });
      const text = JSON.stringify(lintJson({ result, root: corpora, given: ['.'] }), null, 2);
      return { time: performance.now() - started, text };
    };
    const first = await lint();
    const second = await lint();
    if (second.text !== first.text) throw new Error('The second run answered something else.');
    times.push(second.time);
  }
  return percentile(times, 0.5);
}

const edits = 300;
const statements = 200;
const before = 150;

/** Our own work from a keystroke to diagnostics: a file of 200 statements behind 150 migrations, each edit another text. */
export async function keystrokeFigures(figures: Figures): Promise<void> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'switchback-keystroke-'));
  try {
    await mkdir(path.join(root, 'migrations'));
    const name = (number: number): string =>
      path.join(root, 'migrations', `${String(number).padStart(6, '0')}_step.up.sql`);
    for (let number = 1; number <= before; number += 1) await writeFile(name(number), migration(number));
    const file = name(before + 1);
    const text = edited();
    await writeFile(file, text);
    const context = testContext(root);
    const journey = await shippedJourney();
    const memory = journey['journey/lint-memory'].newLintMemory({ watched: true });
    const times: number[] = [];
    const work: number[] = [];
    const all: number[] = [];
    let findings = 0;
    for (let edit = 0; edit < edits + 20; edit += 1) {
      const at = (edit * 7919) % text.length;
      const end = text.indexOf('\n', at);
      const typed = `${text.slice(0, end)} -- ${'typing '.repeat(edit % 9)}${edit}${text.slice(end)}`;
      const started = performance.now();
      const used = process.cpuUsage();
      const spent = threadMilliseconds();
      const linted = await journey['journey/lint'].lintText(context, file, typed, { memory });
      const { user, system } = process.cpuUsage(used);
      if (edit >= 20) {
        times.push(performance.now() - started);
        work.push(threadMilliseconds() - spent);
        all.push((user + system) / 1000);
      }
      if (linted.statements.length !== statements)
        throw new Error(`${linted.statements.length} statements instead of ${statements}`);
      findings = linted.findings.length;
    }
    figures.add({
      what: `keystroke to diagnostics, ${statements} statements, ${findings} findings, ${before} migrations before`,
      measured: `p50 ${milliseconds(percentile(work, 0.5))}, p95 ${milliseconds(percentile(work, 0.95))} of ${edits} edits`,
      bar: 'p95 at most 30 ms of processor time of the thread that answers',
      held: percentile(work, 0.95) <= 30,
      details: [
        `with the compilers and the collector of V8 in their own threads: p50 ${milliseconds(percentile(all, 0.5))}, p95 ${milliseconds(percentile(all, 0.95))}`,
        `on the clock, other work of the machine included: p50 ${milliseconds(percentile(times, 0.5))}, p95 ${milliseconds(percentile(times, 0.95))}`,
      ],
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Processor time of this thread so far, as Linux counts it: what somebody waits for, whatever else the machine does. */
function threadMilliseconds(): number {
  return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
}

function migration(number: number): string {
  return `create table t${number} (
  id bigint generated always as identity primary key,
  parent_id bigint references t${Math.max(1, number - 1)},
  label varchar(40) not null default '',
  total numeric(12, 2) check (total >= 0),
  created_at timestamptz not null default now()
);
create index t${number}_parent on t${number} (parent_id);
alter table t${Math.max(1, number - 3)} add column note_${number} text;
`;
}

/** Half of it harmless, half of it with a finding. */
function edited(): string {
  const one = (index: number): string => {
    const table = `t${(index % before) + 1}`;
    switch (index % 8) {
      case 0:
        return `alter table ${table} add column extra_${index} text`;
      case 1:
        return `create index ${table}_label_${index} on ${table} (label)`;
      case 2:
        return `alter table ${table} alter column label type varchar(${41 + index})`;
      case 3:
        return `update ${table} set label = 'x' where id = ${index}`;
      case 4:
        return `create table made_${index} (id bigint primary key, total int not null default ${index})`;
      case 5:
        return `alter table ${table} add constraint c_${index} check (total < ${index}) not valid`;
      case 6:
        return `insert into ${table} (label) select label from ${table} where id > ${index} and total is not null`;
      default:
        return `comment on table ${table} is 'number ${index}'`;
    }
  };
  return `${Array.from({ length: statements }, (_, index) => one(index)).join(';\n')};\n`;
}

function milliseconds(value: number): string {
  return `${value < 20 ? value.toFixed(1) : Math.round(value)} ms`;
}
