import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';

/** What DROP COLUMN takes with it, and what else it locks, in sentences. */
export function goesWithColumn(table: TableFacts, column: string): string[] {
  const uses = ({ columns }: { columns: readonly string[] }): boolean => columns.includes(column);
  const names = [
    ...table.constraints.filter((each) => each.kind !== 'not-null' && uses(each)).map(({ name }) => name),
    ...table.indexes
      .filter((index) => index.constraint === null)
      .filter((index) => uses(index) || index.expressionColumns.includes(column))
      .map(({ name }) => name.name),
    ...table.dependents.statistics.filter(uses).map(({ name }) => name.name),
    ...table.dependents.sequences.filter(uses).map(({ name }) => name.name),
  ].map((name) => formatIdentifier(name));
  const referenced = table.foreignKeysOut
    .filter(({ fromColumns }) => fromColumns.includes(column))
    .map(({ to }) => formatQualifiedName(to));
  return [
    ...(names.length > 0 ? [t('With it go {0}.', names.join(', '))] : []),
    ...(referenced.length > 0
      ? [
          t(
            'Its foreign key goes too, for which {0} is locked as strongly for that moment.',
            referenced.join(', '),
          ),
        ]
      : []),
  ];
}
