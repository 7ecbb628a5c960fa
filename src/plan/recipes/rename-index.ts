import { indexOf } from '../../assess/changes/drop-index';
import type { RenameIndex } from '../../assess/changes/rename-index';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import type { StepForecast } from '../plan';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { regclass } from '../pieces/sql-text';
import type { Recipe } from '../recipe';

/**
 * Renames an index. ALTER INDEX ... RENAME locks the index alone, SHARE UPDATE EXCLUSIVE, and not its table.
 * https://www.postgresql.org/docs/current/sql-alterindex.html
 */
export const renameIndexRecipe: Recipe<RenameIndex> = {
  id: 'rename-index',
  blockers: () => [],
  phases: ({ change, assessment: { table } }) => {
    const { name } = indexOf(table, change.index);
    const to = { schema: name.schema, name: change.to };
    const step = migrationStep({
      slug: 'rename-index',
      title: t('Rename the index {0} to {1}', formatIdentifier(name.name), formatIdentifier(to.name)),
      action: t('Queries do not say the name. Nobody who reads or writes the table waits.'),
      forward: [`ALTER INDEX ${formatQualifiedName(name)} RENAME TO ${formatIdentifier(to.name)}`],
      rollback: [`ALTER INDEX ${formatQualifiedName(to)} RENAME TO ${formatIdentifier(name.name)}`],
      holds: [`(${regclass(to)} IS NOT NULL)`, `(${regclass(name)} IS NULL)`],
      expectation: t('The index is called {0}.', to.name),
      forecast: forecastOn(name),
    });
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('The index has its new name.'), steps: [step] },
        { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
        { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
      ],
      noReturn: null,
      notes:
        table.partitioning === null
          ? []
          : [
              t(
                'The indexes of the partitions keep their names; plan the change for each that has to follow.',
              ),
            ],
    });
  },
};

/** No table is locked, and the lock of the index stands in the way of nobody who reads or writes. */
function forecastOn(index: QualifiedName): StepForecast {
  return {
    lock: null,
    relation: null,
    work: 'catalog',
    holdMilliseconds: { low: 1, high: 50 },
    phrase: t('no lock on a table, SHARE UPDATE EXCLUSIVE on the index {0}', formatQualifiedName(index)),
  };
}
