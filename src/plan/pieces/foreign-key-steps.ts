import type { PartitionNode } from '../../assess/assessment';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { migrationStep } from './plain-steps';
import { constraintExists } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';
import { constraintInTwoSteps } from './validated-constraint';

export interface NewForeignKey {
  table: TableFacts;
  partitions: readonly PartitionNode[];
  references: QualifiedName;
  name: string;
  definition: string;
  serverMajor: number;
}

/**
 * The steps of a foreign key. A partitioned table takes one as NOT VALID from PostgreSQL 18 on; before, each leaf gets
 * its own, proved, and the whole takes those without reading a row.
 * https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT
 */
export function foreignKeySteps(key: NewForeignKey): StepDraft[] {
  const { table, partitions, name, definition, serverMajor } = key;
  const on = (relation: QualifiedName): StepDraft[] =>
    constraintInTwoSteps({ table, on: relation, name, definition, lock: 'ShareRowExclusiveLock' });
  if (table.partitioning === null || serverMajor >= 18) return on(table.name);
  const leaves = partitions.filter(({ kind }) => kind === 'leaf');
  return [...leaves.flatMap((leaf) => on(leaf.name)), wholeStep(key)];
}

function wholeStep({ table, name, definition, references }: NewForeignKey): StepDraft {
  const relation = formatQualifiedName(table.name);
  const quoted = formatIdentifier(name);
  return migrationStep({
    slug: stepSlug(`join ${name}`),
    title: t('Join the partitions’ foreign keys in {0}', quoted),
    action: t(
      'Creates the foreign key of the partitioned table from those of its partitions; no row is read.',
    ),
    forward: [`ALTER TABLE ${relation}\n  ADD CONSTRAINT ${quoted} ${definition}`],
    rollback: [`ALTER TABLE ${relation} DROP CONSTRAINT ${quoted}`],
    holds: [constraintExists(table.name, name, true)],
    expectation: t('The constraint {0} is there.', name),
    // The triggers of each partition's own key go, which locks the table it refers to.
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, references),
  });
}
