import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';

/** What subscribers of a published table have to do before it gets a column. */
export function newColumnPublicationNotes(table: TableFacts, column: string): string[] {
  if (table.publications.length === 0) return [];
  return [
    t(
      '{0} is published by {1}. Add the column {2} on each subscriber before expand, or replication stops.',
      formatQualifiedName(table.name),
      table.publications.map((each) => each.name).join(', '),
      formatIdentifier(column),
    ),
  ];
}
