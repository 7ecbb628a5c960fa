import { purgedRows, type PurgeRows } from '../../assess/changes/purge-rows';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { removalPlan } from '../pieces/removal-plan';
import { rowChangeBlockers } from '../pieces/row-change-blockers';
import type { Recipe } from '../recipe';

/** Deletes rows in batches, or moves them to an archive. */
export const purgeRowsRecipe: Recipe<PurgeRows> = {
  id: 'purge-rows',
  blockers: (_, { table }) => rowChangeBlockers(table, []),
  phases: (context) => {
    const { change } = context;
    return removalPlan(context, {
      rows: purgedRows(change),
      archive: change.archive,
      instructions: t(
        'Make nothing ask for rows of {0} with {1}, also no report and no export, and write none. Release it to all instances.',
        formatQualifiedName(change.table),
        change.where,
      ),
    });
  },
};
