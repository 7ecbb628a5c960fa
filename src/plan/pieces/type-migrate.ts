import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import { imageDiffers } from '../../sql/image-differs';
import { backfillForecast, stepForecast } from '../step-forecast';
import { constraintSteps } from './constraint-steps';
import { indexCopySteps } from './index-copy-steps';
import { checkStep, deployStep, migrationStep, waitStep } from './plain-steps';
import { columnExists, columnTypeIs, holdsQuery, regclass } from './sql-text';
import { dropStatistics } from './statistics-copies';
import type { PhaseDraft, StepDraft } from './step-draft';
import { comesBackStep } from './type-comes-back';
import type { TypeParts } from './type-parts';
import { swapStep } from './type-swap';
import { backfillWalk } from './walk';
import { noneCounted } from './counted-detail';

/** Backfill, proof, everything the column has, the release that takes both types, the swap, and the wait. */
export function typeMigrate(parts: TypeParts): PhaseDraft {
  return {
    name: 'migrate',
    goal: t('The column has the new type under its own name, and the old values are still there.'),
    steps: [
      backfillStep(parts),
      equalStep(parts),
      ...indexCopySteps(parts.indexed, parts.indexes, parts.change.column),
      ...constraintSteps(parts.table, parts.constraints),
      ...statisticsStep(parts),
      ...parts.notNull.steps,
      releaseStep(parts),
      ...comesBackStep(parts),
      swapStep(parts),
      waitStep(
        parts.options.deprecationDays,
        t('The old values are kept true by the trigger, so that the swap can be taken back.'),
        t('What monthly jobs and reports make of the new type shows only when they have run.'),
      ),
    ],
  };
}

/** SQL that is true where the column beside is what the expression gives, of every row. */
function allConverted({ table, beside, facts }: TypeParts): string {
  return `NOT EXISTS (SELECT FROM ${formatQualifiedName(table.name)} WHERE ${notYet(beside, facts)})`;
}

function notYet(beside: string, facts: TypeParts['facts']): string {
  return imageDiffers(quoteIdentifier(beside), `(${facts.forward})::${facts.type}`);
}

function backfillStep(parts: TypeParts): StepDraft {
  const { table, beside, facts, options } = parts;
  return {
    slug: 'backfill',
    kind: 'backfill',
    title: t('Fill {0}', formatIdentifier(beside)),
    action: t('Computes the value of every row that was there before, in small batches.'),
    backfill: {
      table: table.name,
      assignments: [{ column: beside, expression: `(${facts.forward})` }],
      pending: notYet(beside, facts),
      walk: backfillWalk(table, [beside]),
      estimatedRows: Math.max(0, Math.round(table.rows.count)),
    },
    rollback: { kind: 'nothing', why: t('The column goes with the rollback of the step that added it.') },
    verification: {
      sql: holdsQuery(allConverted(parts)),
      expectation: t('Every row has its value in the new type.'),
    },
    forecast: backfillForecast(table, options.batchMilliseconds),
  };
}

function equalStep(parts: TypeParts): StepDraft {
  const { table, beside, facts, change } = parts;
  return checkStep({
    slug: 'check-converted',
    title: t('Compare {0} with {1} on every row', formatIdentifier(beside), formatIdentifier(change.column)),
    action: t('Reads the whole table once.'),
    checks: [
      {
        id: 'converted',
        title: t('Every row has the value that {0} gives', facts.forward),
        sql:
          `SELECT ${noneCounted(t('rows that differ'))}\n` +
          `  FROM ${formatQualifiedName(table.name)}\n WHERE ${notYet(beside, facts)}`,
      },
    ],
    verification: {
      sql: holdsQuery(allConverted(parts)),
      expectation: t('Every row has its value in the new type.'),
    },
    forecast: stepForecast('AccessShareLock', 'scan', table),
  });
}

function statisticsStep({ table, statistics }: TypeParts): StepDraft[] {
  if (statistics.length === 0) return [];
  return [
    migrationStep({
      slug: 'statistics',
      title: t('Create the extended statistics of the new type'),
      action: t('The next ANALYZE fills them; the old ones stay until contract.'),
      forward: statistics.map((copy) => copy.definition),
      rollback: statistics.map(dropStatistics),
      holds: statistics.map(
        ({ name }) =>
          `EXISTS (SELECT FROM pg_catalog.pg_statistic_ext WHERE stxrelid = ${regclass(table.name)} AND stxname = '${name.name.replaceAll("'", "''")}')`,
      ),
      expectation: t('The statistics are there: {0}.', statistics.map(({ name }) => name.name).join(', ')),
      forecast: stepForecast('ShareUpdateExclusiveLock', 'catalog', table),
    }),
  ];
}

function releaseStep({ table, change, column, facts, beside }: TypeParts): StepDraft {
  const name = formatIdentifier(change.column);
  return deployStep({
    slug: 'release-both-types',
    title: t('Release the application that takes {0} as {1} and as {2}', name, column.type, facts.type),
    action: t('The type changes under running code in one moment; the code has to take both before that.'),
    instructions: t(
      'Make every place that reads or writes {0} of {1} work with {2} and with {3}: parameters without a fixed type, values read by what they are. Release it to all instances. Where the driver gives both alike, confirm that you have looked. A session that has prepared a statement which returns the column is told once that the cached plan must not change its result type, and has to prepare it again: see that your driver or pool does.',
      name,
      formatQualifiedName(table.name),
      column.type,
      facts.type,
    ),
    rollbackInstructions: t(
      'Release the previous version again: {0} is still of the type {1}.',
      name,
      column.type,
    ),
    holds: [columnExists(table.name, beside), columnTypeIs(table.name, change.column, column.type)],
    expectation: t('{0} still has the type {1}.', name, column.type),
  });
}
