import type { AddAttribute } from '../../assess/changes/add-attribute';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { leavingPhase } from '../pieces/leaving-release';
import { locklessForecast } from '../pieces/lockless-forecast';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { columnExists, regclass } from '../pieces/sql-text';
import type { Recipe } from '../recipe';
import { attributesText } from '../pieces/attribute-texts';

/**
 * Adds an attribute to a composite type, once nobody makes or reads values of it by counting attributes. Values that
 * columns hold are not written: they have fewer attributes, and those behind are NULL.
 * https://www.postgresql.org/docs/current/sql-altertype.html
 */
export const addAttributeRecipe: Recipe<AddAttribute> = {
  id: 'add-attribute',
  blockers: () => [],
  phases: ({ change, assessment: { compositeType }, options }) => {
    const type = formatQualifiedName(change.table);
    const name = formatIdentifier(change.name);
    const { routines = [], columns = [], attributes = [], sorted = [] } = compositeType ?? {};
    const step = migrationStep({
      slug: 'add-attribute',
      title: t('Add {0} to {1}', name, type),
      action: t(
        'Only the catalog is written; no table is locked and no row is read. Values that are stored have no value of the attribute.',
      ),
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
          instructions: [
            t(
              "Values of {0} that are made by ROW(...) or '(...)' with {1} fail when it has one more. Make them by jsonb_populate_record(NULL::{0}, ...) or attribute by attribute, read attributes by their names, and release it to all instances.",
              type,
              attributesText(attributes.length),
            ),
            ...(routines.length === 0
              ? []
              : [t('These take or give values of it, and have to do the same: {0}.', routines.join(', '))]),
            ...(columns.length === 0
              ? []
              : [t('These columns have values of {0}: {1}.', type, columns.join(', '))]),
          ].join(' '),
          present: `${regclass(change.table)} IS NOT NULL`,
          options,
        }),
        { name: 'contract', goal: t('The type has the attribute.'), steps: [step] },
      ],
      noReturn: null,
      notes: [
        t('Code that uses the attribute comes with a release after the last step.'),
        ...(columns.length === 0
          ? []
          : [
              t(
                'Going back drops the attribute with what new code has written to it; the other attributes of a value stay.',
              ),
            ]),
        ...(sorted.length === 0
          ? []
          : [
              t(
                'Where new code has written the attribute before you go back, build these indexes again afterwards (REINDEX INDEX CONCURRENTLY), as they keep values in an order that counts it: {0}.',
                sorted.join(', '),
              ),
            ]),
      ],
    });
  },
};
