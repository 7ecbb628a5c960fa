import type { Assessment } from '../../assess/assessment';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { childBlockers } from './partition-blocker';
import { rowSecurityBlockers } from './table-at-new-name';

/** What stops a rename by a view, each with the way out. Keys, partition keys and generated columns do not. */
export function renameViewBlockers(assessment: Assessment): string[] {
  const { table } = assessment;
  const relation = formatQualifiedName(table.name);
  const blockers = [...childBlockers(table), ...rowSecurityBlockers(assessment)];
  if (table.inheritedBy.length > 0)
    blockers.push(
      t(
        '{0} has children by INHERITS, whose column gets the new name with it while code may use them by their own name. Detach them first.',
        relation,
      ),
    );
  if (table.publications.length > 0)
    blockers.push(
      t(
        '{0} is published by {1}, and subscribers find their table by its name, which a view has meanwhile. Rename the column with a copy, or take the table out of the publication first.',
        relation,
        table.publications.map(({ name }) => name).join(', '),
      ),
    );
  return blockers;
}
