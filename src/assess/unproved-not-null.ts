import type { TableFacts } from '../catalog/table-facts';
import { t } from '../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../sql/identifier';

/** What is said of columns whose NOT NULL was never proved on the rows that are there (NOT VALID, from PostgreSQL 18). */
export function unprovedNotNull({ name, constraints }: TableFacts, columns: readonly string[]): string[] {
  const relation = formatQualifiedName(name);
  return constraints
    .filter(
      ({ kind, validated, columns: [column] }) =>
        kind === 'not-null' && !validated && columns.includes(column!),
    )
    .map((constraint) =>
      t(
        'The NOT NULL of {0} in {1} is NOT VALID: rows from before it may have no value. Fill those, and run this, which lets others read and write: {2}',
        formatIdentifier(constraint.columns[0]!),
        relation,
        `ALTER TABLE ${relation} VALIDATE CONSTRAINT ${formatIdentifier(constraint.name)}`,
      ),
    );
}
