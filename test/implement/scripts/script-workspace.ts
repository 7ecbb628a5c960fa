import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openSession } from '../../../src/database/connect';
import type { Session } from '../../../src/database/session';
import { switchback, type CliAnswer } from '../../cli/support';
import { testServer, type TestDatabase } from '../../support/servers';

/** A workspace with a database, for scripts: migrations of one layout, and a table with rows. */
export interface ScriptWorkspace {
  folder: string;
  database: TestDatabase;
  session: Session;
  /** The terminal's face of the editor, on this database. */
  editor(...words: string[]): Promise<CliAnswer>;
  /** Scaffolds a plan and gives its id. */
  scaffold(...words: string[]): Promise<string>;
  /** The ids of a plan's steps, in order. */
  steps(plan: string): Promise<string[]>;
  /** Runs a script of a plan. */
  run(plan: string, script: string, ...words: string[]): Promise<ScriptAnswer>;
  /** Starts one, to be killed. */
  start(plan: string, script: string, ...words: string[]): ChildProcess;
  environment: NodeJS.ProcessEnv;
  writeEnvironment(plan: string, lines?: readonly string[], other?: { PGPORT: string }): Promise<void>;
  /** The same, for scripts that lie in another folder. */
  writeEnvironmentTo(scripts: string, lines?: readonly string[], other?: { PGPORT: string }): Promise<void>;
  dispose(): Promise<void>;
}

export interface ScriptAnswer {
  exitCode: number;
  out: string;
}

const layouts = {
  'golang-migrate': {
    up: '000001_customers.up.sql',
    down: '000001_customers.down.sql',
  },
  plain: { up: '001_customers.sql', down: '001_customers_rollback.sql' },
} as const;

const table = `create table customers (id bigint generated always as identity primary key,
  name text not null check (name <> ''));
create index customers_name_idx on customers (name);
create view customer_names as select id, name from customers;
`;

/** True where psql is on the PATH. */
export function hasProgram(name: string): Promise<boolean> {
  return new Promise((resolve) => execFile(name, ['--version'], (error) => resolve(error === null)));
}

export async function scriptWorkspace(
  major: 12 | 18,
  layout: keyof typeof layouts,
  rows = 5000,
): Promise<ScriptWorkspace> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "switchback scripts' "));
  await mkdir(path.join(folder, 'migrations'));
  const { up, down } = layouts[layout];
  await writeFile(path.join(folder, 'migrations', up), table);
  await writeFile(
    path.join(folder, 'migrations', down),
    'drop view customer_names;\ndrop table customers;\n',
  );
  const database = await (await testServer({ major })).createDatabase();
  const session = await openSession(database.connection, database.password);
  const { host, port, user, database: name } = database.connection;
  const environment = { ...process.env, PGPASSWORD: database.password };
  const editor = (...words: string[]): Promise<CliAnswer> =>
    switchback(
      folder,
      {
        PGPASSWORD: database.password,
        SHOP_URL: `postgres://${user}@${host}:${port}/${name}?sslmode=disable`,
      },
      ...words,
      '--database-url',
      'env:SHOP_URL',
    );
  const answer = await editor('apply', `migrations/${up}`, '--yes', 'consent-schema');
  if (answer.exitCode !== 0) throw new Error(answer.told.join('\n'));
  await session.query(
    `insert into customers (name) select 'customer ' || i from generate_series(1, ${rows}) i`,
  );
  await session.query('analyze customers');
  const writeEnvironmentTo: ScriptWorkspace['writeEnvironmentTo'] = async (
    scripts,
    lines = ['ENVIRONMENT=development'],
    other,
  ) => {
    const place = [
      `PGHOST=${host}`,
      `PGPORT=${other?.PGPORT ?? port}`,
      `PGDATABASE=${name}`,
      `PGUSER=${user}`,
    ];
    const text = [...lines, ...place, 'PGSSLMODE=disable'];
    await writeFile(path.join(scripts, 'env', 'test.env'), `${text.join('\n')}\n`);
  };
  const start = (plan: string, script: string, ...words: string[]): ChildProcess =>
    spawn('bash', [path.join(folder, 'plans', plan, 'scripts', script), '--env', 'test', ...words], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, to be killed as one.
      detached: true,
    });
  return {
    folder,
    database,
    session,
    editor,
    environment,
    start,
    scaffold: async (...words) => {
      const scaffolded = await editor('scaffold', ...words, '--format', 'json');
      if (scaffolded.exitCode !== 0) throw new Error(scaffolded.told.join('\n'));
      return scaffolded.json<{ plan: string }>().plan;
    },
    steps: async (plan) => {
      const text = await readFile(path.join(folder, 'plans', plan, 'scripts', 'plan.sh'), 'utf8');
      const list = /^STEPS=\(\n([\s\S]*?)\n\)/m.exec(text)![1]!;
      return list.split('\n').map((line) => line.trim().replaceAll("'", ''));
    },
    run: (plan, script, ...words) => finished(start(plan, script, ...words)),
    writeEnvironment: (plan, lines, other) =>
      writeEnvironmentTo(path.join(folder, 'plans', plan, 'scripts'), lines, other),
    writeEnvironmentTo,
    dispose: async () => {
      await session.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a script said, both streams in order, and its exit code. */
export function finished(child: ChildProcess): Promise<ScriptAnswer> {
  let out = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? -1, out }));
  });
}

/** The scripts of a plan, by their names in its folder. */
export async function scriptNames(workspace: ScriptWorkspace, plan: string): Promise<string[]> {
  const names = await readdir(path.join(workspace.folder, 'plans', plan, 'scripts'), { recursive: true });
  return names.filter((name) => name.endsWith('.sh')).sort();
}
