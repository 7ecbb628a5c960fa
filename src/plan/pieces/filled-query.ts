import { formatQualifiedName, quoteIdentifier, type QualifiedName } from '../../sql/identifier';

/** A verification that holds when no row lacks a value, also for composite types, whose IS NULL looks inside. */
export function filledQuery(table: QualifiedName, column: string): string {
  return (
    `SELECT NOT EXISTS (SELECT FROM ${formatQualifiedName(table)} ` +
    `WHERE ${quoteIdentifier(column)} IS NOT DISTINCT FROM NULL) AS holds`
  );
}
