import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import type { Plan, PlanProgress, Step } from '../../src/plan/plan';
import { testServer, type TestDatabase, type TestMajor } from '../support/servers';
import { switchback, type CliAnswer } from './support';

/** A workspace folder, a database of its own, and the command line between them. */
export interface Terminal {
  folder: string;
  database: TestDatabase;
  session: Session;
  /** A URL for `--shadow`, where it is not the shadow that is tested: a scratch database on the server that runs already. */
  shadow: string;
  /** Runs a verb against the database. */
  run(...words: string[]): Promise<CliAnswer>;
  /** Runs a verb that must answer yes. */
  succeed(...words: string[]): Promise<CliAnswer>;
  /** The steps of a plan, as `status` tells them. */
  steps(plan: string): Promise<Step[]>;
  close(): Promise<void>;
}

/** Opens one on a real server, with these files in its workspace (by relative path). */
export async function openTerminal(
  major: TestMajor,
  files: Record<string, string | Buffer>,
): Promise<Terminal> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-terminal-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  const database = await (await testServer({ major })).createDatabase();
  const session = await openSession(database.connection, database.password);
  const { host, port, user, database: name } = database.connection;
  const environment = {
    PGPASSWORD: database.password,
    SHOP_URL: `postgres://${user}@${host}:${port}/${name}?sslmode=disable`,
  };
  const run: Terminal['run'] = (...words) =>
    switchback(folder, environment, ...words, '--database-url', 'env:SHOP_URL');
  const succeed: Terminal['succeed'] = async (...words) => {
    const answer = await run(...words);
    assert.equal(answer.exitCode, 0, `${words.join(' ')}: ${answer.out}\n${answer.told.join('\n')}`);
    return answer;
  };
  return {
    folder,
    database,
    session,
    shadow: `postgres://${user}:${encodeURIComponent(database.password)}@${host}:${port}/postgres?sslmode=disable`,
    run,
    succeed,
    steps: async (plan) => {
      const { plans } = (await run('status', '--format', 'json')).json<{
        plans: { id: string; plan: Plan }[];
      }>();
      return plans.find((item) => item.id === plan)!.plan.phases.flatMap((phase) => phase.steps);
    },
    close: async () => {
      await session.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same on the newest server, with a migration that made the table `parcels`, applied. */
export async function openParcels(columns = 'id int primary key, note text'): Promise<Terminal> {
  const terminal = await openTerminal(18, {
    'migrations/000001_parcels.up.sql': `create table parcels (${columns});`,
    'migrations/000001_parcels.down.sql': 'drop table parcels;',
  });
  await terminal.succeed('apply', 'migrations/000001_parcels.up.sql');
  return terminal;
}

/** Applies a phase, releasing its files first. */
export async function applyPhase(
  terminal: Terminal,
  plan: string,
  phase: string,
  ...words: string[]
): Promise<PlanProgress> {
  const answer = await terminal.succeed('apply', plan, '--phase', phase, '--format', 'json', ...words);
  return answer.json<{ progress: PlanProgress }>().progress;
}

/** Confirms deployments and ends waits until the migrate phase is over. */
export async function finishMigrate(terminal: Terminal, plan: string, ...agreeing: string[]): Promise<void> {
  for (const step of await terminal.steps(plan)) {
    if (step.kind === 'deploy')
      await terminal.succeed('apply', plan, '--confirm-deploy', step.id, ...agreeing);
    else if (step.kind === 'wait')
      await terminal.succeed('apply', plan, '--shorten-wait', step.id, '--yes', 'shorten-wait');
    else continue;
    await terminal.succeed('apply', plan, '--phase', 'migrate');
  }
}
