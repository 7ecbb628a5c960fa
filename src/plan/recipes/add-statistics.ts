import type { AddStatistics } from '../../assess/changes/add-statistics';
import { columnList } from '../../assess/changes/constraint-fields';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { serverName } from '../pieces/server-name';
import { statisticsExist } from '../pieces/statistics-exist';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/**
 * Adds extended statistics: a change of the catalog that ANALYZE fills later.
 * https://www.postgresql.org/docs/current/sql-createstatistics.html
 */
export const addStatisticsRecipe: Recipe<AddStatistics> = {
  id: 'add-statistics',
  blockers: () => [],
  phases: ({ change, assessment: { table, takenNames } }) => {
    const relation = formatQualifiedName(table.name);
    const columns = columnList(change.columns);
    const addition = change.columns.join('_');
    const name = {
      schema: table.name.schema,
      name: change.name ?? serverName(table.name.name, addition, 'stat', new Set(takenNames ?? [])),
    };
    const kinds = change.statistics.length === 0 ? '' : ` (${change.statistics.join(', ')})`;
    const step = migrationStep({
      slug: 'add-statistics',
      title: t('Add the statistics {0}', formatIdentifier(name.name)),
      action: t('Nothing is read yet: ANALYZE gathers them. Others go on reading and writing.'),
      forward: [`CREATE STATISTICS ${formatQualifiedName(name)}${kinds}\n  ON ${columns} FROM ${relation}`],
      rollback: [`DROP STATISTICS ${formatQualifiedName(name)}`],
      holds: [statisticsExist(name)],
      expectation: t('The statistics {0} are there.', name.name),
      forecast: stepForecast('ShareUpdateExclusiveLock', 'catalog', table),
    });
    const whole = table.partitioning !== null;
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('The statistics are there for ANALYZE to fill.'), steps: [step] },
        { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
        { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
      ],
      noReturn: null,
      notes: [
        whole
          ? t(
              'They are empty until ANALYZE {0} is run, which autovacuum does not do for a partitioned table.',
              relation,
            )
          : t(
              'They are empty until the table is analyzed: autovacuum does so some time, ANALYZE {0} at once.',
              relation,
            ),
      ],
    });
  },
};
