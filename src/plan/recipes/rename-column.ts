import type { RenameColumn } from '../../assess/changes/rename-column';
import { t } from '../../messages/translate';
import { renameBlockers } from '../pieces/rename-blockers';
import { renameContract } from '../pieces/rename-contract';
import { renameExpand } from '../pieces/rename-expand';
import { renameMigrate } from '../pieces/rename-migrate';
import { renameParts } from '../pieces/rename-parts';
import { renameByView } from '../pieces/rename-view';
import { renameViewBlockers } from '../pieces/rename-view-blockers';
import { numberSteps } from '../pieces/step-draft';
import type { Recipe } from '../recipe';

/** Renames a column while old and new application code run: a second column, dual write, switch, contract; or by a view. */
export const renameColumnRecipe: Recipe<RenameColumn> = {
  id: 'rename-column',
  blockers: (change, assessment, options) =>
    change.byView === true ? renameViewBlockers(assessment) : renameBlockers(change, assessment, options),
  phases: (context) => {
    if (context.change.byView === true) return renameByView(context);
    const parts = renameParts(context);
    const phases = numberSteps([renameExpand(parts), renameMigrate(parts), renameContract(parts)]);
    const last = phases[2]!.steps.at(-1)!;
    return {
      phases,
      pointOfNoReturn: {
        step: last.id,
        why:
          parts.dual === null
            ? t(
                'It drops {0}. Until then a rollback has the application write both columns again and copies from {1} what {0} lacks; from then on there is nothing to copy to, and code of the old name fails.',
                context.change.from,
                context.change.to,
              )
            : t(
                'It drops {0}. The values live on in {1}, but code of the old name fails from then on, and a rollback would have to add and fill the column anew.',
                context.change.from,
                context.change.to,
              ),
      },
      notes: parts.notes,
    };
  },
};
