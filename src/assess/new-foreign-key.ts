import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import {
  formatIdentifier,
  formatQualifiedName,
  quoteIdentifier,
  type QualifiedName,
} from '../sql/identifier';
import type { ChangeFindings } from './change-facts';
import type { AddForeignKey } from './changes/add-foreign-key';
import type { Look } from './changes/change-type';
import { columnList } from './changes/constraint-fields';
import { foreignPartitionBlockers, readIndexSurroundings } from './partition-tree';
import { isStatementFault, readOnlyRows, serverMessage } from './read-only-query';
import { rowsInTheWay, rowsOf } from './rows-in-the-way';

interface Referenced {
  kind: string;
  primary: string[] | null;
  /** Columns of each unique key, in name order. */
  keys: string[][];
}

/**
 * What a foreign key needs to know: the key it refers to, and rows that refer to nothing. Throws `not-found` where there is no
 * such table.
 */
export async function lookAtForeignKey(change: AddForeignKey, at: Look): Promise<ChangeFindings> {
  const { session, table, signal } = at;
  const { partitions = [] } = await readIndexSurroundings(at);
  const found = await readReferenced(at, change.references);
  const columns = change.toColumns ?? found.primary ?? [];
  const facts = { partitions, referencedColumns: columns };
  const blockers = [...foreignPartitionBlockers(partitions), ...keyBlockers(change, columns, found)];
  if (blockers.length === 0) blockers.push(...(await typeBlockers(change, columns, at)));
  if (blockers.length === 0)
    blockers.push(
      ...(await rowsInTheWay(session, orphansQuery(change, columns, rowsOf(table)), table.name, signal)),
    );
  return { ...facts, blockers };
}

/** Lists rows that refer to a row that is not there. */
export function orphansQuery(
  { columns, references }: Pick<AddForeignKey, 'columns' | 'references'>,
  toColumns: readonly string[],
  rows: string,
): string {
  const present = columns.map((column) => `child.${quoteIdentifier(column)} IS NOT NULL`);
  return (
    `SELECT child.*\n  FROM ${rows} AS child\n WHERE ${present.join(' AND ')}\n` +
    `   AND NOT EXISTS (SELECT FROM ${formatQualifiedName(references)} AS parent WHERE ${joined(columns, toColumns)})`
  );
}

function joined(columns: readonly string[], toColumns: readonly string[]): string {
  return columns
    .map((column, index) => `child.${quoteIdentifier(column)} = parent.${quoteIdentifier(toColumns[index]!)}`)
    .join(' AND ');
}

async function readReferenced({ session, signal }: Look, references: QualifiedName): Promise<Referenced> {
  const columnsOf = `(SELECT json_agg(a.attname ORDER BY k.position) FROM unnest(i.indkey) WITH ORDINALITY AS k(number, position)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number WHERE k.position <= i.indnkeyatts)`;
  const { rows } = await session.query<Referenced>(
    `SELECT c.relkind AS kind,
            (SELECT ${columnsOf} FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary) AS primary,
            (SELECT coalesce(json_agg(${columnsOf}), '[]') FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisunique
                AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL) AS keys
       FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass($1)`,
    [formatQualifiedName(references)],
    { signal },
  );
  if (rows[0]) return rows[0];
  throw new SwitchbackError(
    'not-found',
    t(
      'There is no table {0} to refer to. Create it first, or name another.',
      formatQualifiedName(references),
    ),
  );
}

function keyBlockers(change: AddForeignKey, columns: readonly string[], found: Referenced): string[] {
  const relation = formatQualifiedName(change.references);
  if (!['r', 'p'].includes(found.kind))
    return [t('{0} is no table, and only a table can be referred to. Name the table it reads.', relation)];
  if (columns.length === 0)
    return [t('{0} has no primary key to refer to. Name columns of it that are unique.', relation)];
  if (columns.length !== change.columns.length) {
    return [
      t(
        'The primary key of {0} is {1}, and a foreign key has as many columns on both sides. Name the columns to refer to.',
        relation,
        columnList(columns),
      ),
    ];
  }
  const wanted = [...columns].sort().join('\0');
  if (found.keys.some((key) => [...key].sort().join('\0') === wanted)) return [];
  return [
    t(
      'Nothing keeps {1} unique in {0}, which a foreign key needs. Make it unique there first (add-unique).',
      relation,
      columns.map(formatIdentifier).join(', '),
    ),
  ];
}

async function typeBlockers(
  change: AddForeignKey,
  columns: readonly string[],
  { session, table, signal }: Look,
): Promise<string[]> {
  const sql =
    `SELECT FROM ${formatQualifiedName(table.name)} AS child, ${formatQualifiedName(change.references)} AS parent ` +
    `WHERE ${joined(change.columns, columns)} LIMIT 0`;
  try {
    await readOnlyRows(session, sql, signal);
    return [];
  } catch (error) {
    if (!isStatementFault(error)) throw error;
    return [
      t(
        'The columns cannot be compared: {0}. Choose others, or give both sides the same type.',
        serverMessage(error),
      ),
    ];
  }
}
