import { createHash } from 'node:crypto';
import type { Session } from '../database/session';
import { formatIdentifier, quoteIdentifier } from '../sql/identifier';
import { appliedRow } from './applied-row';
import { historyTable } from './history-columns';
import { schemaOf, tableSql } from './history-table';
import type { History, HistoryTable } from './layout';
import { timestampOf } from './typeorm-class';

/** The default of `migrationsTableName`, in the schema that new tables go to. */
export const usualTable: HistoryTable = { schema: null, name: 'migrations' };

/** The table as `createMigrationsTableIfNotExist` makes it: the primary key is named by a hash of table and column. */
export function createTable(named: HistoryTable | null | undefined): string[] {
  const table = named ?? usualTable;
  const key = `PK_${createHash('sha1')
    .update(`${table.name.replace('.', '_')}_id`)
    .digest('hex')
    .slice(0, 27)}`;
  return [
    ...schemaOf(named),
    `create table if not exists ${tableSql(table)} (id serial not null, "timestamp" bigint not null,
  name character varying not null, constraint ${quoteIdentifier(key)} primary key (id))`,
  ];
}

/** Rows in the order they were applied. Throws `invalid-input` for the table of another tool: db-migrate names its own so. */
export async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const columns = ['id', 'timestamp bigint', 'name'];
  const found = await historyTable(session, 'TypeORM', table, columns);
  // Classes run in any order: one that is older than the last is run too.
  const known = { table: found.name, cumulative: false, inOrder: false };
  if (!found.exists) return { exists: false, applied: [], ...known };
  const { rows } = await session.query<{ timestamp: string; name: string }>(
    `select "timestamp"::text as timestamp, name from ${found.sql} order by id`,
  );
  const applied = rows.map(({ timestamp, name }) =>
    // The name stands for what a checksum is elsewhere: a class that is renamed is another migration to the tool.
    appliedRow(timestamp, { name: wordsOf(name), contentHash: name }),
  );
  return { exists: true, applied, ...known };
}

/** The row of a class, or what removes it. */
export function rowOf(
  direction: 'up' | 'down',
  className: string,
  table: HistoryTable | null | undefined,
): { sql: string; parameters: string[] } {
  const name = table ? tableSql(table) : formatIdentifier(usualTable.name);
  const parameters = [timestampOf(className), className];
  return direction === 'up'
    ? { sql: `insert into ${name} ("timestamp", name) values ($1::bigint, $2::varchar)`, parameters }
    : { sql: `delete from ${name} where "timestamp" = $1::bigint and name = $2::varchar`, parameters };
}

function wordsOf(name: string): string {
  return name.replace(/\d{13}$/, '');
}
