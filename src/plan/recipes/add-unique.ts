import type { AddUnique } from '../../assess/changes/add-unique';
import { columnList } from '../../assess/changes/constraint-fields';
import { duplicatesQuery } from '../../assess/rows-in-the-way';
import { t } from '../../messages/translate';
import { quoteIdentifier } from '../../sql/identifier';
import { indexedTable } from '../pieces/concurrent-index';
import { keepingPhase, keptCheck, type NewRule } from '../pieces/keeping-release';
import { keySteps } from '../pieces/key-constraint';
import { recipePlan } from '../pieces/recipe-plan';
import { serverName } from '../pieces/server-name';
import type { Recipe } from '../recipe';

/** Makes columns unique by an index that is built while others go on writing, once the application keeps to it. */
export const addUniqueRecipe: Recipe<AddUnique> = {
  id: 'add-unique',
  blockers: () => [],
  phases: ({ change, assessment, options }) => {
    const { table } = assessment;
    const on = indexedTable(assessment);
    const addition = change.columns.join('_');
    const name = change.name ?? serverName(change.table.name, addition, 'key', on.taken);
    const columns = columnList(change.columns);
    const rule: NewRule = {
      table,
      rule: t('the unique constraint {0}', name),
      instructions: t(
        'Make sure that no writer gives two rows the same {0}, or is ready for the error that follows, and release it to all instances.',
        columns,
      ),
      query: duplicatesQuery(table, change.columns.map(quoteIdentifier)),
      options,
    };
    const steps = keySteps(on, { name, words: 'UNIQUE', columns, addition, label: 'key' });
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        keepingPhase(rule),
        {
          name: 'contract',
          goal: t('No two rows have the same values.'),
          steps: [keptCheck(rule), ...steps],
        },
      ],
      noReturn: null,
    });
  },
};
