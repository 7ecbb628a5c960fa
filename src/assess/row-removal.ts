import type { ForeignKeyFacts, TableFacts } from '../catalog/table-facts';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../sql/identifier';
import type { ChangeFindings } from './change-facts';
import type { Look } from './changes/change-type';
import { isStatementFault, serverMessage } from './read-only-query';
import { rowsInTheWay } from './rows-in-the-way';

/** Which rows of a table go. */
export type GoingRows =
  | { by: 'condition'; where: string }
  /** All but one of those with the same values; `first`: SQL after ORDER BY that puts the one that stays first. */
  | { by: 'duplicates'; columns: string[]; first: string | null };

/** The columns that tell rows apart; null where none do. */
export function rowKey(table: TableFacts): string[] | null {
  return table.uniqueKeys.find((columns) => columns.length > 0) ?? null;
}

/** SQL that stands in a FROM clause for the rows that go, under the table's name. */
export function goingRowsSql(rows: GoingRows, table: TableFacts): string {
  const relation = formatQualifiedName(table.name);
  const name = quoteIdentifier(table.name.name);
  if (rows.by === 'condition') return `(SELECT * FROM ${relation} WHERE (${rows.where})) AS ${name}`;
  const same = rows.columns.map((column) => quoteIdentifier(column));
  const order = [...(rows.first === null ? [] : [rows.first]), ...(rowKey(table) ?? []).map(quoteIdentifier)];
  const ordered = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
  const present = same.map((column) => `${column} IS DISTINCT FROM NULL`).join(' AND ');
  return (
    `(SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY ${same.join(', ')}${ordered}) AS switchback_place ` +
    `FROM ${relation} WHERE ${present}) AS ${name} WHERE switchback_place > 1) AS ${name}`
  );
}

/** SQL that is true for a row to which a row of another table refers by this key. */
export function isReferredTo({ from, fromColumns, toColumns }: ForeignKeyFacts, table: TableFacts): string {
  const same = fromColumns.map(
    (column, index) =>
      `switchback_referring.${quoteIdentifier(column)} = ${quoteIdentifier(table.name.name)}.${quoteIdentifier(toColumns[index]!)}`,
  );
  return `EXISTS (SELECT FROM ${formatQualifiedName(from)} AS switchback_referring WHERE ${same.join(' AND ')})`;
}

/** Lets the server count the rows that go, and those of them to which others refer. Throws `invalid-input`. */
export async function readGoingRows(rows: GoingRows, at: Look): Promise<ChangeFindings> {
  const { session, table, signal } = at;
  const going = goingRowsSql(rows, table);
  const blockers: string[] = [];
  try {
    for (const key of table.foreignKeysIn) {
      const query = `SELECT * FROM ${going} WHERE ${isReferredTo(key, table)}`;
      const found = await rowsInTheWay(session, query, table.name, signal);
      blockers.push(...(await unindexedBlockers(key, at)));
      if (found.length > 0) blockers.push(`${referredBlocker(key)} ${found.join(' ')}`);
    }
    await rowsInTheWay(session, `SELECT * FROM ${going}`, table.name, signal);
    const { rows } = await session.query<{ schemas: string[] }>(
      'SELECT pg_catalog.current_schemas(false)::text[] AS schemas',
      [],
      { signal },
    );
    return { schemas: rows[0]!.schemas, blockers };
  } catch (error) {
    if (!isStatementFault(error)) throw error;
    throw new SwitchbackError(
      'invalid-input',
      t('The server cannot tell which rows go: {0}. Correct what says it.', serverMessage(error)),
      { cause: error },
    );
  }
}

/** How many rows a table may have so that looking through all of them for each deleted row is still brief. */
const fewRows = 10_000;

async function unindexedBlockers(key: ForeignKeyFacts, { session, signal }: Look): Promise<string[]> {
  const { rows } = await session.query<{ slow: boolean }>(
    `SELECT c.reltuples > ${fewRows} AND NOT EXISTS (
              SELECT FROM pg_catalog.pg_index i
               WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL
                 AND (i.indkey::int2[])[0:cardinality($2::text[]) - 1] @> ARRAY(
                       SELECT a.attnum FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = ANY ($2))
            ) AS slow
       FROM pg_catalog.pg_class c WHERE c.oid = to_regclass($1)`,
    [formatQualifiedName(key.from), key.fromColumns],
    { signal },
  );
  if (rows[0]?.slow !== true) return [];
  return [
    t(
      'No index of {0} begins with {1}, so that for each row that goes all of {0} would be read. Plan "add-index" on it first.',
      formatQualifiedName(key.from),
      key.fromColumns.map((column) => formatIdentifier(column)).join(', '),
    ),
  ];
}

function referredBlocker({ name, from, definition }: ForeignKeyFacts): string {
  const action = /ON DELETE (CASCADE|SET NULL|SET DEFAULT|RESTRICT)/.exec(definition)?.[1] ?? 'NO ACTION';
  return t(
    'Rows of {0} refer to rows that would go, by {1} (ON DELETE {2}). Delete them first, or let them refer to rows that stay.',
    formatQualifiedName(from),
    formatIdentifier(name),
    action,
  );
}
