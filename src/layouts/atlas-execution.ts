import path from 'node:path';
import { t } from '../messages/translate';
import { quoteLiteral } from '../sql/identifier';
import { splitStatements } from '../sql/split';
import { atlasTable } from './atlas-history';
import { schemaOf, tableSql } from './history-table';
import type {
  Direction,
  ExecutionContext,
  HistoryTable,
  LayoutExecution,
  Migration,
  ParameterizedSql,
} from './layout';

/** How Switchback applies for Atlas: under its lock, in one transaction with the row of its revision. */
export function atlasExecution(
  migration: Migration,
  direction: Direction,
  context: ExecutionContext,
): LayoutExecution {
  const table = context.table ? tableSql(context.table) : atlasTable;
  const refused = direction === 'up' && context.recordedHash === null;
  return {
    lock: {
      take: `select pg_advisory_lock(${lockKey}::bigint)`,
      release: `select pg_advisory_unlock(${lockKey}::bigint)`,
    },
    prepare: ownTable(context.table),
    before: refused ? [{ sql: raise(refusal(migration)), parameters: [] }] : [],
    sameTransaction: true,
    record: (milliseconds) => [
      direction === 'up'
        ? revision(table, migration, context, milliseconds)
        : { sql: `delete from ${table} where version = $1::text`, parameters: [migration.version] },
    ],
  };
}

/** FNV-1 of `atlas_migrate_execute` in 32 bits: Lock in sql/postgres/driver.go. */
const lockKey = [...'atlas_migrate_execute'].reduce(
  (hash, letter) => (Math.imul(hash, 0x01000193) ^ letter.charCodeAt(0)) >>> 0,
  0x811c9dc5,
);

function raise(sentence: string): string {
  const statement = `raise exception using message = ${quoteLiteral(sentence)}`;
  return `do ${quoteLiteral(`begin ${statement}; end`)}`;
}

function refusal(migration: Migration): string {
  return t(
    '{0} cannot be recorded for Atlas: atlas.sum does not list it, or it has checks that Atlas alone runs. Run "atlas migrate hash", or apply it with Atlas.',
    path.basename(migration.upPath),
  );
}

/** The table as Atlas makes it by cmd/atlas/internal/migrate/ent/migrate/schema.go. */
function ownTable(named: HistoryTable | null | undefined): string[] {
  if (named) return [...schemaOf(named), makeTable(tableSql(named))];
  // A URL with a schema puts the table there; a second one would split the history.
  const elsewhere = t(
    'Atlas keeps its revisions in the current schema of this database, because its URL names one. Apply the migration with Atlas.',
  );
  const guard = `begin if to_regclass('${atlasTable}') is null
  and to_regclass(format('%I.atlas_schema_revisions', current_schema())) is not null
  then raise exception using message = ${quoteLiteral(elsewhere)}; end if; end`;
  return [
    `do ${quoteLiteral(guard)}`,
    'create schema if not exists atlas_schema_revisions',
    makeTable(atlasTable),
  ];
}

function makeTable(table: string): string {
  return `create table if not exists ${table} (
  version character varying not null,
  description character varying not null,
  type bigint not null default 2,
  applied bigint not null default 0,
  total bigint not null default 0,
  executed_at timestamptz not null,
  execution_time bigint not null,
  error text null,
  error_stmt text null,
  hash character varying not null,
  partial_hashes jsonb null,
  operator_version character varying not null,
  primary key (version)
)`;
}

/** A row as after the last statement of a file: type 2 is one that was executed; the time is in nanoseconds. */
function revision(
  table: string,
  migration: Migration,
  context: ExecutionContext,
  milliseconds: number,
): ParameterizedSql {
  const count = splitStatements(context.sql).length;
  return {
    sql: `insert into ${table} (version, description, type, applied, total, executed_at, execution_time,
  error, error_stmt, hash, partial_hashes, operator_version)
values ($1::text, $2::text, 2, $3::bigint, $3::bigint, now(), $4::bigint, '', '', $5::text, null, 'Switchback')
on conflict (version) do update set type = excluded.type, applied = excluded.applied, total = excluded.total,
  execution_time = excluded.execution_time, error = '', error_stmt = '', hash = excluded.hash,
  partial_hashes = null, operator_version = excluded.operator_version`,
    parameters: [
      migration.version,
      migration.name,
      count,
      Math.round(milliseconds * 1e6),
      context.recordedHash,
    ],
  };
}
