import { regclass } from '../../plan/pieces/sql-text';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteLiteral,
  type QualifiedName,
} from '../../sql/identifier';
import { enclosed } from './column-sql';

/** Which rows get which value, and where the walk keeps its place. */
export interface BackfillTarget {
  table: QualifiedName;
  /** Columns of a unique key without NULLs, in the walk's order. */
  key: readonly string[];
  column: string;
  expression: string;
  onlyEmpty: boolean;
  /** The table of the walk's own that holds the checkpoint, made by the up and dropped by the down. */
  checkpoint: QualifiedName;
}

/** The statements of a backfill that can be stopped anywhere and goes on behind the last committed batch. */
export interface BackfillSql {
  /** A boolean: there is no checkpoint, so the walk has not begun. */
  fresh: string;
  /** A boolean: the key is unique and has no NULLs, which the walk relies on to see every row once. */
  keyHolds: string;
  /** Makes the checkpoint, at the first row. */
  create: string[];
  /** One row with `rows_done` and `finished`; holds the checkpoint until the end of the transaction. */
  lock: string;
  /** One batch and its checkpoint. Gives one row with `rows_done` and `finished`. `rows` is SQL for the batch's size. */
  batch: (rows: string) => string;
  /** Puts the checkpoint back at the first row, for a second walk. */
  restart: string;
  drop: string;
}

/**
 * Each batch reads the keys from the checkpoint on, one more than it changes: that one is the next checkpoint. The
 * range is found by the key's index, never by counting rows.
 * https://www.postgresql.org/docs/current/functions-comparisons.html#ROW-WISE-COMPARISON
 */
export function backfillSql(target: BackfillTarget): BackfillSql {
  const table = formatQualifiedName(target.table);
  const checkpoint = formatQualifiedName(target.checkpoint);
  const keys = target.key.map(formatIdentifier);
  const places = keys.map((_, index) => `next_${index + 1}`);
  const first =
    `(values (1)) as one (row)\n` +
    `    left join (select ${keys.map((key, index) => `${key} as ${places[index]!}`).join(', ')} from ${table} ` +
    `order by ${keys.join(', ')} limit 1) as first_row on true`;
  const placeList = places.join(', ');
  return {
    fresh: `${regclass(target.checkpoint)} is null`,
    keyHolds: keyHolds(target),
    create: [
      `create table ${checkpoint} as\n  select ${keys.map((key, index) => `${key} as ${places[index]!}`).join(', ')} from ${table} with no data`,
      `alter table ${checkpoint}\n  add column rows_done bigint not null default 0,\n` +
        `  add column begun_at timestamptz not null default now(),\n  add column finished_at timestamptz`,
      `insert into ${checkpoint} (${placeList})\n  select ${placeList} from ${first}`,
    ],
    lock: `select rows_done, finished_at is not null as finished from ${checkpoint} for update`,
    batch: (rows) => batchSql(target, rows),
    restart:
      `update ${checkpoint} set finished_at = null, (${placeList}) = (\n` +
      `  select ${placeList.replaceAll('next_', 'first_row.next_')} from ${first})`,
    drop: `drop table if exists ${checkpoint}`,
  };
}

function batchSql(target: BackfillTarget, rows: string): string {
  const table = formatQualifiedName(target.table);
  const checkpoint = formatQualifiedName(target.checkpoint);
  const column = formatIdentifier(target.column);
  const keys = target.key.map(formatIdentifier);
  const numbers = keys.map((_, index) => index + 1);
  const from = asRow(numbers.map((number) => `(select next_${number} from checkpoint)`));
  const last = asRow(numbers.map((number) => `(select key_${number} from last_key)`));
  const next = numbers.map(
    (number) =>
      `next_${number} = coalesce((select key_${number} from keys where place = ${rows} + 1), next_${number})`,
  );
  const keyList = numbers.map((number) => `key_${number}`).join(', ');
  const row = asRow(keys);
  const places = numbers.map((number) => `next_${number}`).join(', ');
  return `with checkpoint as materialized (
  select ${places} from ${checkpoint}
), keys as materialized (
  select ${keys.map((key, index) => `${key} as key_${index + 1}`).join(', ')},
    row_number() over (order by ${keys.join(', ')}) as place
  from (
    select ${keys.join(', ')} from ${table}
    where ${row} >= ${from}
    order by ${keys.join(', ')} limit ${rows} + 1
  ) as found
), last_key as materialized (
  select ${keyList} from keys where place <= ${rows} order by place desc limit 1
), written as (
  update ${table} set ${column} = ${enclosed(target.expression)}
  where ${row} >= ${from}
    and ${row} <= ${last}${target.onlyEmpty ? `\n    and ${column} is null` : ''}
  returning 1
)
update ${checkpoint} set
  ${next.join(',\n  ')},
  rows_done = rows_done + (select count(*) from written),
  finished_at = case when (select count(*) from keys) <= ${rows} then clock_timestamp() end
returning rows_done, finished_at is not null as finished`;
}

/** https://www.postgresql.org/docs/current/catalog-pg-index.html */
function keyHolds(target: BackfillTarget): string {
  const names = `array[${target.key.map(quoteLiteral).join(', ')}]::text[]`;
  return `exists (
  select from pg_catalog.pg_index as i
  where i.indrelid = ${regclass(target.table)} and i.indisunique and i.indisvalid and i.indimmediate
    and i.indpred is null and i.indexprs is null and i.indnkeyatts = ${target.key.length}
    and (select bool_and(a.attnotnull and a.attname::text = any (${names}))
      from unnest(i.indkey::int2[]) with ordinality as k (number, place)
      join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.number
      where k.place <= i.indnkeyatts))`;
}

function asRow(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `(${values.join(', ')})`;
}
