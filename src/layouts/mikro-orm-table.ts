import type { Session } from '../database/session';
import { utcText } from '../database/utc-text';
import type { Files } from '../ports/files';
import { appliedRow } from './applied-row';
import { programStem } from './code/script-migrations';
import { historyTable } from './history-columns';
import { schemaOf, tableOfParts, tableSql } from './history-table';
import type { History, HistoryTable } from './layout';
import { mikroOrmConfiguration } from './mikro-orm-command';
import { codeText, stringsIn, variableNear } from './tool-settings';

/** The default of `migrations.tableName`, in the default of `schema`. */
export const usualTable: HistoryTable = { schema: 'public', name: 'mikro_orm_migrations' };

/** The table as MigrationStorage.ensureTable makes it. */
export function createTable(named: HistoryTable | null | undefined): string[] {
  return [
    ...schemaOf(named),
    `create table if not exists ${tableSql(named ?? usualTable)} (id serial primary key, name varchar(255),
  executed_at timestamptz default current_timestamp)`,
  ];
}

/**
 * The table that `tableName` of the configuration's `migrations` names, with a schema before a dot or that of `schema`;
 * the variables of `.env` win over both. The configuration is not run.
 */
export async function mikroOrmHistoryTable(folder: string, files: Files): Promise<HistoryTable | null> {
  const configuration = await mikroOrmConfiguration(folder, files);
  const text = configuration === null ? null : await files.readIfExists(configuration).catch(() => null);
  const code = codeText(text ?? '');
  const migrations = /\bmigrations\s*:\s*\{[^}]*/.exec(code)?.[0] ?? '';
  const table =
    (await variableNear(folder, 'MIKRO_ORM_MIGRATIONS_TABLE_NAME', files)) ??
    stringsIn(migrations, 'tableName')[0] ??
    null;
  const schema =
    (await variableNear(folder, 'MIKRO_ORM_SCHEMA', files)) ?? stringsIn(code, 'schema')[0] ?? null;
  if (table === null && schema === null) return null;
  const parts = tableOfParts(table ?? usualTable.name);
  return parts && { ...parts, schema: parts.schema ?? schema ?? usualTable.schema };
}

/** Rows in the order they were applied. Throws `invalid-input` for a table of another tool. */
export async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'MikroORM', table, ['id', 'name', 'executed_at']);
  // What has no row is run wherever it stands.
  const known = { table: found.name, cumulative: false, inOrder: false };
  if (!found.exists) return { exists: false, applied: [], ...known };
  const { rows } = await session.query<{ name: string | null; at: string | null }>(
    `select name, ${utcText('executed_at::timestamptz')} as at from ${found.sql} order by id`,
  );
  const applied = rows.flatMap(({ name, at }) => {
    if (name === null) return [];
    // Its early versions recorded the ending too.
    const version = programStem(name) ?? name;
    return [appliedRow(version, { name: wordsOf(version), appliedAt: at })];
  });
  return { exists: true, applied, ...known };
}

/** The words of a migration's name, behind its number. */
export function wordsOf(version: string): string {
  return version.replace(/^\D*\d{14}[-_.]?/, '');
}
