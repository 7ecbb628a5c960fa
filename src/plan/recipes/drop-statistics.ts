import { statisticsOf, type DropStatistics } from '../../assess/changes/drop-statistics';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { statisticsExist } from '../pieces/statistics-exist';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/**
 * Drops extended statistics. The way back defines them again; what they held ANALYZE gathers anew.
 * https://www.postgresql.org/docs/current/sql-dropstatistics.html
 */
export const dropStatisticsRecipe: Recipe<DropStatistics> = {
  id: 'drop-statistics',
  blockers: () => [],
  phases: ({ change, assessment: { table, statistics } }) => {
    const { name, definition } = statisticsOf(table, change.name);
    const quoted = formatQualifiedName(name);
    const { comment = null, target = null, owner = table.owner } = statistics ?? {};
    const step = migrationStep({
      slug: 'drop-statistics',
      title: t('Drop the statistics {0}', formatIdentifier(name.name)),
      action: t('Queries may get other plans from here on. Others go on reading and writing.'),
      forward: [`DROP STATISTICS ${quoted}`],
      rollback: [
        definition,
        ...(comment === null ? [] : [`COMMENT ON STATISTICS ${quoted} IS ${quoteLiteral(comment)}`]),
        ...(target === null ? [] : [`ALTER STATISTICS ${quoted} SET STATISTICS ${target}`]),
        // They belong to whoever defines them, not to the owner of the table.
        `ALTER STATISTICS ${quoted} OWNER TO ${formatIdentifier(owner)}`,
      ],
      holds: [`NOT ${statisticsExist(name)}`],
      expectation: t('There are no statistics {0}.', name.name),
      forecast: stepForecast('ShareUpdateExclusiveLock', 'catalog', table),
    });
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be there before.'), steps: [] },
        { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
        { name: 'contract', goal: t('The statistics are gone.'), steps: [step] },
      ],
      noReturn: null,
      notes: [
        t(
          'After a rollback they are empty until ANALYZE {0} gathers them again.',
          formatQualifiedName(table.name),
        ),
      ],
    });
  },
};
