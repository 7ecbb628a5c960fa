import type { TableFacts } from '../catalog/table-facts';
import type { Session } from '../database/session';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatQualifiedName, quoteIdentifier, type QualifiedName } from '../sql/identifier';
import { readOnlyRows } from './read-only-query';

/** How many rows are counted before it is called enough. */
const enough = 1000;

/**
 * The blocker for rows that a change would not take, with the query that lists them; none where there are no such rows,
 * or where it took too long to find out.
 */
export async function rowsInTheWay(
  session: Session,
  query: string,
  table: QualifiedName,
  signal: AbortSignal,
): Promise<string[]> {
  const count = await countRows(session, query, signal);
  if (count === null || count === 0) return [];
  if (count === 1)
    return [
      t(
        'What {0} holds is in the way, in 1 place. This query lists it; correct it first: {1}',
        formatQualifiedName(table),
        query.replace(/\s+/g, ' '),
      ),
    ];
  const number = count >= enough ? t('{0} or more', enough) : String(count);
  return [
    t(
      'What {0} holds is in the way, in {1} places. This query lists them; correct them first: {2}',
      formatQualifiedName(table),
      number,
      query.replace(/\s+/g, ' '),
    ),
  ];
}

async function countRows(session: Session, query: string, signal: AbortSignal): Promise<number | null> {
  try {
    const rows = await readOnlyRows(
      session,
      `SELECT count(*)::int AS count FROM (SELECT FROM (${query}) AS every LIMIT ${enough}) AS found`,
      signal,
    );
    return Number(rows[0]?.['count']);
  } catch (error) {
    const tookTooLong = isSwitchbackError(error) && error.details['sqlstate'] === '57014' && !signal.aborted;
    if (tookTooLong) return null;
    throw error;
  }
}

/** Lists what occurs more than once. NULLs do not count: they are all different to a unique index. */
export function duplicatesQuery(
  table: TableFacts,
  keys: readonly string[],
  predicate: string | null = null,
): string {
  const present = keys.map((key) => `${key} IS DISTINCT FROM NULL`);
  const conditions = predicate === null ? present : [...present, `(${predicate})`];
  return (
    `SELECT ${keys.join(', ')}, count(*) AS times\n  FROM ${rowsOf(table)}\n` +
    ` WHERE ${conditions.join(' AND ')}\n GROUP BY ${keys.map((_, index) => index + 1).join(', ')}\nHAVING count(*) > 1`
  );
}

/** Lists rows without a value in one of the columns. */
export function missingValuesQuery(table: TableFacts, columns: readonly string[]): string {
  const missing = columns.map((column) => `${quoteIdentifier(column)} IS NOT DISTINCT FROM NULL`);
  return `SELECT *\n  FROM ${rowsOf(table)}\n WHERE ${missing.join(' OR ')}`;
}

/** Lists rows for which a condition is false; where it is NULL a CHECK takes the row. */
export function violationsQuery(table: TableFacts, condition: string): string {
  return `SELECT *\n  FROM ${formatQualifiedName(table.name)}\n WHERE NOT (${condition})`;
}

/** The table as a unique index or a foreign key sees it: without children by INHERITS. */
export function rowsOf(table: TableFacts): string {
  const relation = formatQualifiedName(table.name);
  return table.inheritedBy.length > 0 ? `ONLY ${relation}` : relation;
}
