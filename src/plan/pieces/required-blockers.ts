import type { Assessment } from '../../assess/assessment';
import type { AddRequiredColumn } from '../../assess/changes/add-required-column';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';

/** What stops adding a required column to this table, each with the way out. */
export function requiredBlockers(change: AddRequiredColumn, assessment: Assessment): string[] {
  const table = assessment.table;
  const relation = formatQualifiedName(table.name);
  const blockers: string[] = [];
  if (table.partitionOf !== null) {
    blockers.push(
      t(
        '{0} is a partition of {1}. Plan the change on that table.',
        relation,
        formatQualifiedName(table.partitionOf),
      ),
    );
  }
  if (table.inheritedBy.length > 0 && change.fill.by === 'expression') {
    blockers.push(
      t(
        '{0} has children by INHERITS, which a trigger does not reach. Use a default, or detach them first.',
        relation,
      ),
    );
  }
  const generated = table.columns.filter((column) => column.generated !== null).map((column) => column.name);
  const read = assessment.newColumn?.columns.filter((column) => generated.includes(column)) ?? [];
  if (change.fill.by === 'expression' && read.length > 0) {
    blockers.push(
      t(
        'The expression reads the generated column {0}, which has no value yet when a trigger runs. Write out what it is computed from.',
        read.map((name) => formatIdentifier(name)).join(', '),
      ),
    );
  }
  return blockers;
}
