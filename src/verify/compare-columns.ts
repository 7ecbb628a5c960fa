import type { Session } from '../database/session';
import type { WalkTable } from '../implement/walk-table';
import type { Progress } from '../ports/progress';
import { quoteIdentifier } from '../sql/identifier';

export interface ColumnComparison {
  rows: number;
  differing: number;
  /** The first differing rows by key (by place where there is no key), at most `mostExamples`. */
  examples: DifferingRow[];
  ranges: number;
}

export interface DifferingRow {
  table: string;
  key: string;
  left: string | null;
  right: string | null;
}

export interface CompareRequest {
  session: Session;
  tables: readonly WalkTable[];
  left: string;
  right: string;
  progress: Progress;
  signal: AbortSignal;
  /** Rows of one statement, so that none of them runs long. */
  rangeRows?: number;
}

export const mostExamples = 5;
const defaultRangeRows = 50_000;

/**
 * Compares two columns of the same row on every row, a key range at a time, as text: exact also for types
 * whose `=` is not identity (citext, numeric, circle) or that have none (json). A table without key is one range.
 */
export async function compareColumns(request: CompareRequest): Promise<ColumnComparison> {
  const total: ColumnComparison = { rows: 0, differing: 0, examples: [], ranges: 0 };
  const expected = request.tables.reduce((sum, table) => sum + table.estimatedRows, 0);
  for (const table of request.tables) {
    let after: string[] | null = null;
    do {
      after = await compareRange(request, table, after, total);
      request.progress.report({
        message: `${table.name}: ${total.rows}`,
        share: expected === 0 ? undefined : Math.min(1, total.rows / expected),
      });
    } while (after !== null);
  }
  return total;
}

interface RangeRow {
  walked: number;
  differing: number;
  position: string[] | null;
  examples: { key: string[]; left: string | null; right: string | null }[] | null;
}

/** Compares the next range, adds it to `total`, and gives where to go on; null at the end of the table. */
async function compareRange(
  request: CompareRequest,
  table: WalkTable,
  after: readonly string[] | null,
  total: ColumnComparison,
): Promise<string[] | null> {
  const limit = request.rangeRows ?? defaultRangeRows;
  const sql = rangeSql(request, table, after === null, limit);
  const { rows } = await request.session.query<RangeRow>(sql, after ?? [], { signal: request.signal });
  const range = rows[0]!;
  total.rows += range.walked;
  total.differing += range.differing;
  total.ranges += 1;
  for (const example of range.examples ?? []) {
    if (total.examples.length >= mostExamples) break;
    const names = table.key.length > 0 ? table.key.map((column) => column.name) : ['ctid'];
    const key = names.map((name, index) => `${name} = ${example.key[index] ?? ''}`).join(', ');
    total.examples.push({ table: table.name, key, left: example.left, right: example.right });
  }
  return table.key.length > 0 && range.walked >= limit ? range.position : null;
}

function rangeSql(request: CompareRequest, table: WalkTable, fromStart: boolean, limit: number): string {
  const names = table.key.map((column) => quoteIdentifier(column.name));
  const left = `${quoteIdentifier(request.left)}::text collate "C"`;
  const right = `${quoteIdentifier(request.right)}::text collate "C"`;
  const key =
    names.length > 0
      ? `jsonb_build_array(${table.key.map(keyText).join(', ')})`
      : 'jsonb_build_array(ctid::text)';
  const bounds = table.key.map((column, index) => `$${index + 1}::text::${column.type}`);
  const where = fromStart ? '' : `where (${names.join(', ')}) > (${bounds.join(', ')})`;
  const order = names.length > 0 ? `order by ${names.join(', ')} limit ${limit}` : '';
  const carried = names.length > 0 ? `${names.join(', ')}, ` : '';
  const last =
    names.length > 0
      ? `(select ${key} from batch order by ${names.map((name) => `${name} desc`).join(', ')} limit 1)`
      : 'null::jsonb';
  return `with batch as materialized (
  select ${carried}${left} as switchback_left, ${right} as switchback_right, ${names.length > 0 ? '' : 'ctid, '}
    ${left} is distinct from ${right} as switchback_differs
  from only ${table.sql} ${where} ${order}
)
select (select count(*) from batch)::int4 as walked,
  (select count(*) from batch where switchback_differs)::int4 as differing,
  ${last} as position,
  (select jsonb_agg(jsonb_build_object('key', key, 'left', switchback_left, 'right', switchback_right)) from (
    select ${key} as key, switchback_left, switchback_right from batch where switchback_differs
    ${names.length > 0 ? `order by ${names.join(', ')}` : ''} limit ${mostExamples}) as first_differing) as examples`;
}

/** Dates through JSON, which writes ISO 8601 whatever DateStyle says. */
function keyText(column: { name: string; type: string }): string {
  const name = quoteIdentifier(column.name);
  return /^(date|timestamp)/.test(column.type) ? `to_jsonb(${name}) #>> '{}'` : `${name}::text`;
}
