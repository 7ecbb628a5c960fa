import type { DropColumn } from '../../assess/changes/drop-column';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { RecipeContext } from '../recipe';
import { insertCall, sampleKey, selectCall, typeScriptSample } from './code-sample';
import { deployStep } from './plain-steps';
import { referencesSentence } from './references-sentence';
import { columnExists } from './sql-text';
import type { StepDraft } from './step-draft';

/** The release from which on nothing reads the column. */
export function lastReader({ change, assessment }: RecipeContext<DropColumn>): StepDraft {
  const { table } = assessment;
  const column = formatIdentifier(change.column);
  return deployStep({
    slug: 'stop-reading',
    title: t('Release the application that does not read {0}', column),
    action: t('From this release on nobody asks for the column; it is still written.'),
    instructions:
      t(
        'Make nothing read {0} of {1} any more, also no SELECT *, RETURNING or object mapping that lists it, and release it to all instances.',
        column,
        formatQualifiedName(table.name),
      ) + referencesSentence(assessment),
    rollbackInstructions: t('Release the previous version again: the column is still there and written.'),
    sample: typeScriptSample(
      [selectCall(table.name, change.column, sampleKey(table, change.column))],
      ['// nothing reads it'],
    ),
    holds: [columnExists(table.name, change.column)],
    expectation: t('The column {0} is still there.', column),
  });
}

/** The release from which on nothing writes the column. */
export function lastWriter({ change, assessment }: RecipeContext<DropColumn>): StepDraft {
  const { table } = assessment;
  const column = formatIdentifier(change.column);
  return deployStep({
    slug: 'stop-writing',
    title: t('Release the application that does not write {0}', column),
    action: t('From this release on rows are written without the column.'),
    instructions:
      t(
        'Make no INSERT, UPDATE or COPY of {0} name {1} any more, and release it to all instances.',
        formatQualifiedName(table.name),
        column,
      ) + referencesSentence(assessment),
    rollbackInstructions: t(
      'Release the previous version again. Rows that were written meanwhile have no value of their own in {0}.',
      column,
    ),
    sample: typeScriptSample(
      [insertCall(table, [change.column], change.column)],
      [insertCall(table, [], change.column)],
    ),
    holds: [columnExists(table.name, change.column)],
    expectation: t('The column {0} is still there.', column),
  });
}
