import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';

/**
 * What subscribers of a published table have to do before it gets a column. `standsFor`: the column in whose place a
 * list of columns gets the new one; a list that is not about it leaves the new one out.
 */
export function newColumnPublicationNotes(table: TableFacts, column: string, standsFor?: string): string[] {
  const publishing = table.publications.filter(
    ({ columns }) => columns === null || (standsFor !== undefined && columns.includes(standsFor)),
  );
  if (publishing.length === 0) return [];
  return [
    t(
      '{0} is published by {1}. Add the column {2} on each subscriber before expand, or replication stops.',
      formatQualifiedName(table.name),
      publishing.map((each) => each.name).join(', '),
      formatIdentifier(column),
    ),
  ];
}
