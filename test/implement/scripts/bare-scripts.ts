import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isProgram, scriptFiles } from '../../../src/implement/scripts/script-files';
import type { ScriptMigration, ScriptSet, ScriptStep } from '../../../src/implement/scripts/script-set';
import { nodeFiles } from '../../../src/ports/node-files';
import type { TestDatabase } from '../../support/servers';
import { finished, type ScriptAnswer } from './script-workspace';

const templates = { shipped: path.resolve(__dirname, '../../../templates'), override: null };

/** The scripts of hand-made steps, in a folder whose name a shell could trip over. */
export interface BareScripts {
  /** The workspace; the scripts lie in `plans/bare/scripts`. */
  folder: string;
  scripts: string;
  run(script: string, ...words: string[]): Promise<ScriptAnswer>;
  start(script: string, words: readonly string[], environment?: NodeJS.ProcessEnv): ChildProcess;
  /** Writes env/test.env anew; the lines come after the place of the database. */
  writeEnvironment(lines: readonly string[], ending?: string): Promise<void>;
  dispose(): Promise<void>;
}

export const plainStep: ScriptStep = {
  id: '01-step',
  kind: 'migration',
  phase: 'expand',
  title: 'A step',
  instructions: '',
  rollbackInstructions: '',
  rollback: 'nothing',
  rollbackFile: null,
  rollbackWhy: '',
  gates: { development: [], staging: [], production: [] },
  forward: null,
  verify: null,
  verifyUntil: '',
  checks: [],
  quick: false,
  validates: false,
  asWritten: false,
  days: 0,
  outside: null,
  backfill: null,
  backfillAgain: false,
  migration: null,
};

/** How a migration that is in the workspace already is named to the scripts. */
export function existingMigration(version: string, name: string, upSha256: string): ScriptMigration {
  const stem = `migrations/${version.padStart(6, '0')}_${name}`;
  return {
    name,
    upSuffix: '',
    downSuffix: '',
    prefix: '',
    width: 6,
    heldUp: '',
    held: [],
    heldDown: '',
    existing: { version, up: `${stem}.up.sql`, upSha256, down: `${stem}.down.sql` },
  };
}

export async function bareScripts(
  database: TestDatabase,
  steps: readonly ScriptStep[],
  changes: Partial<ScriptSet> = {},
): Promise<BareScripts> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bare "$HOME" `id` \\ scripts\' '));
  const scripts = path.join(folder, 'plans', 'bare', 'scripts');
  await mkdir(path.join(folder, 'migrations'), { recursive: true });
  const set: ScriptSet = {
    id: 'bare',
    title: '-n 100 % of\n\ttitles \\ "$HOME" `id` \u{1F600}',
    hash: '',
    layout: 'golang-migrate',
    migrationsFolder: 'migrations',
    toWorkspace: '../../..',
    options: { lockTimeoutMilliseconds: 200, batchMilliseconds: 50, batchRows: 10, vacuumShare: 0 },
    noReturn: null,
    tables: [],
    rewritten: [],
    steps: [...steps],
    ...changes,
  };
  for (const { path: file, text } of await scriptFiles(set, scripts, nodeFiles(), templates)) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    if (isProgram(file)) await chmod(file, 0o755);
  }
  const { host, port, user, database: name } = database.connection;
  const writeEnvironment: BareScripts['writeEnvironment'] = async (lines, ending = '\n') => {
    const place = [
      `PGHOST=${host}`,
      `PGPORT=${port}`,
      `PGDATABASE=${name}`,
      `PGUSER=${user}`,
      'PGSSLMODE=disable',
    ];
    await writeFile(path.join(scripts, 'env', 'test.env'), [...place, ...lines, ''].join(ending));
  };
  await writeEnvironment(['ENVIRONMENT=development', 'OWNER=tester']);
  const start: BareScripts['start'] = (script, words, environment = process.env) =>
    spawn('bash', [path.join(scripts, script), '--env', 'test', ...words], {
      cwd: folder,
      env: { ...environment, PGPASSWORD: database.password },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  return {
    folder,
    scripts,
    start,
    run: (script, ...words) => finished(start(script, words)),
    writeEnvironment,
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
