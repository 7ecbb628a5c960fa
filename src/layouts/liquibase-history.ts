import type { Session } from '../database/session';
import { appliedRow } from './applied-row';
import { quoteLiteral } from '../sql/identifier';
import { historyTable } from './history-columns';
import { tableSql } from './history-table';
import { usualTable } from './liquibase-table';
import type {
  Direction,
  ExecutionContext,
  History,
  HistoryTable,
  LayoutExecution,
  Migration,
  ParameterizedSql,
} from './layout';
import { barePath } from './liquibase-changelog';
import { changesetsOf } from './liquibase-file';
import { releaseLock, takeLock, prepareLock } from './liquibase-lock';
import { keyOf, versionOf } from './liquibase-migrations';
import { localMinutes, localNow, localText, localToUtc } from './local-time';

/** What is recorded as the version that ran a changeset where no other has run one. */
const toolVersion = '4.28.0';
/** The columns have 255; the tool keeps some back. */
const longest = 250;

interface Row {
  id: string;
  author: string;
  filename: string;
  run_on: string;
  md5sum: string | null;
}

/** https://docs.liquibase.com/concepts/tracking-tables/databasechangelog-table.html, as 4.28 makes it. */
export async function readHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'Liquibase', table, [
    'id',
    'author',
    'filename',
    'dateexecuted',
    'orderexecuted',
    'exectype',
    'md5sum',
  ]);
  const empty = { exists: found.exists, table: found.name, applied: [], cumulative: false };
  if (!found.exists) return empty;
  const { rows } = await session.query<Row>(
    `select id, author, filename, ${localText('dateexecuted')} as run_on, md5sum from ${found.sql}
     order by orderexecuted, dateexecuted`,
  );
  const applied = rows.map(({ id, author, filename, run_on, md5sum }) =>
    appliedRow(versionOf({ path: barePath(filename), id, author }), {
      name: id,
      appliedAt: localToUtc(run_on),
      contentHash: md5sum,
    }),
  );
  return { ...empty, applied };
}

/** As the tool runs a changeset: in a transaction of its own, its row in it, the lock row taken before. */
export function liquibaseExecution(
  migration: Migration,
  direction: Direction,
  context: ExecutionContext,
): LayoutExecution {
  const named = context.table ?? usualTable;
  const table = tableSql(named);
  return {
    lock: { take: takeLock(named, localMinutes()), release: releaseLock(named) },
    prepare: [prepareLock(named), prepareTable(table)],
    before: [],
    sameTransaction: true,
    record: () => [direction === 'up' ? insertOf(table, migration, context) : deleteOf(table, migration)],
  };
}

// IF NOT EXISTS would ask for the right to create even where the table is there.
function prepareTable(table: string): string {
  return `do ${quoteLiteral(`begin
  if to_regclass(${quoteLiteral(table)}) is null then
    create table ${table} (
      id varchar(255) not null, author varchar(255) not null, filename varchar(255) not null,
      dateexecuted timestamp not null, orderexecuted int not null, exectype varchar(10) not null,
      md5sum varchar(35), description varchar(255), comments varchar(255), tag varchar(255),
      liquibase varchar(20), contexts varchar(255), labels varchar(255), deployment_id varchar(10)
    );
  end if;
end`)}`;
}

function insertOf(
  table: string,
  migration: Migration,
  { sql, recordedHash }: ExecutionContext,
): ParameterizedSql {
  const { path, id, author } = keyOf(migration.version);
  const changeset = changesetsOf(sql)[0];
  return {
    sql: `insert into ${table} (id, author, filename, dateexecuted, orderexecuted, exectype, md5sum, description,
  comments, tag, liquibase, contexts, labels, deployment_id)
select $1::varchar, $2::varchar, $3::varchar, ${localNow('$8::int')},
  coalesce((select max(orderexecuted) from ${table}), 0) + 1, 'EXECUTED', $4::varchar, 'sql', $5::varchar, null,
  coalesce((select liquibase from ${table} order by orderexecuted desc limit 1), '${toolVersion}'),
  $6::varchar, $7::varchar, right(floor(extract(epoch from clock_timestamp()) * 1000)::bigint::text, 10)`,
    parameters: [
      ...[id, author, path, recordedHash, limited(changeset?.comment.trim() ?? '')],
      ...[contexts(changeset?.context ?? null), labels(changeset?.labels ?? null), localMinutes()],
    ],
  };
}

function deleteOf(table: string, migration: Migration): ParameterizedSql {
  const { path, id, author } = keyOf(migration.version);
  return {
    sql: `delete from ${table} where id = $1::varchar and author = $2::varchar
  and regexp_replace(replace(filename, '\\', '/'), '^(classpath[*]?:)?([.]?/)*', '') = $3::varchar`,
    parameters: [id, author, path],
  };
}

function limited(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}

/** In brackets where it is more than one word, as the tool writes it. */
function contexts(written: string | null): string | null {
  if (written === null || written.trim() === '') return null;
  return /[ ,]/.test(written) ? `(${written})` : written;
}

/** The tool splits them at commas, in small letters, each once. */
function labels(written: string | null): string | null {
  if (written === null || written.trim() === '') return null;
  return [...new Set(written.split(',').map((name) => name.trim().toLowerCase()))].join(',');
}
