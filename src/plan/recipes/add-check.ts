import type { AddCheck } from '../../assess/changes/add-check';
import { violationsQuery } from '../../assess/rows-in-the-way';
import { t } from '../../messages/translate';
import { parseExpression } from '../../sql/expression';
import { keepingPhase, keptCheck, type NewRule } from '../pieces/keeping-release';
import { constraintNames } from '../pieces/not-null-proof';
import { recipePlan } from '../pieces/recipe-plan';
import { serverName } from '../pieces/server-name';
import { constraintInTwoSteps } from '../pieces/validated-constraint';
import type { Recipe } from '../recipe';

/**
 * Adds a CHECK as NOT VALID and proves it afterwards, once the application keeps to it.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export const addCheckRecipe: Recipe<AddCheck> = {
  id: 'add-check',
  blockers: () => [],
  phases: ({ change, assessment: { table }, options, parser }) => {
    const { columns } = parseExpression(parser, change.expression);
    const addition = columns.length === 1 ? columns[0]! : null;
    const name = change.name ?? serverName(change.table.name, addition, 'check', constraintNames(table));
    const rule: NewRule = {
      table,
      rule: t('the check {0}', name),
      instructions: t(
        'Make sure that no writer leaves a row for which {0} is false, and release it to all instances.',
        change.expression,
      ),
      query: violationsQuery(table, change.expression),
      options,
    };
    const added = constraintInTwoSteps({
      table,
      on: table.name,
      name,
      definition: `CHECK (${change.expression})`,
      lock: 'AccessExclusiveLock',
    });
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        keepingPhase(rule),
        {
          name: 'contract',
          goal: t('Every row meets the condition, proved.'),
          steps: [keptCheck(rule), ...added],
        },
      ],
      noReturn: null,
    });
  },
};
