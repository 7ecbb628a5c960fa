import type { SetDefault } from '../../assess/changes/set-default';
import { columnOf } from '../../catalog/read-table-facts';
import { t } from '../../messages/translate';
import { defaultText } from '../../sql/default-text';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { columnDefault } from '../pieces/sql-text';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/** Sets a default: a change of the catalog that touches no row. */
export const setDefaultRecipe: Recipe<SetDefault> = {
  id: 'set-default',
  blockers: () => [],
  phases: ({ change, assessment: { table } }) => {
    const before = columnOf(table, change.column).default;
    const column = formatIdentifier(change.column);
    const alter = `ALTER TABLE ${formatQualifiedName(table.name)} ALTER COLUMN ${column}`;
    const step = migrationStep({
      slug: 'set-default',
      title: t('Set the default of {0}', column),
      action: t('Rows inserted from now on without {0} get it. No row is read or written.', column),
      forward: [`${alter} SET DEFAULT ${defaultText(change.expression)}`],
      rollback: [before === null ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${before}`],
      holds: [
        `${columnDefault(table.name, change.column)} IS DISTINCT FROM ${before === null ? 'NULL' : quoteLiteral(before)}`,
      ],
      expectation: t('{0} has another default than before.', column),
      forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
    });
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('New rows get the default.'), steps: [step] },
        { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
        { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
      ],
      noReturn: null,
    });
  },
};
