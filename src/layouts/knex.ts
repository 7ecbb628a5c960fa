import path from 'node:path';
import type { Session } from '../database/session';
import { utcText } from '../database/utc-text';
import { appliedRow } from './applied-row';
import { nodeCommand, requireNearest } from './code/node-command';
import { programScript } from './code/program-script';
import { programEvidence } from './code/program-evidence';
import { codeMigrations, composeProgram, programStem, type CodeNaming } from './code/script-migrations';
import { fileNames } from './file-names';
import { historyTable } from './history-columns';
import { schemaOf, tableSql } from './history-table';
import { knexHistoryTable, lockTable, usualTable } from './knex-table';
import type { History, HistoryTable, Layout, LayoutExecution, Migration } from './layout';
import { compareTexts, fileWords, nextVersion, utcStamp } from './versions';

const named = /^(\d{4,})_(.+)$/;
const sign = /\bknex\.(?:schema|raw)\b|\bimport\b[^\n'"]{1,200}?\bKnex\b[^\n'"]{1,200}?\bfrom\s*['"]knex['"]/;
const withoutTransaction = /\btransaction\s*:\s*false\b/;
const configurations = [
  'knexfile.ts',
  'knexfile.js',
  'knexfile.cjs',
  'knexfile.mjs',
  'knexfile.mts',
  'knexfile.cts',
];

/** The tool records the file's whole name, its ending too, and goes by the names' order. */
const naming: CodeNaming = {
  layout: 'knex',
  read: (stem) => {
    const match = named.exec(stem);
    return match && { version: stem, name: match[2]! };
  },
  compare: compareTexts,
};

/** https://knexjs.org/guide/migrations.html: `20240101120000_name.ts` that exports `up(knex)` and `down(knex)`. */
export const knex: Layout = {
  id: 'knex',
  title: 'Knex',

  folderOf(file) {
    const stem = programStem(path.basename(file));
    return stem !== null && named.test(stem) ? path.dirname(file) : null;
  },

  compare: naming.compare,

  recordedHash: () => null,

  async detect(folder, files) {
    const migrations = codeMigrations(folder, fileNames(await files.list(folder)), naming);
    return programEvidence(folder, migrations, { sign, packages: ['knex'], byPackage: 0.5 }, files);
  },

  async list(folder, files) {
    return codeMigrations(folder, fileNames(await files.list(folder)), naming);
  },

  script: (migration, direction, files) =>
    programScript(migration, direction, files, (text) => ({
      places: { calls: ['raw'], bindings: true },
      transaction: withoutTransaction.test(text) ? 'none' : 'wrapped',
    })),

  historyTable: (folder, files) => knexHistoryTable(folder, files),

  history: (_directory, session, table) => readHistory(session, table ?? usualTable),

  historyQuery: null,

  outsideTransaction: { by: 'code' },

  compose(request, existing) {
    const numbers = existing.map(({ version }) => named.exec(version)?.[1] ?? '0');
    const number = numbers.length === 0 ? utcStamp(request.now) : nextVersion(numbers, request.now, 14);
    const version = `${number}_${fileWords(request.name)}`;
    // Knex takes a question mark for a value that is bound, in strings and comments too.
    const written = (statement: string): string => statement.replaceAll('?', '\\?');
    return [composeProgram('knex', request, existing, { version, stem: version, written })];
  },

  execution(migration, direction, context): LayoutExecution {
    const named = context.table ?? usualTable;
    const [table, lock] = [tableSql(named), tableSql(lockTable(named))];
    return {
      lock: null,
      prepare: [
        ...schemaOf(context.table),
        `create table if not exists ${table} (id serial primary key, name varchar(255), batch integer, migration_time timestamptz)`,
        `create table if not exists ${lock} (index serial primary key, is_locked integer)`,
        `insert into ${lock} (is_locked) select 0 where not exists (select from ${lock})`,
      ],
      before: [],
      sameTransaction: true,
      record: () => [
        direction === 'up'
          ? {
              sql: `insert into ${table} (name, batch, migration_time)
select $1::varchar, coalesce(max(batch), 0) + 1, now() from ${table}`,
              parameters: [recordedName(migration)],
            }
          : { sql: `delete from ${table} where name = $1::varchar`, parameters: [recordedName(migration)] },
      ],
    };
  },

  tool: {
    run: {
      applies: 'one',
      takesBack: 'one',
      command: (migration, direction, files) => knexCommand(migration, `migrate:${direction}`, files),
    },
  },
};

/** The file's name: Knex looks it up by that, so that a migration must not change its language. */
function recordedName(migration: Migration): string {
  return path.basename(migration.upPath);
}

async function knexCommand(
  migration: Migration,
  verb: string,
  files: Parameters<Layout['list']>[1],
): Promise<ReturnType<typeof nodeCommand>> {
  const configuration = await requireNearest(migration.folder, configurations, 'Knex', files);
  const folder = path.dirname(configuration);
  return nodeCommand(
    folder,
    'knex',
    verb,
    recordedName(migration),
    '--knexfile',
    path.basename(configuration),
  );
}

async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'Knex', table, ['batch integer']);
  if (!found.exists) return { exists: false, table: found.name, applied: [], cumulative: false };
  const { rows } = await session.query<{ name: string; at: string | null }>(
    `select name, ${utcText('migration_time')} as at from ${found.sql} order by id`,
  );
  return {
    exists: true,
    table: found.name,
    applied: rows.map(({ name, at }) =>
      appliedRow(programStem(name) ?? name, {
        name: named.exec(programStem(name) ?? name)?.[2] ?? null,
        appliedAt: at,
      }),
    ),
    cumulative: false,
    // Knex calls the folder corrupt where a row has no file, and runs what has none in any order.
    inOrder: false,
  };
}
