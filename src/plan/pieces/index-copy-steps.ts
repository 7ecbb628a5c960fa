import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { indexSteps, type IndexedTable } from './concurrent-index';
import { indexIsValid, type IndexCopy } from './index-copies';
import { concurrentStep } from './plain-steps';
import { stepSlug, type StepDraft } from './step-draft';

/**
 * The steps that build copies of indexes on another column without blocking writes: as those of a new index on a
 * partitioned table, leaf by leaf and joined by statements of their own.
 */
export function indexCopySteps(on: IndexedTable, copies: readonly IndexCopy[], column: string): StepDraft[] {
  if (on.table.partitioning === null) return copies.map((copy) => copyStep(on, copy));
  return copies.flatMap(({ name, original, definition }) =>
    indexSteps(on, {
      name: name.name,
      unique: original.unique,
      definition,
      addition: column,
      label: 'idx',
    }),
  );
}

function copyStep({ table }: IndexedTable, { original, name, definition }: IndexCopy): StepDraft {
  const index = formatIdentifier(name.name);
  const unique = original.unique ? 'UNIQUE ' : '';
  return concurrentStep({
    slug: stepSlug(`index ${name.name}`),
    title: t('Build the index {0}', index),
    action: t(
      'Builds on the new column what {0} is on the old one, while others go on reading and writing.',
      formatIdentifier(original.name.name),
    ),
    forward: [
      `CREATE ${unique}INDEX CONCURRENTLY ${index}\n  ON ${formatQualifiedName(table.name)} ${definition}`,
    ],
    rollback: [`DROP INDEX CONCURRENTLY ${formatQualifiedName(name)}`],
    holds: [indexIsValid(name)],
    expectation: t('The index {0} is valid.', name.name),
    forecast: stepForecast('ShareUpdateExclusiveLock', 'index-build', table),
  });
}
