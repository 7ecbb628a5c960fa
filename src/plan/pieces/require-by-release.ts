import type { SetNotNull } from '../../assess/changes/set-not-null';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { RecipeContext } from '../recipe';
import { stepForecast } from '../step-forecast';
import { insertCall, typeScriptSample } from './code-sample';
import { filledQuery } from './filled-query';
import { notNullProof } from './not-null-proof';
import { checkStep, deployStep, waitStep } from './plain-steps';
import { proofEnd } from './proof-end';
import { referencesSentence } from './references-sentence';
import { noNullsCheck } from './rename-checks';
import { columnExists } from './sql-text';
import type { PhaseDraft, StepDraft } from './step-draft';

type Context = RecipeContext<SetNotNull>;

/** NOT NULL once every writer gives a value: nothing helps those that do not. */
export function requireByRelease(context: Context): [PhaseDraft, PhaseDraft, PhaseDraft] {
  const { change, assessment, options } = context;
  const { table, server } = assessment;
  const proof = notNullProof(table, change.column, server.major);
  return [
    { name: 'expand', goal: t('Nothing has to be added.'), steps: [] },
    {
      name: 'migrate',
      goal: t('Every writer gives the value itself.'),
      steps: [
        ...(isGenerated(context)
          ? []
          : [
              givingRelease(context),
              waitStep(
                options.deprecationDays,
                t('Writers that leave the column out still work.'),
                t('Jobs that run monthly and people with scripts of their own may still omit the column.'),
              ),
            ]),
      ],
    },
    {
      name: 'contract',
      goal: t('The column is required.'),
      steps: [filledCheck(context), ...proof.steps, ...proofEnd(table, change.column, proof)],
    },
  ];
}

/** The release from which on every insert gives the column a value. */
export function givingRelease({ change, assessment }: Context): StepDraft {
  const { table } = assessment;
  const column = formatIdentifier(change.column);
  return deployStep({
    slug: 'release-writer',
    title: t('Release the application that always writes {0}', column),
    action: t('From this release on no insert and no update leaves the column without a value.'),
    instructions:
      t(
        'Make every INSERT into {0} give a value to {1}, let no UPDATE set it to NULL, and release it to all instances.',
        formatQualifiedName(table.name),
        column,
      ) + referencesSentence(assessment),
    rollbackInstructions: t('Release the previous version again: it still works.'),
    sample: typeScriptSample(
      [insertCall(table, [], change.column)],
      [insertCall(table, [change.column], change.column)],
    ),
    holds: [columnExists(table.name, change.column)],
    expectation: t('The column {0} is there.', column),
  });
}

/** Counts the rows without a value once more, before they are refused. */
export function filledCheck({ change, assessment: { table } }: Context): StepDraft {
  return checkStep({
    slug: 'check-filled',
    title: t('Count the rows without a value'),
    action: t('Reads the whole table once. Rows that are found need a value before the plan goes on.'),
    checks: [noNullsCheck(table.name, change.column)],
    verification: {
      sql: filledQuery(table.name, change.column),
      expectation: t('No row is without a value.'),
    },
    forecast: stepForecast('AccessShareLock', 'scan', table),
  });
}

function isGenerated({ change, assessment: { table } }: Context): boolean {
  return table.columns.some(({ name, generated }) => name === change.column && generated !== null);
}
