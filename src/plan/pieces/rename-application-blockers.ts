import type { RenameColumn } from '../../assess/changes/rename-column';
import { dependentsOfColumn, type ColumnFacts, type TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { beforeTriggers } from './rename-parts';

/** What the database writes to the old column by itself: an application that writes both columns cannot follow it. */
export function applicationBlockers(change: RenameColumn, table: TableFacts, column: ColumnFacts): string[] {
  const from = formatIdentifier(change.from);
  const relation = formatQualifiedName(table.name);
  const blockers: string[] = [];
  const sequences = dependentsOfColumn(table.dependents, change.from).sequences;
  if (column.identity !== null || sequences.length > 0) {
    blockers.push(
      t(
        '{0} gets its values from a sequence, so the application cannot write the same one to both columns. Choose the dual write by trigger.',
        from,
      ),
    );
  }
  if (column.typeKind === 'domain') {
    blockers.push(
      t(
        '{0} is of the domain {1}, whose own rules cannot be let go of before the application stops writing it. Choose the dual write by trigger.',
        from,
        column.type,
      ),
    );
  }
  const setting = beforeTriggers(table, change.from);
  if (setting.length > 0) {
    blockers.push(
      t(
        'These BEFORE triggers use {0} and may set it after the application has written both columns: {1}. Choose the dual write by trigger, which runs after them.',
        from,
        setting.join(', '),
      ),
    );
  }
  const writing = writingRoutines(table, change.from);
  if (writing.length > 0) {
    blockers.push(
      t(
        'These routines write {0} and may give {1} a value: {2}. Make them write both columns, or choose the dual write by trigger.',
        relation,
        from,
        writing.join(', '),
      ),
    );
  }
  if (table.replicaIdentity === 'index' && uniqueOn(table, change.from)) {
    blockers.push(
      t(
        'The replica identity of {0} is an index, and {1} is in a unique one. Choose the dual write by trigger, or another replica identity.',
        relation,
        from,
      ),
    );
  }
  if (table.partitioning !== null && uniqueOn(table, change.from)) {
    blockers.push(
      t(
        '{0} is in a unique index of the partitioned table {1}, which cannot be dropped and built again without stopping its writers. Choose the dual write by trigger.',
        from,
        relation,
      ),
    );
  }
  return blockers;
}

function uniqueOn(table: TableFacts, column: string): boolean {
  return table.indexes.some(
    (index) => index.unique && [...index.columns, ...index.expressionColumns].includes(column),
  );
}

/** Routines that mention the column and hold a statement that writes the table. */
function writingRoutines(table: TableFacts, column: string): string[] {
  const name = table.name.name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('"', '""');
  const writes = new RegExp(
    `\\b(?:insert\\s+into|update|merge\\s+into|copy)\\s+(?:only\\s+)?(?:[^\\s;]+\\s*\\.\\s*)?"?${name}(?![\\p{L}\\p{N}_$])`,
    'iu',
  );
  return dependentsOfColumn(table.dependents, column)
    .routines.filter((routine) => routine.definition === undefined || writes.test(routine.definition))
    .map((routine) => routine.signature);
}
