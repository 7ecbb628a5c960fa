import type { SetNotNull } from '../../assess/changes/set-not-null';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/identifier';
import type { RecipeContext } from '../recipe';
import { backfillForecast, stepForecast } from '../step-forecast';
import { createFillTrigger, dropFillTrigger, fillTrigger, type FillTrigger } from './fill-trigger';
import { filledQuery } from './filled-query';
import { notNullProof } from './not-null-proof';
import { migrationStep, waitStep } from './plain-steps';
import { proofEnd } from './proof-end';
import {
  giveBackStep,
  memoryStep,
  rememberedRows,
  rememberedValue,
  rememberStep,
  whyForgotten,
  type RememberedRows,
} from './remembered-rows';
import { filledCheck, givingRelease } from './require-by-release';
import { regclass, triggerExists } from './sql-text';
import type { PhaseDraft, StepDraft } from './step-draft';
import { backfillWalk } from './walk';
import { wholeFirst } from './whole-first';

type Context = RecipeContext<SetNotNull>;

/** NOT NULL after rows without a value were given one, while a trigger gives one to those that are written. */
export function requireByFilling(
  context: Context,
  expression: string,
): { phases: [PhaseDraft, PhaseDraft, PhaseDraft]; rows: RememberedRows | null } {
  const { change, assessment, options } = context;
  const { table, server } = assessment;
  const filled = { column: change.column, expression };
  const fill = fillTrigger(table, filled, assessment.newColumn?.schemas ?? [], server.major);
  const rows = rememberedRows(table, change.column, expression);
  const proof = notNullProof(table, change.column, server.major);
  return {
    rows,
    phases: [
      {
        name: 'expand',
        goal: t('No new row is without a value, and those that are have been noted.'),
        steps: [
          // The way back goes the other way round: the trigger goes before the values are taken away.
          ...(rows ? [memoryStep(rows), giveBackStep(rows, options)] : []),
          triggerStep(context, expression, fill),
          ...(rows ? [rememberStep(rows)] : []),
        ],
      },
      {
        name: 'migrate',
        goal: t('Every row has a value, proved, and the application writes it.'),
        steps: [
          backfillStep(context, expression, rows),
          filledCheck(context),
          ...proof.steps,
          givingRelease(context),
          waitStep(
            options.deprecationDays,
            t('Writers that leave the column out still work: the trigger gives the value.'),
            t('Jobs that run monthly and people with scripts of their own may still omit the column.'),
          ),
        ],
      },
      {
        name: 'contract',
        goal: t('Every writer gives the value itself.'),
        steps: [...proofEnd(table, change.column, proof), helpEnd(context, expression, fill, rows)],
      },
    ],
  };
}

function triggerStep(context: Context, expression: string, fill: FillTrigger): StepDraft {
  const { change, assessment } = context;
  const { table } = assessment;
  const column = formatIdentifier(change.column);
  return migrationStep({
    slug: 'fill-new-rows',
    title: t('Give new rows a value in {0}', column),
    action: t('Adds a trigger that gives the value where a writer leaves it out or writes NULL.'),
    forward: createFillTrigger(table, { column: change.column, expression }, fill),
    rollback: [...wholeFirst(table), ...dropFillTrigger(fill)],
    holds: [triggerExists(fill.tables, fill.triggerName)],
    expectation: t('The trigger {0} is there.', fill.triggerName),
    forecast: stepForecast('ShareRowExclusiveLock', 'catalog', table, fill.tables[0]),
  });
}

function backfillStep(context: Context, expression: string, rows: RememberedRows | null): StepDraft {
  const { change, assessment, options } = context;
  const { table } = assessment;
  return {
    slug: 'backfill',
    kind: 'backfill',
    title: t('Fill {0}', formatIdentifier(change.column)),
    action: t('Gives every row that has no value one, in small batches.'),
    backfill: {
      table: table.name,
      assignments: [
        { column: change.column, expression: rows === null ? `(${expression})` : rememberedValue(rows) },
      ],
      pending: `${quoteIdentifier(change.column)} IS NOT DISTINCT FROM NULL`,
      walk: backfillWalk(table, [change.column]),
      estimatedRows: Math.max(0, Math.round(table.rows.count)),
    },
    rollback:
      rows === null
        ? { kind: 'no-return', why: whyForgotten(change) }
        : {
            kind: 'nothing',
            why: t('The rollback of "give-back" takes the values away, once the trigger is gone.'),
          },
    verification: {
      sql: filledQuery(table.name, change.column),
      expectation: t('No row is without a value.'),
    },
    forecast: backfillForecast(table, options.batchMilliseconds),
  };
}

/** What was remembered goes last: with it the way back ends. */
function helpEnd(
  context: Context,
  expression: string,
  fill: FillTrigger,
  rows: RememberedRows | null,
): StepDraft {
  const { change, assessment } = context;
  const { table } = assessment;
  const column = formatIdentifier(change.column);
  const forget = rows === null ? [] : [`DROP TABLE ${formatQualifiedName(rows.memory)}`];
  const fails = t('From now on a write that leaves {0} without a value fails.', column);
  return migrationStep({
    slug: 'remove-help',
    title: t('Drop the trigger that fills {0}', column),
    action:
      rows === null
        ? fails
        : `${fails} ${t('What was remembered in {0} for a rollback goes too.', formatQualifiedName(rows.memory))}`,
    forward: [...wholeFirst(table), ...dropFillTrigger(fill), ...forget],
    rollback:
      rows === null
        ? createFillTrigger(table, { column: change.column, expression }, fill)
        : { noReturn: whyForgotten(change) },
    holds: [
      `to_regprocedure(${quoteLiteral(`${formatQualifiedName(fill.functionName)}()`)}) IS NULL`,
      ...(rows === null ? [] : [`${regclass(rows.memory)} IS NULL`]),
    ],
    expectation: t('Nothing fills the column by itself any more.'),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, fill.tables[0]),
  });
}
