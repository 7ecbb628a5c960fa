import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import type { IndexCopy } from './index-copies';

/** A unique index that stood for a UNIQUE constraint becomes one, under the original's name where its own was a stand-in. */
export function uniqueConstraints(parts: { table: TableFacts; indexes: readonly IndexCopy[] }): string[] {
  if (parts.table.partitioning !== null) return [];
  return parts.indexes.flatMap((copy) => {
    const original = parts.table.constraints.find(
      (constraint) => constraint.name === copy.original.constraint && constraint.kind === 'unique',
    );
    if (!original) return [];
    const name = copy.temporary ? original.name : copy.name.name;
    const deferrable = original.deferrable
      ? ` DEFERRABLE${original.deferred ? ' INITIALLY DEFERRED' : ''}`
      : '';
    const relation = formatQualifiedName(parts.table.name);
    const constraint = formatIdentifier(name);
    return [
      `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${constraint} ` +
        `UNIQUE USING INDEX ${formatIdentifier(copy.name.name)}${deferrable}`,
      ...(original.comment === null
        ? []
        : [`COMMENT ON CONSTRAINT ${constraint} ON ${relation} IS ${quoteLiteral(original.comment)}`]),
    ];
  });
}

/** UNIQUE constraints of the column that may wait until COMMIT: an index by itself refuses at once, until it is one. */
export function deferrableUniqueBlockers(table: TableFacts, column: string, wayOut: string): string[] {
  return table.constraints
    .filter(({ kind, deferrable, columns }) => kind === 'unique' && deferrable && columns.includes(column))
    .map(({ name }) =>
      [
        t(
          'The UNIQUE constraint {0} is deferrable, and the index of a second column refuses at once what it would refuse later, from the moment it is built until contract.',
          formatIdentifier(name),
        ),
        wayOut,
      ].join(' '),
    );
}
