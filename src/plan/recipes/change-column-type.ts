import type { ChangeColumnType } from '../../assess/changes/change-column-type';
import { t } from '../../messages/translate';
import { formatIdentifier } from '../../sql/identifier';
import { recipePlan } from '../pieces/recipe-plan';
import { typeBlockers } from '../pieces/type-blockers';
import { typeContract } from '../pieces/type-contract';
import { typeExpand } from '../pieces/type-expand';
import { typeInPlace } from '../pieces/type-in-place';
import { typeMigrate } from '../pieces/type-migrate';
import { typeParts } from '../pieces/type-parts';
import type { Recipe } from '../recipe';

/** Changes a type in place where the rows stay as they are; else beside the old column, which is swapped with it. */
export const changeColumnTypeRecipe: Recipe<ChangeColumnType> = {
  id: 'change-column-type',
  blockers: typeBlockers,
  phases: (context) => {
    const parts = typeParts(context);
    if (parts.facts.inPlace) return typeInPlace(parts);
    return recipePlan({
      phases: [typeExpand(parts), typeMigrate(parts), typeContract(parts)],
      noReturn: {
        slug: 'drop-old-values',
        why: t(
          'It drops the values of {0} as they were. Until then the swap can be taken back, and what was written since comes back by {1}.',
          formatIdentifier(context.change.column),
          parts.facts.back,
        ),
      },
      notes: parts.notes,
    });
  },
};
