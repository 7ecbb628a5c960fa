import type { RenameTable } from '../../assess/changes/rename-table';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { newNamePlan, rowSecurityBlockers } from '../pieces/table-at-new-name';
import type { Recipe } from '../recipe';

/** Renames a table while a view has the old name for code that still uses it. */
export const renameTableRecipe: Recipe<RenameTable> = {
  id: 'rename-table',
  blockers: (_change, assessment) => rowSecurityBlockers(assessment),
  phases: ({ change, assessment, options }) => {
    const from = assessment.table.name;
    const to = { schema: from.schema, name: change.to };
    return newNamePlan({
      assessment,
      options,
      to,
      give: `ALTER TABLE ${formatQualifiedName(from)} RENAME TO ${formatIdentifier(to.name)}`,
      takeBack: `ALTER TABLE ${formatQualifiedName(to)} RENAME TO ${formatIdentifier(from.name)}`,
      slug: 'rename-table',
      title: t('Rename {0} to {1}', formatQualifiedName(from), formatIdentifier(to.name)),
      notes: [
        t('Indexes, constraints and sequences of the table keep their names, as code may know those too.'),
        ...(assessment.table.partitioning === null ? [] : [t('Partitions keep their names.')]),
      ],
    });
  },
};
