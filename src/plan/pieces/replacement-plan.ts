import { namesOf, type ColumnReplacement } from '../../assess/column-replacement';
import type { SingleChange } from '../../assess/change';
import { t } from '../../messages/translate';
import type { RecipeContext, RecipePlan } from '../recipe';
import { recipePlan } from './recipe-plan';
import { replacementContract } from './replacement-contract';
import { replacementExpand } from './replacement-expand';
import { replacementFill } from './replacement-fill';
import { replacementNotes } from './replacement-notes';
import { replacementParts } from './replacement-parts';
import { bothWaysRelease, replacementWait } from './replacement-releases';

/** The plan of columns that take the place of others and from which the old values come back. */
export function replacementPlan(
  context: RecipeContext<SingleChange>,
  replacement: ColumnReplacement,
): RecipePlan {
  const parts = replacementParts(context, replacement);
  return recipePlan({
    phases: [
      replacementExpand(parts),
      {
        name: 'migrate',
        goal: t('Every row has the new values, and the application uses them.'),
        steps: [...replacementFill(parts), bothWaysRelease(parts), replacementWait(parts)],
      },
      replacementContract(parts),
    ],
    noReturn: {
      slug: 'drop-old-columns',
      why: t(
        'It drops {0}. Until then they are kept true by the trigger; from then on code that knows them fails, and a rollback would have to add them anew and compute them by {1}.',
        namesOf(parts.old),
        parts.old.flatMap(({ back }) => back ?? []).join(', '),
      ),
    },
    notes: replacementNotes(parts),
  });
}
