import type { Assessment } from '../../assess/assessment';
import type { SetNotNull } from '../../assess/changes/set-not-null';
import { t } from '../../messages/translate';
import { formatIdentifier } from '../../sql/identifier';
import { fillTriggerBlockers } from '../pieces/fill-trigger';
import { childBlockers } from '../pieces/partition-blocker';
import { recipePlan } from '../pieces/recipe-plan';
import { whyForgotten } from '../pieces/remembered-rows';
import { requireByFilling } from '../pieces/require-by-filling';
import { requireByRelease } from '../pieces/require-by-release';
import type { Recipe, RecipeContext, RecipePlan } from '../recipe';

/** Makes a column NOT NULL: with a value for rows that have none, or once every writer gives one. */
export const setNotNullRecipe: Recipe<SetNotNull> = {
  id: 'set-not-null',
  blockers,
  phases: (context) =>
    context.change.value === null
      ? recipePlan({ phases: requireByRelease(context), noReturn: null })
      : filledPlan(context, context.change.value),
};

function blockers(change: SetNotNull, { table, newColumn }: Assessment): string[] {
  const trigger = change.value === null ? [] : fillTriggerBlockers(table, newColumn?.columns ?? []);
  return [...childBlockers(table), ...trigger];
}

function filledPlan(context: RecipeContext<SetNotNull>, value: string): RecipePlan {
  const { phases, rows } = requireByFilling(context, value);
  const column = formatIdentifier(context.change.column);
  if (rows === null) {
    return recipePlan({
      phases,
      noReturn: { slug: 'backfill', why: whyForgotten(context.change) },
      notes: [
        t(
          'No key tells the rows apart, so that nothing remembers which of them had no value in {0}. With a primary key a rollback could give them NULL again.',
          column,
        ),
      ],
    });
  }
  return recipePlan({
    phases,
    noReturn: { slug: 'remove-help', why: whyForgotten(context.change) },
    notes: [
      t(
        'Rows that are written without {0} while the plan runs get the value at once; a rollback leaves it to them, and to rows whose key has changed since.',
        column,
      ),
    ],
  });
}
