import type { CreateTable } from '../../assess/changes/create-table';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { deployStep, migrationStep } from '../pieces/plain-steps';
import { rawForecast } from '../pieces/raw-forecast';
import { recipePlan } from '../pieces/recipe-plan';
import { regclass } from '../pieces/sql-text';
import type { Recipe } from '../recipe';

const release = 'release-with-table';

/**
 * Creates a table before the release that writes it. A foreign key of it locks the table it refers to, for a moment, as
 * there are no rows to look at: https://www.postgresql.org/docs/current/sql-createtable.html
 */
export const createTableRecipe: Recipe<CreateTable> = {
  id: 'create-table',
  blockers: () => [],
  phases: ({ change, assessment }) => {
    const name = formatQualifiedName(change.table);
    const isThere = `${regclass(change.table)} IS NOT NULL`;
    const [made] = assessment.rawSteps!;
    const create = migrationStep({
      slug: 'create-table',
      title: t('Create {0}', name),
      action:
        made!.forecast.locks.length > 0
          ? t('Nobody knows it yet; its foreign keys lock the tables they refer to for a moment.')
          : t('Nobody knows it yet, so nobody waits.'),
      forward: made!.statements,
      rollback: [`DROP TABLE ${name}`],
      holds: [isThere],
      expectation: t('There is a table {0}.', name),
      forecast: rawForecast(made!),
    });
    const deploy = deployStep({
      slug: release,
      title: t('Release the application that uses {0}', name),
      action: t('From this release on {0} has rows that exist nowhere else.', name),
      instructions: t('Release the application that writes and reads {0}, to all instances.', name),
      rollbackInstructions: t('Release the version without {0}; the rows it wrote stay in the table.', name),
      holds: [isThere],
      expectation: t('The table is there before the code that uses it.'),
    });
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('There is a table {0}.', name), steps: [create] },
        { name: 'migrate', goal: t('The application uses it.'), steps: [deploy] },
        { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
      ],
      noReturn: {
        slug: release,
        why: t('From here on {0} has rows that exist nowhere else; dropping it loses them.', name),
      },
    });
  },
};
