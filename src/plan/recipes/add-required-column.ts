import type { AddRequiredColumn } from '../../assess/changes/add-required-column';
import { t } from '../../messages/translate';
import { requiredBlockers } from '../pieces/required-blockers';
import { requiredContract } from '../pieces/required-contract';
import { requiredExpand } from '../pieces/required-expand';
import { requiredMigrate } from '../pieces/required-migrate';
import { requiredParts } from '../pieces/required-parts';
import { numberSteps } from '../pieces/step-draft';
import type { Recipe } from '../recipe';

/** Adds a column every row has a value for, while writers that do not know it go on working until contract. */
export const addRequiredColumnRecipe: Recipe<AddRequiredColumn> = {
  id: 'add-required-column',
  blockers: requiredBlockers,
  phases: (context) => {
    const parts = requiredParts(context);
    const phases = numberSteps([requiredExpand(parts), requiredMigrate(parts), requiredContract(parts)]);
    const deploy = phases[1]!.steps.find((step) => step.kind === 'deploy')!;
    return {
      phases,
      pointOfNoReturn: {
        step: deploy.id,
        why: t(
          'From this release on the application writes values of {0} that exist nowhere else; a rollback drops the column and them.',
          context.change.column,
        ),
      },
      notes: parts.notes,
    };
  },
};
