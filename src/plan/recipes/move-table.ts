import type { MoveTable } from '../../assess/changes/move-table';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { newNamePlan, rowSecurityBlockers } from '../pieces/table-at-new-name';
import type { Recipe } from '../recipe';

/** Moves a table to another schema while a view stays in the old one for code that looks for it there. */
export const moveTableRecipe: Recipe<MoveTable> = {
  id: 'move-table',
  blockers: (_change, assessment) => rowSecurityBlockers(assessment),
  phases: ({ change, assessment, options }) => {
    const from = assessment.table.name;
    const to = { schema: change.schema, name: from.name };
    return newNamePlan({
      assessment,
      options,
      to,
      give: `ALTER TABLE ${formatQualifiedName(from)} SET SCHEMA ${formatIdentifier(to.schema)}`,
      takeBack: `ALTER TABLE ${formatQualifiedName(to)} SET SCHEMA ${formatIdentifier(from.schema)}`,
      slug: 'move-table',
      title: t('Move {0} to the schema {1}', formatQualifiedName(from), formatIdentifier(to.schema)),
      notes: moveNotes(change, assessment.table),
    });
  },
};

/** What has no view in its place, and names that are looked up. */
function moveNotes({ schema }: MoveTable, table: TableFacts): string[] {
  const name = formatIdentifier(schema);
  const sequences = table.dependents.sequences.map((sequence) => formatQualifiedName(sequence.name));
  return [
    t(
      'Code that names the table without its schema finds it by search_path: add {0} there for whoever is to find it, before contract.',
      name,
    ),
    ...(sequences.length === 0
      ? []
      : [
          t(
            'These sequences go to {0} with the table: {1}. Column defaults and identities go on; code that calls nextval, currval or setval with the old schema in the name fails from expand on. Before that, make it leave the value to the default (RETURNING gives it).',
            name,
            sequences.join(', '),
          ),
        ]),
    ...(table.partitioning === null ? [] : [t('Partitions stay in their schemas.')]),
    ...(table.dependents.statistics.length === 0
      ? []
      : [t('Extended statistics of the table stay in their schemas.')]),
  ];
}
