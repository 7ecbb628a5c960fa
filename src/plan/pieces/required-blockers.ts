import type { Assessment } from '../../assess/assessment';
import type { AddRequiredColumn } from '../../assess/changes/add-required-column';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { fillTriggerBlockers } from './fill-trigger';

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
  if (change.fill.by === 'expression')
    blockers.push(...fillTriggerBlockers(table, assessment.newColumn?.columns ?? []));
  return blockers;
}
