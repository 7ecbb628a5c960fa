import path from 'node:path';
import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Files } from '../ports/files';
import { appliedRow } from './applied-row';
import { codeScript } from './code/embedded-sql';
import { nodeCommand } from './code/node-command';
import { readScript } from './code/read-script';
import { codeMigrations, composeProgram, programStem } from './code/script-migrations';
import { fileNames } from './file-names';
import { historyTable } from './history-columns';
import { schemaOf, tableSql } from './history-table';
import { kyselyNaming, newKyselyName, wordsOfName } from './kysely-names';
import {
  kyselyHistoryTable,
  kyselyProject,
  lockTable,
  runsInTransactions,
  usualTable,
} from './kysely-settings';
import type { History, HistoryTable, Layout, LayoutExecution, Migration } from './layout';
import type { NewMigration } from './new-migration';
import { readDirection } from './migration-script';
import { dependsOn } from './node-project';

/** Of dialect/postgres/postgres-adapter.js; held by the session while the migrations run. */
const lockKey = '3853314791062309107';
const sign =
  /\b(?:from|require\(|import\()\s*['"]kysely['"]|\bKysely<|\bsql(?:\.raw\(|`)[^;]{0,2000}?\)?\.execute\(|\.schema\s*\.(?:create|alter|drop)\w+\([^;]{0,2000}?\.execute\(\)/;
const goesUp = /\b(?:function\s+up\b|up\s*[:=(])/;
const numbered = /^\d+[-_.]/;
const inMigrations = /migrations?$/i;

/**
 * https://kysely.dev/docs/migrations: programs of any name with `up(db)` and `down(db)`, in the order of their names.
 * What one call runs is one transaction, unless `disableTransactions` is set for all of them: no program can say so.
 */
export const kysely: Layout = {
  id: 'kysely',
  title: 'Kysely',

  // Any program may be one: what lies elsewhere, or bears no number, is found by "migrations" of the configuration.
  folderOf(file) {
    const stem = programStem(path.basename(file));
    if (stem === null || !kyselyNaming.read(stem)) return null;
    const folder = path.dirname(file);
    return numbered.test(stem) || inMigrations.test(path.basename(folder)) ? folder : null;
  },

  compare: kyselyNaming.compare,

  recordedHash: () => null,

  async detect(folder, files) {
    const migrations = await listed(folder, files);
    if (migrations.length === 0) return null;
    const seen = await signOfKysely(migrations, files);
    if (!seen || !(await dependsOn(folder, ['kysely'], files))) return null;
    const example = path.basename(migrations[0]!.upPath);
    const evidence = [
      migrations.length === 1
        ? t('1 program like {0}', example)
        : t('{0} programs like {1}', migrations.length, example),
      t('{0} has "{1}"', seen.file, seen.sign),
      t('package.json names {0}', 'kysely'),
    ];
    return { confidence: 0.9, evidence };
  },

  async list(folder, files) {
    const migrations = await listed(folder, files);
    return (await signOfKysely(migrations, files)) ? migrations : [];
  },

  async script(migration, direction, files) {
    const read = await readDirection(migration, direction, files);
    if (!read) return null;
    const embedded = (await readScript(read.text, read.file, { calls: [], tags: ['sql'] }))[direction];
    if (!embedded) return null;
    const transaction = (await runsInTransactions(migration.folder, files)) ? 'wrapped' : 'none';
    return codeScript({ path: read.file, source: read.text, direction, embedded, transaction });
  },

  historyTable: (folder, files) => kyselyHistoryTable(folder, files),

  history: (_directory, session, table) => readHistory(session, table ?? usualTable),

  historyQuery: null,

  outsideTransaction: { by: 'never' },

  compose(request, existing) {
    assertTransactional(request);
    const stem = newKyselyName(request, existing);
    return [composeProgram('kysely', request, existing, { version: stem, stem })];
  },

  execution(migration, direction, context): LayoutExecution {
    const table = tableSql(context.table ?? usualTable);
    const locks = tableSql(lockTable(context.table));
    const now = `to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
    const parameters = [migration.version];
    return {
      lock: {
        take: `select pg_advisory_lock(${lockKey})`,
        release: `select pg_advisory_unlock(${lockKey})`,
      },
      prepare: [
        ...schemaOf(context.table),
        `create table if not exists ${table} (name varchar(255) not null primary key, timestamp varchar(255) not null)`,
        `create table if not exists ${locks} (id varchar(255) not null primary key, is_locked integer default 0 not null)`,
        `insert into ${locks} (id, is_locked) values ('migration_lock', 0) on conflict do nothing`,
      ],
      before: [],
      sameTransaction: true,
      record: () => [
        direction === 'up'
          ? { sql: `insert into ${table} (name, timestamp) values ($1::varchar, ${now})`, parameters }
          : { sql: `delete from ${table} where name = $1::varchar`, parameters },
      ],
    };
  },

  tool: {
    run: {
      applies: 'up-to',
      // With a name it would take back all that is behind that one, and leave that one applied.
      takesBack: 'last',
      async command({ folder, version }, direction, files) {
        const root = await kyselyProject(folder, files);
        const args = direction === 'up' ? ['migrate:up', version] : ['migrate:down'];
        return nodeCommand(root, 'kysely', ...args, '--no-outdated-check');
      },
    },
  },
};

async function listed(folder: string, files: Files): Promise<Migration[]> {
  return codeMigrations(folder, fileNames(await files.list(folder)), kyselyNaming);
}

/**
 * The first or the last program that is a migration and says that it is Kysely's: with any name allowed, nothing else
 * tells them from those of other tools.
 */
async function signOfKysely(
  migrations: readonly Migration[],
  files: Files,
): Promise<{ file: string; sign: string } | null> {
  const looked = new Set([...migrations.slice(0, 2), ...migrations.slice(-1)].map(({ upPath }) => upPath));
  for (const file of looked) {
    const text = (await files.readIfExists(file).catch(() => null)) ?? '';
    const found = goesUp.test(text) ? sign.exec(text) : null;
    if (found) return { file: path.basename(file), sign: found[0].split(/\r?\n/)[0]!.trim().slice(0, 60) };
  }
  return null;
}

function assertTransactional({ transactional, name }: NewMigration): void {
  if (transactional) return;
  throw new SwitchbackError(
    'invalid-input',
    t(
      '"{0}" cannot run in a transaction, and Kysely runs every migration in one. Run it as a step of its own, outside the migrations folder.',
      name,
    ),
  );
}

async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'Kysely', table, ['name', 'timestamp']);
  const known = { table: found.name, cumulative: false, inOrder: true };
  if (!found.exists) return { exists: false, applied: [], ...known };
  const { rows } = await session.query<{ name: string; at: string }>(
    `select name, timestamp::text as at from ${found.sql} h
     order by h.timestamp::text collate "C", name collate "C"`,
  );
  const applied = rows.map(({ name, at }) =>
    appliedRow(name, {
      name: wordsOfName(name),
      appliedAt: Number.isNaN(Date.parse(at)) ? null : new Date(at).toISOString(),
    }),
  );
  return { exists: true, applied, ...known };
}
