import { duplicateRows, type RemoveDuplicates } from '../../assess/changes/remove-duplicates';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { removalPlan } from '../pieces/removal-plan';
import { rowChangeBlockers } from '../pieces/row-change-blockers';
import type { Recipe } from '../recipe';

/** Removes all but one of the rows with the same values, in batches. */
export const removeDuplicatesRecipe: Recipe<RemoveDuplicates> = {
  id: 'remove-duplicates',
  blockers: (_, { table }) => rowChangeBlockers(table, []),
  phases: (context) => {
    const { change } = context;
    const columns = change.columns.map((column) => formatIdentifier(column)).join(', ');
    const plan = removalPlan(context, {
      rows: duplicateRows(change),
      archive: change.archive,
      instructions: t(
        'Make nothing insert a row into {0}, or change one, so that another has the same {1}, and make everything take the row that stays. Release it to all instances.',
        formatQualifiedName(change.table),
        columns,
      ),
    });
    const unique = t(
      'Nothing keeps new duplicates away. Plan "add-unique" on {0} right after this plan.',
      columns,
    );
    return { ...plan, notes: [...plan.notes, unique] };
  },
};
