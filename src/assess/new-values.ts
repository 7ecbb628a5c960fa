import { columnOf } from '../catalog/read-table-facts';
import type { TableFacts } from '../catalog/table-facts';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../sql/identifier';
import { tooLongCondition } from './assigned-value';
import type { Look } from './changes/change-type';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';
import { duplicatesQuery, rowsInTheWay } from './rows-in-the-way';

/** Values that a column's rows are to get. */
export interface NewValues {
  column: string;
  /** SQL over the row. */
  expression: string;
  /** Which rows; null: all. */
  where: string | null;
  /** Whether the rows are those without a value, of which the user cannot leave one out. */
  onlyMissing?: boolean;
}

/** Rows on which the values fail, or that what the table requires would refuse, each with the way out. */
export async function newValueBlockers(values: NewValues, at: Look): Promise<string[]> {
  const { session, table, signal } = at;
  const fault = await faultOf(values, at);
  if (fault !== null) return [fault];
  const tooLong = await tooLongCondition(at, values.expression, columnOf(table, values.column).type);
  if (tooLong !== null) {
    const long = `SELECT * FROM ${formatQualifiedName(table.name)} WHERE ${whereOf(values)} AND ${tooLong}`;
    const found = await rowsInTheWay(session, long, table.name, signal);
    if (found.length > 0) return found;
  }
  const blockers: string[] = [];
  for (const query of refusedRows(values, table))
    blockers.push(...(await rowsInTheWay(session, query, table.name, signal)));
  return [...new Set(blockers)];
}

async function faultOf(values: NewValues, { session, table, signal }: Look): Promise<string | null> {
  const relation = formatQualifiedName(table.name);
  const { type } = columnOf(table, values.column);
  const sql = `SELECT count((${values.expression})::${type}) FROM ${relation} WHERE ${whereOf(values)}`;
  try {
    await readOnlyRows(session, sql, signal);
    return null;
  } catch (error) {
    const state = isSwitchbackError(error) ? String(error.details['sqlstate'] ?? '') : '';
    if (state === '57014' && !signal.aborted) return null;
    // What changes something, as nextval() does, is not to be tried; the plan computes it.
    if (state === '25006') return null;
    if (!isStatementFault(error) && !(isSwitchbackError(error) && state.startsWith('23'))) throw error;
    if (values.onlyMissing === true)
      return t(
        'The value fails on a row of {0}: {1}. Give one that every row takes.',
        relation,
        serverMessage(error),
      );
    return t(
      'The new value fails on a row of {0}: {1}. Correct the row or the expression, or leave the row out with --where.',
      relation,
      serverMessage(error),
    );
  }
}

function whereOf({ where }: NewValues): string {
  return where === null ? 'true' : `(${where})`;
}

/** Queries that list what is refused once the rows have the new values. */
function refusedRows(values: NewValues, table: TableFacts): string[] {
  const { column } = values;
  const { notNull } = columnOf(table, column);
  const after = rowsAfter(values, table);
  const queries: string[] = [];
  if (notNull)
    queries.push(`SELECT * FROM ${after} WHERE ${quoteIdentifier(column)} IS NOT DISTINCT FROM NULL`);
  for (const { kind, columns, definition } of table.constraints) {
    if (!columns.includes(column)) continue;
    const condition = /^CHECK (\(.*\))(?: NO INHERIT)?(?: NOT VALID)?$/su.exec(definition)?.[1];
    if (kind === 'check' && condition !== undefined)
      queries.push(`SELECT * FROM ${after} WHERE NOT ${condition}`);
    if (kind === 'unique') queries.push(repeated(columns, table, after));
  }
  for (const index of table.indexes) {
    const plain = index.unique && index.constraint === null && !index.partial;
    if (!plain || index.expressionColumns.length > 0 || / INCLUDE \(/.test(index.definition)) continue;
    if (index.columns.includes(column)) queries.push(repeated(index.columns, table, after));
  }
  return [...queries, ...table.foreignKeysOut.flatMap((key) => orphans(key, column, after))];
}

/** The table as it is when the rows have their new values. */
function rowsAfter({ column, expression, where }: NewValues, table: TableFacts): string {
  const { type } = columnOf(table, column);
  const name = quoteIdentifier(column);
  const value = `(${expression})::${type}`;
  const changed = where === null ? value : `CASE WHEN (${where}) THEN ${value} ELSE ${name} END`;
  const others = table.columns
    .filter((each) => each.name !== column)
    .map((each) => quoteIdentifier(each.name));
  return (
    `(SELECT ${[...others, `${changed} AS ${name}`].join(', ')} FROM ${formatQualifiedName(table.name)}) ` +
    `AS ${quoteIdentifier(table.name.name)}`
  );
}

function repeated(columns: readonly string[], table: TableFacts, after: string): string {
  const keys = columns.map((each) => quoteIdentifier(each));
  return duplicatesQuery(table, keys).replace(/FROM .*\n/u, () => `FROM ${after}\n`);
}

function orphans(
  { fromColumns, to, toColumns }: TableFacts['foreignKeysOut'][number],
  column: string,
  after: string,
): string[] {
  if (fromColumns.length !== 1 || fromColumns[0] !== column) return [];
  const name = quoteIdentifier(column);
  return [
    `SELECT * FROM ${after} WHERE ${name} IS DISTINCT FROM NULL AND NOT EXISTS ` +
      `(SELECT FROM ${formatQualifiedName(to)} AS referred WHERE referred.${formatIdentifier(toColumns[0]!)} = ${name})`,
  ];
}
