/**
 * The figures of switchback rehearse, each with what was promised: all of ../shared/corpora/mattermost up, down and up with
 * comparison, against the same with pg_dump -s in the same run, the gaps of the event loop meanwhile, and the first verdict
 * for one migration of a folder of 100. Exit code 1 when a bar is missed.
 * Usage: npm run build && npx tsx bench/rehearse.ts [--only corpus|first]
 */
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { openSession } from '../src/database/connect';
import { rehearseMigrations } from '../src/journey/rehearse';
import type { JourneyContext } from '../src/journey/workspace';
import { startLocalServer } from '../src/shadow/local-server';
import type { PgliteSpare } from '../src/shadow/pglite-process';
import { findPostgresBinaries } from '../src/shadow/postgres-binaries';
import { testContext } from '../test/support/journey-context';
import { printedFigures, type Figures } from './figures';

const root = path.resolve(__dirname, '..');
const corpus = path.resolve(root, '../shared/corpora/mattermost');

interface Workspace {
  folder: string;
  context: JourneyContext;
}

async function workspace(parent: string, name: string, spare?: PgliteSpare): Promise<Workspace> {
  const folder = path.join(parent, name);
  await mkdir(path.join(folder, 'migrations'), { recursive: true });
  const context = testContext(folder);
  const { assets } = context.workspace;
  context.workspace.assets = { ...assets, cache: path.join(parent, 'cache'), ...(spare ? { spare } : {}) };
  await mkdir(context.workspace.assets.cache, { recursive: true });
  return { folder, context };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function corpusFigures(figures: Figures, parent: string): Promise<void> {
  const { folder, context } = await workspace(parent, 'corpus');
  await cp(corpus, path.join(folder, 'migrations'), { recursive: true });
  const migrations = path.join(folder, 'migrations');
  const first = path.join(
    migrations,
    (await readdir(migrations)).filter((name) => name.endsWith('.up.sql')).sort()[0]!,
  );
  const dumpMajor = majorOfPgDump();
  // On servers of one version both.
  context.workspace.configuration.serverMajor = dumpMajor || context.workspace.configuration.serverMajor;
  const dumped = await dumpedSeconds(dumpMajor);
  // Of so many the default is a local server; who chooses the embedded database waits longer.
  for (const chosen of [undefined, 'embedded'] as const) {
    const shadow = chosen ?? 'nobody chose';
    // tsx compiles a module when it is first wanted, which the built program does not.
    await rehearseMigrations(context, { shadow: chosen ?? 'local', files: [first] });
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const withRows = await seconds(() => rehearseMigrations(context, { shadow: chosen }));
    delay.disable();
    const alone = await seconds(() => rehearseMigrations(context, { shadow: chosen, rows: false }));
    const isDefault = chosen === undefined;
    const limit = { bar: isDefault ? 'at most 12 s' : '' };
    figures.add({
      what: `158 migrations up, down, up with comparison and generated rows, ${shadow}`,
      measured: `${withRows.toFixed(1)} s`,
      ...limit,
      held: isDefault ? withRows <= 12 : null,
    });
    figures.add({
      what: `the same without rows, ${shadow}`,
      measured: `${alone.toFixed(1)} s`,
      ...limit,
      held: isDefault ? alone <= 12 : null,
    });
    if (dumped !== null) {
      figures.add({
        what: 'that with pg_dump -s',
        measured: `${dumped.toFixed(1)} s, ${(dumped / alone).toFixed(1)} x as long (${(dumped / withRows).toFixed(1)} x with rows here)`,
        bar: isDefault ? 'at least 8 x' : '',
        held: isDefault ? dumped / alone >= 8 : null,
      });
    }
    figures.add({
      what: `longest gap of the event loop meanwhile, ${shadow}`,
      measured: `${Math.round(delay.max / 1e6)} ms`,
      bar: 'at most 50 ms',
      held: delay.max <= 50e6,
    });
  }
}

/** NaN where there is no pg_dump. */
function majorOfPgDump(): number {
  const version = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' }).stdout ?? '';
  return Number(/\s(\d+)\./.exec(version)?.[1]);
}

/** Up, dump, down, dump, up, dump on a server of pg_dump's own major version; null where its programs are not found. */
async function dumpedSeconds(major: number): Promise<number | null> {
  const binaries = (await findPostgresBinaries()).find((found) => found.major === major);
  if (!binaries) return null;
  // Where the shadow databases lie, too.
  const server = await startLocalServer({ binaries, inMemory: true });
  const session = await openSession(server.connection(), server.password);
  const dump = (): void => {
    const run = spawnSync(
      'pg_dump',
      ['-s', '-h', server.host, '-p', String(server.port), '-U', server.user, 'postgres'],
      {
        env: { ...process.env, PGPASSWORD: server.password ?? '' },
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    if (run.status !== 0) throw new Error(String(run.stderr));
  };
  const attempt = (sql: string): Promise<void> =>
    session.script(sql).catch(async () => {
      if (session.inTransaction) await session.script('rollback');
    });
  try {
    const ups = (await readdir(corpus)).filter((name) => name.endsWith('.up.sql')).sort();
    return await seconds(async () => {
      dump();
      for (const name of ups) {
        const up = await readFile(path.join(corpus, name), 'utf8');
        const down = await readFile(path.join(corpus, name.replace('.up.', '.down.')), 'utf8').catch(
          () => '',
        );
        for (const sql of [up, down, up]) {
          await attempt(sql);
          dump();
        }
      }
    });
  } finally {
    await session.close();
    await server.stop();
  }
}

async function firstFigures(figures: Figures, parent: string): Promise<void> {
  const spare: PgliteSpare = { held: null };
  const { folder, context } = await workspace(parent, 'hundred', spare);
  for (let number = 1; number <= 100; number += 1) {
    const stem = path.join(folder, 'migrations', `${String(number).padStart(6, '0')}_table_${number}`);
    const reference = number > 1 ? `, before_id bigint references table_${number - 1}` : '';
    await writeFile(
      `${stem}.up.sql`,
      `create table table_${number} (id bigserial primary key, name text not null default ''${reference});
create index table_${number}_name on table_${number} (name);\n`,
    );
    await writeFile(`${stem}.down.sql`, `drop table table_${number};\n`);
  }
  const file = path.join(folder, 'migrations', '000100_table_100.up.sql');
  const verdict = (): Promise<unknown> => rehearseMigrations(context, { files: [file], shadow: 'embedded' });
  try {
    const add = (what: string, taken: number, limit: number): void =>
      figures.add({
        what,
        measured: `${taken.toFixed(2)} s`,
        bar: `at most ${limit} s`,
        held: taken <= limit,
      });
    add('first verdict for one of 100, nothing cached', await seconds(verdict), 4);
    // The spare was forked a moment ago; an editor's has been ready for long.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    add('history kept, a process with its warm spare', await seconds(verdict), 0.5);
    const commandLine = async (): Promise<void> => {
      const run = spawnSync(
        process.execPath,
        [path.join(root, 'dist', 'cli.js'), 'rehearse', '--shadow', 'embedded', file],
        { cwd: folder, encoding: 'utf8', env: { ...process.env, XDG_CACHE_HOME: parent } },
      );
      if (run.status !== 0) throw new Error(`${run.stdout}${run.stderr}`);
    };
    // Its cache lies elsewhere: the first fills it.
    await commandLine();
    const again = await seconds(commandLine);
    add('history kept, a cold command line', again, 2);
  } finally {
    await spare.held?.kill();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const figures = printedFigures((line) => console.log(line));
  const parent = await mkdtemp(path.join(os.tmpdir(), 'switchback-bench-'));
  // A server that is started by root runs as another user, who has to get in.
  await chmod(parent, 0o755);
  try {
    console.log(
      `Load of the machine: ${os
        .loadavg()
        .map((value) => value.toFixed(1))
        .join(', ')}`,
    );
    if (values.only !== 'corpus') await firstFigures(figures, parent);
    if (values.only !== 'first') await corpusFigures(figures, parent);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
  const missed = figures.missed();
  console.log(
    missed.length === 0 ? 'Every bar held.' : `Missed: ${missed.map(({ what }) => what).join('; ')}`,
  );
  if (missed.length > 0) process.exitCode = 1;
}

void main();
