import type { DropDefault } from '../../assess/changes/drop-default';
import { columnOf } from '../../catalog/read-table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { insertCall, typeScriptSample } from '../pieces/code-sample';
import { deployStep, migrationStep, waitStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { referencesSentence } from '../pieces/references-sentence';
import { columnDefault } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe, RecipeContext } from '../recipe';
import { stepForecast } from '../step-forecast';

/** Drops a default once every writer gives the value itself. */
export const dropDefaultRecipe: Recipe<DropDefault> = {
  id: 'drop-default',
  blockers: () => [],
  phases: (context) =>
    recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be added.'), steps: [] },
        {
          name: 'migrate',
          goal: t('Every writer gives the value itself.'),
          steps: [
            releaseWriter(context),
            waitStep(
              context.options.deprecationDays,
              t('Writers that leave the column out still get the default.'),
              t('Jobs that run monthly and people with scripts of their own may still omit the column.'),
            ),
          ],
        },
        { name: 'contract', goal: t('The default is gone.'), steps: [dropStep(context)] },
      ],
      noReturn: null,
      notes: notesOf(context),
    }),
};

function releaseWriter({ change, assessment }: RecipeContext<DropDefault>): StepDraft {
  const { table } = assessment;
  const column = formatIdentifier(change.column);
  return deployStep({
    slug: 'release-writer',
    title: t('Release the application that writes {0}', column),
    action: t('From this release on every insert says what {0} is to be.', column),
    instructions:
      t(
        'Make every INSERT into {0} give a value to {1}, without the word DEFAULT, and release it to all instances.',
        formatQualifiedName(table.name),
        column,
      ) + referencesSentence(assessment),
    rollbackInstructions: t('Release the previous version again: the default is still there.'),
    sample: typeScriptSample(
      [insertCall(table, [], change.column)],
      [insertCall(table, [change.column], change.column)],
    ),
    holds: [`${columnDefault(table.name, change.column)} IS NOT NULL`],
    expectation: t('The default of {0} is still there.', column),
  });
}

function dropStep({ change, assessment: { table } }: RecipeContext<DropDefault>): StepDraft {
  const facts = columnOf(table, change.column);
  const column = formatIdentifier(change.column);
  const alter = `ALTER TABLE ${formatQualifiedName(table.name)} ALTER COLUMN ${column}`;
  return migrationStep({
    slug: 'drop-default',
    title: t('Drop the default of {0}', column),
    action: facts.notNull
      ? t('From now on an INSERT that omits {0} fails. No row is read or written.', column)
      : t('Rows inserted from now on without {0} have no value there. No row is read or written.', column),
    forward: [`${alter} DROP DEFAULT`],
    rollback: [`${alter} SET DEFAULT ${facts.default}`],
    holds: [`${columnDefault(table.name, change.column)} IS NULL`],
    expectation: t('{0} has no default.', column),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function notesOf({ change, assessment: { table } }: RecipeContext<DropDefault>): string[] {
  const column = formatIdentifier(change.column);
  return table.dependents.sequences
    .filter(({ columns }) => columns.includes(change.column))
    .map(({ name }) =>
      t(
        'The sequence {0} stays and still belongs to {1}, which it numbers no longer. Writers that want the next number call nextval themselves.',
        formatQualifiedName(name),
        column,
      ),
    );
}
