import type { AddAttribute } from '../../assess/changes/add-attribute';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { leavingPhase } from '../pieces/leaving-release';
import { locklessForecast } from '../pieces/lockless-forecast';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { columnExists, regclass } from '../pieces/sql-text';
import type { Recipe } from '../recipe';

/**
 * Adds an attribute to a composite type of no column, once nobody makes values of it by counting attributes.
 * https://www.postgresql.org/docs/current/sql-altertype.html
 */
export const addAttributeRecipe: Recipe<AddAttribute> = {
  id: 'add-attribute',
  blockers: () => [],
  phases: ({ change, assessment: { compositeType }, options }) => {
    const type = formatQualifiedName(change.table);
    const name = formatIdentifier(change.name);
    const routines = compositeType?.routines ?? [];
    const step = migrationStep({
      slug: 'add-attribute',
      title: t('Add {0} to {1}', name, type),
      action: t('Only the catalog is written; no table has values of the type.'),
      forward: [`ALTER TYPE ${type} ADD ATTRIBUTE ${name} ${change.type}`],
      rollback: [`ALTER TYPE ${type} DROP ATTRIBUTE ${name}`],
      holds: [columnExists(change.table, change.name)],
      expectation: t('{0} has the attribute {1}.', type, name),
      forecast: locklessForecast(),
    });
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        leavingPhase({
          rule: t('the number of attributes of {0}', type),
          instructions:
            t(
              "Values of {0} that are made by ROW(...) or '(...)' with {1} attributes fail when it has one more. Make them by jsonb_populate_record(NULL::{0}, ...) or attribute by attribute, read attributes by their names, and release it to all instances.",
              type,
              compositeType?.attributes.length ?? 0,
            ) +
            (routines.length === 0
              ? ''
              : ' ' +
                t('These take or give values of it, and have to do the same: {0}.', routines.join(', '))),
          present: `${regclass(change.table)} IS NOT NULL`,
          options,
        }),
        { name: 'contract', goal: t('The type has the attribute.'), steps: [step] },
      ],
      noReturn: null,
      notes: [t('Code that uses the attribute comes with a release after the last step.')],
    });
  },
};
