import { columnOf } from '../catalog/read-table-facts';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../sql/identifier';
import { constantFault } from './assigned-value';
import type { Look } from './changes/change-type';
import { readOnlyRows } from './read-only-query';

/**
 * What stops one value from being given to every row that has none in the column, now or later: its type, a CHECK or a
 * foreign key that it breaks, an index that takes it once only. Each with the way out.
 */
export async function constantValueBlockers(column: string, expression: string, at: Look): Promise<string[]> {
  const { table } = at;
  const { type } = columnOf(table, column);
  const fault = await constantFault(at, expression, type);
  if (fault !== null)
    return [t('The value {0} does not give a {1}: {2}. Correct it.', expression, type, fault)];
  const once = table.indexes.find(
    (index) => index.unique && !index.partial && index.columns.length === 1 && index.columns[0] === column,
  );
  if (once !== undefined)
    return [
      t(
        'The index {0} takes each value of {1} once, and {2} would be given to every row without one. Give a value that differs from row to row.',
        formatIdentifier(once.name.name),
        formatIdentifier(column),
        expression,
      ),
    ];
  return [
    ...(await brokenChecks(column, expression, at)),
    ...(await missingReferences(column, expression, at)),
  ];
}

/** CHECKs over the column alone, tried on a row that is made up. */
async function brokenChecks(column: string, expression: string, at: Look): Promise<string[]> {
  const { session, table, signal } = at;
  const { type } = columnOf(table, column);
  const broken: string[] = [];
  for (const { name, kind, columns, definition } of table.constraints) {
    const condition = /^CHECK (\(.*\))(?: NO INHERIT)?(?: NOT VALID)?$/su.exec(definition)?.[1];
    if (kind !== 'check' || condition === undefined || columns.some((each) => each !== column)) continue;
    const row = `(SELECT (${expression}\n)::${type} AS ${quoteIdentifier(column)}) AS ${quoteIdentifier(table.name.name)}`;
    const found = await readOnlyRows(session, `SELECT FROM ${row} WHERE NOT ${condition}`, signal);
    if (found.length > 0) broken.push(name);
  }
  return broken.map((name) =>
    t(
      'The value {0} breaks the constraint {1} of {2}. Give one that it takes.',
      expression,
      formatIdentifier(name),
      formatQualifiedName(table.name),
    ),
  );
}

async function missingReferences(column: string, expression: string, at: Look): Promise<string[]> {
  const { session, table, signal } = at;
  const { type } = columnOf(table, column);
  const missing: string[] = [];
  for (const { name, fromColumns, to, toColumns } of table.foreignKeysOut) {
    if (fromColumns.length !== 1 || fromColumns[0] !== column) continue;
    const sql = `SELECT FROM ${formatQualifiedName(to)} WHERE ${quoteIdentifier(toColumns[0]!)} = (${expression}\n)::${type} LIMIT 1`;
    const found = await readOnlyRows(session, sql, signal);
    if (found.length === 0)
      missing.push(
        t(
          'No row of {0} has the value {1}, to which {2} would refer by the foreign key {3}. Insert it first, or give another value.',
          formatQualifiedName(to),
          expression,
          formatIdentifier(column),
          formatIdentifier(name),
        ),
      );
  }
  return missing;
}
