import type { Assessment } from '../../assess/assessment';
import { hashReplacement, type HashColumn } from '../../assess/changes/hash-column';
import { columnOf } from '../../catalog/read-table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { liftNotNullSteps } from '../pieces/lifted-not-null';
import { recipePlan } from '../pieces/recipe-plan';
import { replacementBlockers } from '../pieces/replacement-blockers';
import { replacementContract } from '../pieces/replacement-contract';
import { replacementExpand } from '../pieces/replacement-expand';
import { replacementFill } from '../pieces/replacement-fill';
import { replacementNotes } from '../pieces/replacement-notes';
import { replacementParts } from '../pieces/replacement-parts';
import { replacementPlan } from '../pieces/replacement-plan';
import { readingRelease, replacementWait, writingRelease } from '../pieces/replacement-releases';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe, RecipeContext, RecipePlan } from '../recipe';

/**
 * Keeps a hash instead of a column: readers move first, then writers, from whom on the plain value is not known. What is
 * encrypted has a way back, so that old and new code write side by side.
 */
export const hashColumnRecipe: Recipe<HashColumn> = {
  id: 'hash-column',
  blockers: (change, assessment) => [
    ...replacementBlockers(hashReplacement(change), assessment),
    ...(change.back === undefined ? distinctNullBlockers(change, assessment) : []),
  ],
  phases: (context) => {
    const { change } = context;
    if (change.back !== undefined) return encryptedPlan(context);
    const parts = replacementParts(context, hashReplacement(change));
    const column = formatIdentifier(change.column);
    return recipePlan({
      phases: [
        replacementExpand(parts),
        {
          name: 'migrate',
          goal: t('Every row has the hash, and the application reads and writes nothing else.'),
          steps: [
            ...replacementFill(parts),
            readingRelease(parts),
            ...letEmpty(context),
            writingRelease(parts),
            replacementWait(parts),
          ],
        },
        replacementContract(parts),
      ],
      noReturn: {
        slug: 'write-new-columns',
        why: t(
          'From this release on rows come without {0}, and nothing computes it from {1}.',
          column,
          formatIdentifier(change.to),
        ),
      },
      notes: [...replacementNotes(parts), plainValuesNote(change)],
    });
  },
};

function encryptedPlan(context: RecipeContext<HashColumn>): RecipePlan {
  const { change } = context;
  const plan = replacementPlan(context, hashReplacement(change));
  return {
    ...plan,
    notes: [
      ...plan.notes,
      plainValuesNote(change),
      t(
        'What gives the key has to give it to every session that writes {0}, also to those of the release before: the trigger encrypts for them.',
        formatQualifiedName(change.table),
      ),
    ],
  };
}

function plainValuesNote({ column }: HashColumn): string {
  return t(
    'DROP COLUMN leaves the plain values of {0} on disk until their rows are written anew, and backups and archived WAL keep them. To be rid of them, rewrite the table (VACUUM FULL in a quiet minute, or pg_repack) after contract, and let old backups expire.',
    formatIdentifier(column),
  );
}

/** The trigger empties the column where the hash gets another value, whatever its default is. */
function letEmpty({ change, assessment: { table, server } }: RecipeContext<HashColumn>): StepDraft[] {
  if (!columnOf(table, change.column).notNull) return [];
  return liftNotNullSteps(table, change.column, server.major);
}

/** https://www.postgresql.org/docs/15/sql-createindex.html */
function distinctNullBlockers({ column }: HashColumn, { table }: Assessment): string[] {
  return table.indexes
    .filter((index) => index.columns.includes(column) && index.definition.includes('NULLS NOT DISTINCT'))
    .map((index) =>
      t(
        'The unique index {0} takes one row without {1} only (NULLS NOT DISTINCT), and in the end none has it. Replace it by one that takes several first.',
        formatIdentifier(index.name.name),
        formatIdentifier(column),
      ),
    );
}
