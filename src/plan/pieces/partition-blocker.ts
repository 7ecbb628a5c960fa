import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';

/** What stops a change that only the topmost table can make: the table is a partition or a child of another. */
export function childBlockers(table: TableFacts): string[] {
  const relation = formatQualifiedName(table.name);
  if (table.partitionOf !== null) {
    return [
      t(
        '{0} is a partition of {1}. Plan the change on that table.',
        relation,
        formatQualifiedName(table.partitionOf),
      ),
    ];
  }
  const [parent] = table.inherits;
  if (parent === undefined) return [];
  return [
    t(
      '{0} inherits from {1}. Plan the change on that table, or end the inheritance first.',
      relation,
      formatQualifiedName(parent),
    ),
  ];
}
