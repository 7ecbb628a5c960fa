import type { BackfillSpec } from '../plan/plan';
import { quoteIdentifier } from '../sql/identifier';
import { batchWrite } from './backfill-write';
import type { WalkTable } from './walk-table';

/** Key values as text, in the walk's order: where a walk has come to. */
export type KeyPosition = string[];

export interface KeyBatchRow {
  walked: number;
  written: number;
  position: KeyPosition | null;
}

/**
 * One batch by key range, as one statement: finds the next `limit` keys after `after`, writes the rows up to
 * the last of them, and gives the new position. Parameters: the position's values, then the limit.
 * Row comparison walks composite keys: https://www.postgresql.org/docs/current/functions-comparisons.html
 */
export function keyBatchSql(spec: BackfillSpec, table: WalkTable, fromStart: boolean): string {
  const names = table.key.map((column) => quoteIdentifier(column.name));
  const row = names.length === 1 ? names[0]! : `(${names.join(', ')})`;
  const bounds = table.key.map((column, index) => `$${index + 1}::text::${column.type}`);
  const after = fromStart ? 'true' : `${row} > ${asRow(bounds)}`;
  const limit = `$${fromStart ? 1 : table.key.length + 1}::int8`;
  const last = names.map((name) => `(select ${name} from switchback_last)`);
  const descending = names.map((name) => `${name} desc`).join(', ');
  const position = table.key.map((column) => positionExpression(column.name, column.type)).join(', ');
  const write = batchWrite(spec);
  return `with switchback_batch as materialized (
  select ${names.join(', ')} from only ${table.sql} where ${after} order by ${names.join(', ')} limit ${limit}
), switchback_last as materialized (
  select ${names.join(', ')} from switchback_batch order by ${descending} limit 1
), ${write.from}only ${table.sql}${write.where}${after} and ${row} <= ${asRow(last)}${write.rest}
select (select count(*) from switchback_batch)::int4 as walked,
  (select count(*) from switchback_written)::int4 as written,
  (select jsonb_build_array(${position}) from switchback_last) as position`;
}

function asRow(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `(${values.join(', ')})`;
}

/** Dates go through JSON, which writes ISO 8601 whatever DateStyle says; the rest is the type's own text. */
function positionExpression(column: string, type: string): string {
  const name = quoteIdentifier(column);
  return /^(date|timestamp)/.test(type) ? `to_jsonb(${name}) #>> '{}'` : `${name}::text`;
}
