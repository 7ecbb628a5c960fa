import { columnList } from '../../assess/changes/constraint-fields';
import { rangeOf } from '../../assess/widened-key-type';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier } from '../../sql/identifier';
import { backfillForecast, stepForecast } from '../step-forecast';
import { constraintSteps } from './constraint-steps';
import { indexNamed, buildWide } from './widen-indexes';
import { deployStep, migrationStep, waitStep } from './plain-steps';
import { columnExists, columnTypeIs, holdsQuery, regclass } from './sql-text';
import { notDeferred } from './stand-in-index';
import { dropStatistics } from './statistics-copies';
import { stepSlug, type PhaseDraft, type StepDraft } from './step-draft';
import { nameOf, type WidenedPlace, type WidenParts } from './widen-parts';
import { roomSteps } from './widen-room';
import { exchangeSteps } from './widen-swap';
import { backfillWalk } from './walk';

/** Backfills, proofs, what the columns have, the release that takes both types, the exchange, and the wait. */
export function widenMigrate(parts: WidenParts): PhaseDraft {
  const { places, options } = parts;
  return {
    name: 'migrate',
    goal: t('The wide columns have the names, take every value, and the narrow ones are still there.'),
    steps: [
      ...places.map((place) => backfillStep(place, options.batchMilliseconds)),
      ...places.flatMap(({ columns }) =>
        columns.flatMap(({ proof }) => proof?.steps ?? []).map((step) => untilSwapped(step, parts.swapped)),
      ),
      ...places.flatMap(indexSteps),
      ...places.flatMap(({ table, checks }) => constraintSteps(table, checks)),
      ...places.flatMap(statisticsStep),
      releaseStep(parts),
      ...exchangeSteps(parts),
      ...roomSteps(parts),
      waitStep(
        options.deprecationDays,
        t(
          'The narrow columns are kept true by the trigger, so that the exchange can be taken back as long as no value is greater than they hold.',
        ),
        t('What monthly jobs and reports make of the new type shows only when they have run.'),
      ),
    ],
  };
}

/** After the swap the name is that of the narrow column, of which nothing is required any more. */
function untilSwapped(step: StepDraft, swapped: string): StepDraft {
  if (step.kind !== 'migration' || step.verification === null) return step;
  const { sql, expectation } = step.verification;
  return {
    ...step,
    verification: {
      sql: holdsQuery(`((SELECT holds FROM (${sql}) AS one)\n    OR ${swapped})`),
      expectation,
    },
  };
}

/** Once greater values are taken, the narrow column stays empty beside those: that is not pending. */
function pendingOf({ columns }: WidenedPlace): string {
  return columns
    .map(({ facts, beside }) => {
      const { low, high } = rangeOf(facts.type);
      const column = quoteIdentifier(facts.name);
      const differs = `${quoteIdentifier(beside)} IS DISTINCT FROM ${column}`;
      return `(${differs} AND (${column} IS NULL OR ${column} BETWEEN ${low} AND ${high}))`;
    })
    .join(' OR ');
}

function backfillStep(place: WidenedPlace, batchMilliseconds: number): StepDraft {
  const { table, columns } = place;
  const names = columns.map(({ beside }) => formatIdentifier(beside)).join(', ');
  return {
    slug: stepSlug(`backfill ${table.name.name}`),
    kind: 'backfill',
    title: t('Fill {0} of {1}', names, nameOf(place)),
    action: t('Gives every row that was there before its value in the wide columns, in small batches.'),
    backfill: {
      table: table.name,
      assignments: columns.map(({ facts, beside }) => ({
        column: beside,
        expression: quoteIdentifier(facts.name),
      })),
      pending: pendingOf(place),
      walk: backfillWalk(
        table,
        columns.map(({ beside }) => beside),
      ),
      estimatedRows: Math.max(0, Math.round(table.rows.count)),
    },
    rollback: { kind: 'nothing', why: t('The column goes with the rollback of the step that added it.') },
    verification: {
      sql: holdsQuery(
        `NOT EXISTS (SELECT FROM ${formatQualifiedName(table.name)} WHERE ${pendingOf(place)})`,
      ),
      expectation: t('Every row has its value in the wide columns.'),
    },
    forecast: backfillForecast(table, batchMilliseconds),
  };
}

function indexSteps({ table, indexes }: WidenedPlace): StepDraft[] {
  return indexes.map((index) =>
    buildWide(table, index, null, [
      `DROP INDEX CONCURRENTLY ${formatQualifiedName(indexNamed(index, index.name))}`,
    ]),
  );
}

function statisticsStep({ table, statistics }: WidenedPlace): StepDraft[] {
  if (statistics.length === 0) return [];
  return [
    migrationStep({
      slug: stepSlug(`statistics ${table.name.name}`),
      title: t('Create the extended statistics of the wide columns'),
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

function releaseStep({ places, change, views }: WidenParts): StepDraft {
  const concerned = places.flatMap((place) =>
    place.columns.map(({ facts }) => `${nameOf(place)}.${formatIdentifier(facts.name)}`),
  );
  const root = places.at(-1)!;
  const [key] = root.columns;
  const deferrable = places
    .flatMap(({ keys }) => keys.flatMap(({ constraint }) => constraint ?? []))
    .filter((constraint) => constraint.deferrable);
  return deployStep({
    slug: 'release-both-types',
    title: t('Release the application that takes the key of {0} as {1}', nameOf(root), change.type),
    action: t(
      'The type changes under running code in one moment; the code has to take both before that, and values that are greater after it.',
    ),
    instructions: [
      t(
        'Make every place that reads or writes one of these columns work with {0} as well as with the present type: {1}. That goes for variables, parameters and casts, also in functions of the database, and for what passes the values on: interfaces, files, other databases (JavaScript numbers and many drivers hold 53 bits, or give bigint as text). Release it to all instances. A session that has prepared a statement which returns the column is told once that the cached plan must not change its result type, and has to prepare it again: see that your driver or pool does.',
        change.type,
        concerned.join(', '),
      ),
      ...(views.length === 0
        ? []
        : [
            t(
              'These views give the wider type, too: {0}.',
              views.map(({ name }) => formatQualifiedName(name)).join(', '),
            ),
          ]),
      ...deferrable.map(({ columns }) => notDeferred(columnList(columns))),
    ].join(' '),
    rollbackInstructions: t('Release the previous version again: the columns still have their narrow type.'),
    holds: [
      columnExists(root.table.name, key!.beside),
      columnTypeIs(root.table.name, key!.facts.name, key!.facts.type),
    ],
    expectation: t('The columns still have their narrow type.'),
  });
}
