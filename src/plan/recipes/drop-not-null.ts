import type { DropNotNull } from '../../assess/changes/drop-not-null';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { sampleKey, selectCall, typeScriptSample } from '../pieces/code-sample';
import { liftNotNullSteps, replicaIdentityBlockers } from '../pieces/lifted-not-null';
import { childBlockers } from '../pieces/partition-blocker';
import { deployStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { referencesSentence } from '../pieces/references-sentence';
import { columnIsNotNull } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe, RecipeContext } from '../recipe';

/** Lets a column be empty, after every reader takes NULL. */
export const dropNotNullRecipe: Recipe<DropNotNull> = {
  id: 'drop-not-null',
  blockers: ({ column }, { table }) => [...childBlockers(table), ...replicaIdentityBlockers(table, column)],
  phases: (context) => {
    const { change, assessment } = context;
    const { table, server } = assessment;
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('The column may be empty, and every reader takes that.'),
          steps: [readerRelease(context), ...liftNotNullSteps(table, change.column, server.major)],
        },
        { name: 'migrate', goal: t('The application writes NULL.'), steps: [writerRelease(context)] },
        { name: 'contract', goal: t('Nothing is left to remove.'), steps: [] },
      ],
      noReturn: {
        slug: 'release-writer',
        why: t(
          'From this release on rows have no value in {0}; a rollback would have to invent one for each of them.',
          formatIdentifier(change.column),
        ),
      },
    });
  },
};

function readerRelease({ change, assessment }: RecipeContext<DropNotNull>): StepDraft {
  const { table } = assessment;
  const column = formatIdentifier(change.column);
  const read = selectCall(table.name, change.column, sampleKey(table, change.column));
  return deployStep({
    slug: 'release-reader',
    title: t('Release the application that takes NULL in {0}', column),
    action: t('From this release on a row without {0} is read without an error.', column),
    instructions:
      t(
        'Make everything that reads {0} of {1} take NULL, also reports, exports and queries that compare or sum it, and release it to all instances.',
        column,
        formatQualifiedName(table.name),
      ) + referencesSentence(assessment),
    rollbackInstructions: t('Release the previous version again: no row is without a value yet.'),
    sample: typeScriptSample([read], [read.replace(/\);$/, ' ?? null);')]),
    holds: [columnIsNotNull(table.name, change.column)],
    expectation: t('The column {0} is still NOT NULL.', column),
  });
}

function writerRelease({ change, assessment }: RecipeContext<DropNotNull>): StepDraft {
  const { table } = assessment;
  const column = formatIdentifier(change.column);
  return deployStep({
    slug: 'release-writer',
    title: t('Release the application that leaves {0} empty', column),
    action: t('From this release on the application may write rows without {0}.', column),
    instructions:
      t(
        'Let the application write NULL to {0} of {1} where there is no value, and release it to all instances.',
        column,
        formatQualifiedName(table.name),
      ) + referencesSentence(assessment),
    rollbackInstructions: t(
      'Release the previous version again: it takes NULL. Rows without a value stay as they are.',
    ),
    holds: [`NOT ${columnIsNotNull(table.name, change.column)}`],
    expectation: t('The column {0} may be empty.', column),
  });
}
