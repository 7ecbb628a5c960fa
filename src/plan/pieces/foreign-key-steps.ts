import type { PartitionNode } from '../../assess/assessment';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptFinding } from './accepted-finding';
import { briefly } from './brief-locks';
import { concurrentStep } from './plain-steps';
import { constraintExists } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';
import { addNotValid, constraintInTwoSteps } from './validated-constraint';

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
  const { table, name, definition, serverMajor } = key;
  if (table.partitioning !== null && serverMajor < 18) return [partByPart(key)];
  const lock = 'ShareRowExclusiveLock';
  return constraintInTwoSteps({ table, on: table.name, name, definition, lock });
}

/** One step of several transactions: the key of the whole takes those of its partitions along when it goes. */
function partByPart({ table, partitions, name, definition, references }: NewForeignKey): StepDraft {
  const quoted = formatIdentifier(name);
  const drop = (relation: string): string => `ALTER TABLE ${relation} DROP CONSTRAINT IF EXISTS ${quoted}`;
  const whole = formatQualifiedName(table.name);
  const leaves = partitions
    .filter(({ kind }) => kind === 'leaf')
    .map((leaf) => formatQualifiedName(leaf.name));
  return concurrentStep({
    slug: stepSlug(`add ${name}`),
    title: t('Require {0} of {1}, partition by partition', quoted, whole),
    action: t(
      'Each partition gets the foreign key for new rows, then its rows are read while others go on writing; the whole takes those without reading a row.',
    ),
    forward: briefly([
      ...leaves.flatMap((leaf) => [
        drop(leaf),
        `ALTER TABLE ${leaf}\n  ${addNotValid({ name, definition })}`,
        `ALTER TABLE ${leaf} VALIDATE CONSTRAINT ${quoted}`,
      ]),
      acceptFinding(
        'constraint-not-valid',
        t('no row is read: every partition has its part, proved'),
        `ALTER TABLE ${whole}\n  ADD CONSTRAINT ${quoted} ${definition}`,
      ),
    ]),
    rollback: briefly([drop(whole), ...leaves.map(drop)]),
    holds: [constraintExists(table.name, name, true)],
    expectation: t('The constraint {0} is there, proved.', name),
    // The triggers of each partition's own key go, which locks the table it refers to.
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, references),
  });
}
