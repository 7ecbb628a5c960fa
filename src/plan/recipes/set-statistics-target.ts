import { targetWords, type SetStatisticsTarget } from '../../assess/changes/set-statistics-target';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteLiteral } from '../../sql/identifier';
import { migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { regclass } from '../pieces/sql-text';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/**
 * Sets how much ANALYZE gathers of a column, in the table and in all below it.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-STATISTICS
 */
export const setStatisticsTargetRecipe: Recipe<SetStatisticsTarget> = {
  id: 'set-statistics-target',
  blockers: () => [],
  phases: ({ change, assessment: { table, statisticsTargets } }) => {
    const relation = formatQualifiedName(table.name);
    const column = formatIdentifier(change.column);
    const set = (target: number): string => `ALTER COLUMN ${column} SET STATISTICS ${target}`;
    const [own, ...below] = statisticsTargets ?? [];
    const before = own?.target ?? -1;
    const tables = (statisticsTargets ?? []).map((each) => regclass(each.table)).join(', ');
    const step = migrationStep({
      slug: 'set-statistics-target',
      title: t('Set the statistics target of {0} to {1}', column, targetWords(change.target)),
      action: t('Nothing is read: the next ANALYZE keeps to it. Others go on reading and writing.'),
      forward: [`ALTER TABLE ${relation} ${set(change.target)}`],
      rollback: [
        `ALTER TABLE ${relation} ${set(before)}`,
        ...below
          .filter(({ target }) => target !== before)
          .map((each) => `ALTER TABLE ONLY ${formatQualifiedName(each.table)} ${set(each.target)}`),
      ],
      holds: [
        `(SELECT bool_and(coalesce(attstattarget, -1) = ${change.target}) FROM pg_catalog.pg_attribute ` +
          `WHERE attrelid IN (${tables}) AND attname = ${quoteLiteral(change.column)})`,
      ],
      expectation: t('The statistics target of {0} is {1}.', column, targetWords(change.target)),
      forecast: stepForecast('ShareUpdateExclusiveLock', 'catalog', table),
    });
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('ANALYZE has its new target.'), steps: [step] },
        { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
        { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
      ],
      noReturn: null,
      notes: [t('Plans change only after the next ANALYZE of {0}.', relation)],
    });
  },
};
