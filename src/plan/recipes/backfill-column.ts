import type { Assessment } from '../../assess/assessment';
import type { BackfillColumn } from '../../assess/changes/backfill-column';
import { columnOf } from '../../catalog/read-table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { checkStep, deployStep, migrationStep, waitStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { referencesSentence } from '../pieces/references-sentence';
import { firingTriggers, rowChangeBlockers } from '../pieces/row-change-blockers';
import { columnExists, mentionsIdentifier, regclass } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import {
  dropMemory,
  givenValue,
  makeMemoryStep,
  oldValuesStep,
  rememberValuesStep,
  stillOld,
  valueMemory,
  type ValueMemory,
} from '../pieces/value-memory';
import { backfillWalk } from '../pieces/walk';
import type { Recipe, RecipeContext } from '../recipe';
import { backfillForecast, stepForecast } from '../step-forecast';
import { noneCounted } from '../pieces/counted-detail';

type Context = RecipeContext<BackfillColumn>;

/** Changes values in batches, to what was computed and remembered before. */
export const backfillColumnRecipe: Recipe<BackfillColumn> = {
  id: 'backfill-column',
  blockers,
  phases: (context) => {
    const { change, assessment, options } = context;
    const { table } = assessment;
    const { type } = columnOf(table, change.column);
    const { volatility, columns } = assessment.newColumn ?? { volatility: 'volatile', columns: [] };
    const computedOnce = volatility === 'volatile' || columns.length === 0;
    const values = valueMemory(table, { ...change, type }, computedOnce);
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('The application takes old and new values, and what changes is remembered.'),
          steps: [
            release(context),
            makeMemoryStep(values),
            // The way back goes the other way round: values are given back before they are forgotten.
            oldValuesStep(values, options),
            rememberValuesStep(values),
          ],
        },
        {
          name: 'migrate',
          goal: t('The rows have their new values.'),
          steps: [
            backfillStep(context, values),
            checkedStep(context, values),
            waitStep(
              options.deprecationDays,
              t('The old values are remembered, so that they can be given back.'),
              t('What monthly jobs and reports make of the new values shows only when they have run.'),
            ),
          ],
        },
        { name: 'contract', goal: t('The old values are forgotten.'), steps: [forgetStep(context, values)] },
      ],
      noReturn: { slug: 'forget', why: whyForgotten(change) },
      notes: notesOf(context),
    });
  },
};

function blockers({ column }: BackfillColumn, { table }: Assessment): string[] {
  const name = formatIdentifier(column);
  const found = rowChangeBlockers(table, [column]);
  if (table.partitioning !== null && mentionsIdentifier(table.partitioning.key, column)) {
    found.push(
      t(
        '{0} is in the partition key of {1}, so that rows would have to move to other partitions. Insert them anew and delete the old ones.',
        name,
        formatQualifiedName(table.name),
      ),
    );
  }
  const keys = table.foreignKeysIn.filter(({ toColumns }) => toColumns.includes(column));
  return [
    ...found,
    ...keys.map((key) =>
      t(
        'The foreign key {0} of {1} points at {2}, whose values cannot change under it. Drop it before the change and add it again after both sides have changed.',
        formatIdentifier(key.name),
        formatQualifiedName(key.from),
        name,
      ),
    ),
  ];
}

function release({ change, assessment }: Context): StepDraft {
  const name = formatIdentifier(change.column);
  return deployStep({
    slug: 'release-both-values',
    title: t('Release the application that takes the old and the new values of {0}', name),
    action: t('The values change under running code, row by row; it has to take both before that.'),
    instructions:
      t(
        'Make every place that reads {0} of {1} take the old values and the new ones ({2}), and every place that writes it write the new ones. Release it to all instances. Where the code makes no difference, confirm that you have looked.',
        name,
        formatQualifiedName(change.table),
        change.expression,
      ) + referencesSentence(assessment),
    rollbackInstructions: t('Release the previous version again: the rows have their old values.'),
    holds: [columnExists(change.table, change.column)],
    expectation: t('The column {0} is there.', name),
  });
}

function backfillStep({ change, assessment: { table }, options }: Context, values: ValueMemory): StepDraft {
  const pending = stillOld(values);
  return {
    slug: 'backfill',
    kind: 'backfill',
    title: t('Give {0} its new values', formatIdentifier(change.column)),
    action: t(
      'Gives every remembered row that still has its old value the new one, in small batches. What others have written since stays.',
    ),
    backfill: {
      table: table.name,
      assignments: [{ column: change.column, expression: givenValue(values) }],
      pending,
      walk: backfillWalk(table, [change.column]),
      estimatedRows: Math.max(0, Math.round(table.rows.count)),
    },
    rollback: { kind: 'nothing', why: t('The rollback of "give-back" gives the old values back.') },
    verification: {
      sql: `SELECT NOT EXISTS (SELECT FROM ${formatQualifiedName(table.name)} WHERE ${pending}) AS holds`,
      expectation: t('No remembered row has its old value.'),
    },
    forecast: backfillForecast(table, options.batchMilliseconds),
  };
}

function checkedStep({ change, assessment: { table } }: Context, values: ValueMemory): StepDraft {
  const relation = formatQualifiedName(table.name);
  const pending = stillOld(values);
  return checkStep({
    slug: 'check-changed',
    title: t('See that the rows have their new values in {0}', formatIdentifier(change.column)),
    action: t('Reads the table once.'),
    checks: [
      {
        id: 'changed',
        title: t('No remembered row has its old value'),
        sql: `SELECT ${noneCounted(t('rows with their old value'))}\n  FROM ${relation}\n WHERE ${pending}`,
      },
    ],
    verification: {
      sql: `SELECT NOT EXISTS (SELECT FROM ${relation} WHERE ${pending}) AS holds`,
      expectation: t('No remembered row has its old value.'),
    },
    forecast: stepForecast('AccessShareLock', 'scan', table),
  });
}

function forgetStep({ change, assessment: { table } }: Context, values: ValueMemory): StepDraft {
  const { memory } = values;
  const name = formatQualifiedName(memory);
  return migrationStep({
    slug: 'forget',
    title: t('Drop the remembered values'),
    action: t('Drops {0}; {1} is not touched.', name, formatQualifiedName(table.name)),
    forward: dropMemory(values),
    rollback: { noReturn: whyForgotten(change) },
    holds: [`${regclass(memory)} IS NULL`],
    expectation: t('Nothing is remembered any more.'),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, memory),
  });
}

function whyForgotten({ column }: BackfillColumn): string {
  return t('The old values of {0} are known no longer.', formatIdentifier(column));
}

function notesOf({ assessment: { table } }: Context): string[] {
  const relation = formatQualifiedName(table.name);
  const triggers = firingTriggers(table, 'UPDATE');
  return [
    t(
      'Rows that are written with old values while the plan runs keep them: let every writer write the new ones before "Remember the old values". A second plan of the same kind finds what is left.',
    ),
    t(
      'Rows whose key changes between "Remember the old values" and the end of the plan are left out there and on the way back.',
    ),
    ...(triggers.length > 0
      ? [
          t(
            'Triggers of {0} run for each row that changes, there and back: {1}. See that they may, as with a column that holds the time of the last change.',
            relation,
            triggers.join(', '),
          ),
        ]
      : []),
  ];
}
