import { isAskedOfWriters, type DropColumn } from '../../assess/changes/drop-column';
import { columnOf } from '../../catalog/read-table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { columnBackupName, columnBackupStep } from '../pieces/column-backup';
import { columnRemovalBlockers } from '../pieces/column-removal-blockers';
import { lastReader, lastWriter } from '../pieces/column-removal-releases';
import { fillBackStep } from '../pieces/filled-on-the-way-back';
import { goesWithColumn } from '../pieces/goes-with-column';
import { liftNotNullSteps } from '../pieces/lifted-not-null';
import { checkStep, migrationStep, waitStep } from '../pieces/plain-steps';
import { recipePlan, type RecipeDraft } from '../pieces/recipe-plan';
import { unusedCheck } from '../pieces/rename-checks';
import { columnExists } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe, RecipeContext } from '../recipe';
import { stepForecast } from '../step-forecast';

type Context = RecipeContext<DropColumn>;

/** Drops a column that nobody reads or writes any more. */
export const dropColumnRecipe: Recipe<DropColumn> = {
  id: 'drop-column',
  blockers: columnRemovalBlockers,
  phases: (context) =>
    recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('Nobody reads the column, and a row may come without it.'),
          steps: [lastReader(context), ...lettingGo(context)],
        },
        { name: 'migrate', goal: t('Nobody writes the column.'), steps: leaving(context) },
        { name: 'contract', goal: t('The column is gone.'), steps: removal(context) },
      ],
      noReturn: noReturnOf(context),
      notes: notesOf(context),
    }),
};

/** A required column without a default would refuse the rows of writers that leave it out. */
function lettingGo({ change, assessment: { table, server }, options }: Context): StepDraft[] {
  if (!isAskedOfWriters(columnOf(table, change.column))) return [];
  const lift = liftNotNullSteps(table, change.column, server.major);
  return change.value === null ? lift : [...lift, fillBackStep(table, change.column, change.value, options)];
}

function leaving(context: Context): StepDraft[] {
  const { change, assessment, options } = context;
  const isComputed = columnOf(assessment.table, change.column).generated !== null;
  return [
    ...(isComputed ? [] : [lastWriter(context)]),
    waitStep(
      options.deprecationDays,
      t('Whoever still reads or writes the column is not disturbed.'),
      t('Jobs that run monthly and people with scripts of their own may still name the column.'),
    ),
  ];
}

function removal({ change, assessment: { table } }: Context): StepDraft[] {
  const column = formatIdentifier(change.column);
  const unused = unusedCheck(table.name, change.column);
  return [
    checkStep({
      slug: 'check-unused',
      title: t('See that nothing depends on {0}', column),
      action: t('Asks the catalog for views, rules, policies and routines that came meanwhile.'),
      checks: [unused],
      verification: {
        sql: `SELECT holds FROM (${unused.sql}) AS unused`,
        expectation: t('Nothing depends on the column.'),
      },
      forecast: null,
    }),
    ...(change.backup ? [columnBackupStep(table, change.column)] : []),
    dropStep(change, table),
  ];
}

function dropStep(change: DropColumn, table: Context['assessment']['table']): StepDraft {
  const column = formatIdentifier(change.column);
  const relation = formatQualifiedName(table.name);
  return migrationStep({
    slug: 'drop-column',
    title: t('Drop {0}', column),
    action: [t('The column goes; no row is read or written.'), ...goesWithColumn(table, change.column)].join(
      ' ',
    ),
    forward: [`ALTER TABLE ${relation} DROP COLUMN ${column}`],
    rollback: { noReturn: whyDropped(change, table) },
    holds: [`NOT ${columnExists(table.name, change.column)}`],
    expectation: t('The column {0} is gone.', column),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function whyDropped(change: DropColumn, table: Context['assessment']['table']): string {
  const column = formatIdentifier(change.column);
  return change.backup
    ? t(
        'The column goes with its values. They are in {0} by key: to have them again, add the column anew and copy them back from there.',
        formatQualifiedName(columnBackupName(table, change.column)),
      )
    : t('The values of {0} go with the column; only a backup of the database has them.', column);
}

/** Without a value for rows that come without it, a required column cannot be required again. */
function noReturnOf({ change, assessment: { table } }: Context): RecipeDraft['noReturn'] {
  if (change.value === null && isAskedOfWriters(columnOf(table, change.column))) {
    return {
      slug: 'stop-writing',
      why: t(
        'From this release on rows are written without {0}, which had to have a value, and a rollback would have to invent one for each of them. With --value it gives them that one.',
        formatIdentifier(change.column),
      ),
    };
  }
  return { slug: 'drop-column', why: whyDropped(change, table) };
}

function notesOf({ change, assessment: { table } }: Context): string[] {
  const column = formatIdentifier(change.column);
  const notes = table.dependents.routines
    .filter(({ certain, columns }) => !certain && columns.includes(change.column))
    .map(({ signature }) =>
      t(
        '{0} mentions {1} in its text. See whether it means this column, and change it before contract.',
        signature,
        column,
      ),
    );
  if (!change.backup) return notes;
  const backup = formatQualifiedName(columnBackupName(table, change.column));
  return [...notes, t('{0} stays after the plan. Drop it when nobody needs the values any more.', backup)];
}
