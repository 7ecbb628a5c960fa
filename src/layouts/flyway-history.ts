import path from 'node:path';
import type { Session } from '../database/session';
import { quoteIdentifier, quoteLiteral } from '../sql/identifier';
import { flywayChecksum } from './flyway-checksum';
import { flywayVersionKey, migrationVersion, rowVersion } from './flyway-names';
import { usualTable } from './flyway-table';
import { historyTable } from './history-columns';
import { schemaOf } from './history-table';
import type {
  AppliedMigration,
  Direction,
  ExecutionContext,
  History,
  HistoryTable,
  LayoutExecution,
  Migration,
  ParameterizedSql,
} from './layout';

const columns = [
  'installed_rank integer',
  'version character varying',
  'description character varying',
  'type character varying',
  'script character varying',
  'checksum integer',
  'installed_by character varying',
  'installed_on timestamp without time zone',
  'execution_time integer',
  'success boolean',
];
/** 'Flyway' in ASCII, one byte a letter. */
const lockName = 0x466c79776179;

interface HistoryRow {
  version: string | null;
  description: string;
  type: string;
  checksum: string | null;
  installed_by: string;
  installed_on: string | Date;
  execution_time: number;
  success: boolean;
}

/**
 * What the table says is applied now. A baseline stands for all versions up to its own; what was undone, or deleted by
 * `flyway repair`, is not applied any more; of a repeatable migration the last run counts. Those in Java or as programs, of
 * which there is no SQL file, are left out, unless one failed.
 */
export async function readFlywayHistory(session: Session, table?: HistoryTable | null): Promise<History> {
  const found = await historyTable(session, 'Flyway', table ?? usualTable, columns);
  if (!found.exists) return { exists: false, table: found.name, applied: [], cumulative: false };
  const { rows } = await session.query<HistoryRow>(
    `select version, description, type, checksum::text as checksum, installed_by,
       installed_on::timestamptz as installed_on, execution_time, success
     from ${found.sql} order by installed_rank`,
  );
  const applied = new Map<string, AppliedMigration>();
  let baseline: AppliedMigration | undefined;
  for (const row of rows) {
    const key = row.version === null ? `R ${row.description}` : flywayVersionKey(row.version);
    if (isBaseline(row)) {
      if (row.success) baseline = { ...appliedOf(row, row.version!), contentHash: null };
      if (row.type === 'BASELINE') continue;
      const version = migrationVersion({ prefix: 'B', version: row.version!, description: '' });
      applied.set(version, { ...appliedOf(row, version), kind: 'baseline' });
    } else if (row.type === 'DELETE' || row.type.startsWith('UNDO_')) {
      const undone = applied.get(key);
      if (row.success) applied.delete(key);
      else if (undone) applied.set(key, { ...undone, dirty: true });
    } else if (row.type === 'SQL' || (!row.success && row.type !== 'SCHEMA')) {
      applied.delete(key);
      applied.set(key, rowOf(row));
    }
  }
  const history = { exists: true, table: found.name, applied: [...applied.values()], cumulative: false };
  return baseline ? { ...history, baseline } : history;
}

/** What `flyway baseline` writes, and the run of a baseline file. */
function isBaseline({ type, version }: HistoryRow): boolean {
  return version !== null && (type === 'BASELINE' || type.endsWith('_BASELINE'));
}

function rowOf(row: HistoryRow): AppliedMigration {
  if (row.version !== null) return appliedOf(row, row.version);
  const version = migrationVersion({ prefix: 'R', version: '', description: row.description });
  return { ...appliedOf(row, version), kind: 'repeatable' };
}

function appliedOf(row: HistoryRow, version: string): AppliedMigration {
  return {
    version,
    name: row.description,
    appliedAt: new Date(row.installed_on).toISOString(),
    appliedBy: row.installed_by,
    milliseconds: Number(row.execution_time),
    contentHash: row.checksum,
    dirty: !row.success,
  };
}

/**
 * The rows Flyway writes for one migration, and its lock. The definitions are those of PostgreSQLDatabase,
 * PostgreSQLAdvisoryLockTemplate and JdbcTableSchemaHistory (https://github.com/flyway/flyway).
 */
export function flywayExecution(
  migration: Migration,
  direction: Direction,
  context: ExecutionContext,
): LayoutExecution {
  const named = context.table ?? usualTable;
  const table = quotedTable(named);
  return {
    lock: { take: lockSql('pg_advisory_lock', named), release: lockSql('pg_advisory_unlock', named) },
    prepare: [
      ...schemaOf(context.table),
      createTable(named),
      `create index if not exists ${quoteIdentifier(`${named.name}_s_idx`)} on ${table} ("success")`,
    ],
    before: [],
    sameTransaction: true,
    record: (milliseconds) => [
      // As Flyway, which writes its row as the user and in the schema it began with.
      { sql: 'reset role', parameters: [] },
      { sql: 'reset search_path', parameters: [] },
      ...(direction === 'up'
        ? recordUp(table, migration, context, milliseconds)
        : recordDown(table, migration, context, milliseconds)),
    ],
  };
}

function createTable(table: HistoryTable): string {
  return `create table if not exists ${quotedTable(table)} (
  "installed_rank" int not null,
  "version" varchar(50),
  "description" varchar(200) not null,
  "type" varchar(20) not null,
  "script" varchar(1000) not null,
  "checksum" integer,
  "installed_by" varchar(100) not null,
  "installed_on" timestamp not null default now(),
  "execution_time" integer not null,
  "success" boolean not null,
  constraint ${quoteIdentifier(`${table.name}_pk`)} primary key ("installed_rank")
)`;
}

/** As Flyway quotes it. */
function quotedTable({ schema, name }: HistoryTable): string {
  return schema === null ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** Which rows are of a migration: those of its version, or of its description where it has none. */
function rowsOf(migration: Migration): { where: string; parameters: string[] } {
  const version = rowVersion(migration.version);
  const type = migration.kind === 'baseline' ? ` and "type" like '%\\_BASELINE'` : '';
  return version === null
    ? { where: '"version" is null and "description" = $1', parameters: [shortened(migration.name)] }
    : { where: `"version" = $1${type}`, parameters: [version] };
}

/** What `flyway repair` does with a run that failed before it may be run again. */
function deleteFailed(table: string, migration: Migration): ParameterizedSql {
  const { where, parameters } = rowsOf(migration);
  return { sql: `delete from ${table} where ${where} and not "success"`, parameters };
}

function recordUp(
  table: string,
  migration: Migration,
  context: ExecutionContext,
  time: number,
): ParameterizedSql[] {
  const type = migration.kind === 'baseline' ? 'SQL_BASELINE' : 'SQL';
  return [
    deleteFailed(table, migration),
    insert(table, migration, type, migration.upPath, context.recordedHash, time),
  ];
}

/**
 * `flyway undo` adds a row; only its paid editions have it, and the others refuse a history with such a row. So one is
 * added where there is one already. Elsewhere the row of the migration goes, which every edition takes for pending. Flyway
 * undoes neither repeatable ones nor baselines: all their rows go.
 */
function recordDown(
  table: string,
  migration: Migration,
  context: ExecutionContext,
  time: number,
): ParameterizedSql[] {
  const { upPath, downPath, kind } = migration;
  const { where, parameters } = rowsOf(migration);
  if (kind) return [{ sql: `delete from ${table} where ${where}`, parameters }];
  const undone = insert(table, migration, 'UNDO_SQL', downPath ?? upPath, flywayChecksum(context.sql), time);
  return [
    deleteFailed(table, migration),
    { ...undone, sql: `${undone.sql} having bool_or("type" like 'UNDO\\_%')` },
    {
      sql: `delete from ${table} where "installed_rank" = (
  select max("installed_rank") from ${table} where ${where} and "type" = 'SQL'
) and not exists (select from ${table} where "type" like 'UNDO\\_%')`,
      parameters,
    },
  ];
}

function insert(
  table: string,
  migration: Migration,
  type: string,
  file: string,
  checksum: string | null,
  time: number,
): ParameterizedSql {
  return {
    sql: `insert into ${table} ("installed_rank", "version", "description", "type", "script", "checksum",
  "installed_by", "execution_time", "success")
select coalesce(max("installed_rank"), 0) + 1, $1::varchar, $2::varchar, $3::varchar, $4::varchar, $5::integer,
  current_user, $6::integer, true from ${table}`,
    parameters: [
      rowVersion(migration.version),
      shortened(migration.name),
      type,
      path.relative(migration.folder, file).split(path.sep).join('/'),
      checksum,
      Math.round(time),
    ],
  };
}

/** Flyway's own way to fit a description into its column. */
function shortened(description: string): string {
  return description.length <= 200 ? description : `${description.slice(0, 197)}...`;
}

/** Flyway's advisory lock: its name as a number, plus Java's hash code of the table as it quotes it. */
function lockSql(lockFunction: string, { schema, name }: HistoryTable): string {
  const schemaText = schema === null ? "coalesce(current_schema(), 'public')" : quoteLiteral(schema);
  const tableText = quoteLiteral(`"${name}"`);
  return `with recursive quoted(name) as (
  select '"' || ${schemaText} || '".' || ${tableText}
), hash(place, value) as (
  select 0, 0::int8
  union all
  select place + 1, (value * 31 + ascii(substr(name, place + 1, 1))) % 4294967296
  from hash, quoted where place < length(name)
)
select ${lockFunction}(${lockName} + value - case when value >= 2147483648 then 4294967296 else 0 end)
from hash, quoted where place = length(name)`;
}
