import { goingRowsSql, isReferredTo, rowKey, type GoingRows } from '../../assess/row-removal';
import type { SingleChange } from '../../assess/change';
import type { TableFacts } from '../../catalog/table-facts';
import { fittingName, shortHash } from '../../sql/free-name';
import { formatQualifiedName, quoteIdentifier, type QualifiedName } from '../../sql/identifier';
import type { PlanOptions } from '../plan';
import type { RecipeContext } from '../recipe';

/** Everything that rows need to go in batches, decided once, so that its steps agree. */
export interface RemovalParts {
  table: TableFacts;
  rows: GoingRows;
  options: PlanOptions;
  key: string[];
  /** The keys of the rows that go, each with whether it is gone. */
  list: QualifiedName;
  keyNames: string[];
  /** Where they are moved to; null where they are deleted. */
  archive: QualifiedName | null;
  functionName: QualifiedName;
  triggerName: string;
  /** Where the user's condition finds functions and operators. */
  searchPath: string[];
}

/** Throws where no key tells the table's rows apart, which a blocker says before. */
export function removalParts(
  { assessment, options }: RecipeContext<SingleChange>,
  rows: GoingRows,
  archive: boolean,
): RemovalParts {
  const { table } = assessment;
  const schemas = assessment.schemas ?? [];
  const key = rowKey(table);
  if (key === null) throw new Error('no key to list rows by');
  const { schema, name } = table.name;
  const id = shortHash(JSON.stringify([table.name, rows]));
  const named = (stem: string): QualifiedName => ({ schema, name: `${stem}_${id}` });
  return {
    table,
    rows,
    options,
    key,
    list: named('switchback_going'),
    keyNames: key.map((_, index) => `switchback_key_${index + 1}`),
    archive: archive ? { schema, name: fittingName(name, `_archive_${id}`) } : null,
    functionName: named('switchback_take_out'),
    triggerName: 'switchback_take_out',
    searchPath: ['pg_catalog', ...schemas.filter((each) => each !== 'pg_catalog'), 'pg_temp'],
  };
}

/** SQL that is true for a row of the table that is the one of this list entry; `entry`: OLD, or the list's alias. */
export function isListedAs(parts: RemovalParts, entry: string, of: string | null = null): string {
  const row = of === null ? '' : `${of}.`;
  return parts.key
    .map((column, index) => `${row}${quoteIdentifier(column)} = ${entry}.${parts.keyNames[index]!}`)
    .join(' AND ');
}

/** SQL of the table's rows that are listed, are still to go, and to which nothing refers. */
export function leftSql(parts: RemovalParts): string {
  const listed = `EXISTS (SELECT FROM ${formatQualifiedName(parts.list)} AS switchback_listed WHERE ${isListedAs(parts, 'switchback_listed', quoteIdentifier(parts.table.name.name))})`;
  return `FROM ${formatQualifiedName(parts.table.name)} WHERE ${listed} AND ${mayGo(parts)}`;
}

/** SQL that is true for a row that still is one of those that go, and to which nothing refers. */
export function mayGo(parts: RemovalParts): string {
  const { table, rows } = parts;
  const unreferred = table.foreignKeysIn.map((key) => `NOT ${isReferredTo(key, table)}`);
  const still = rows.by === 'condition' ? `(${rows.where})` : hasAnother(parts, rows.columns);
  return [still, ...unreferred].join(' AND ');
}

/** A row with the same values that stays. */
function hasAnother(parts: RemovalParts, columns: readonly string[]): string {
  return `EXISTS (SELECT FROM ${formatQualifiedName(parts.table.name)} AS switchback_other WHERE ${staysFor(parts, columns, quoteIdentifier(parts.table.name.name))})`;
}

/** SQL that is true for `switchback_other` where it has the values of `row` and is not listed. */
export function staysFor(parts: RemovalParts, columns: readonly string[], row: string): string {
  const same = columns.map(
    (column) => `switchback_other.${quoteIdentifier(column)} = ${row}.${quoteIdentifier(column)}`,
  );
  return (
    `${same.join(' AND ')} AND NOT EXISTS (SELECT FROM ${formatQualifiedName(parts.list)} AS switchback_staying ` +
    `WHERE ${isListedAs(parts, 'switchback_staying', 'switchback_other')})`
  );
}

/** SQL of the keys of the rows that go now. */
export function goingKeysSql({ table, rows, key }: RemovalParts): string {
  return `SELECT ${key.map((column) => quoteIdentifier(column)).join(', ')} FROM ${goingRowsSql(rows, table)}`;
}
