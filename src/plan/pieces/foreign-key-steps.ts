import type { PartitionNode } from '../../assess/change-facts';
import type { TableFacts } from '../../catalog/table-facts';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName, type QualifiedName } from '../../sql/identifier';
import { stepForecast } from '../step-forecast';
import { acceptFinding } from './accepted-finding';
import { oneByOne } from './one-statement';
import { migrationStep } from './plain-steps';
import { constraintExists } from './sql-text';
import { stepSlug, type StepDraft } from './step-draft';
import { byTheFirst, takenBackTogether } from './taken-back-together';
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
  const { table, name, definition, serverMajor } = key;
  if (table.partitioning !== null && serverMajor < 18) return partByPart(key);
  const lock = 'ShareRowExclusiveLock';
  return constraintInTwoSteps({ table, on: table.name, name, definition, lock });
}

/** Taken back together: the key of the whole takes those of its partitions along when it goes. */
function partByPart({ table, partitions, references, name, definition }: NewForeignKey): StepDraft[] {
  const leaves = partitions.filter(({ kind }) => kind === 'leaf').map((leaf) => leaf.name);
  const lock = 'ShareRowExclusiveLock';
  const parts = leaves.flatMap((on) => constraintInTwoSteps({ table, on, name, definition, lock }));
  const back = [table.name, ...leaves].map(
    (on) => `ALTER TABLE ${formatQualifiedName(on)} DROP CONSTRAINT IF EXISTS ${formatIdentifier(name)}`,
  );
  return takenBackTogether([...parts, wholeStep({ table, references, name, definition })], {
    alone: oneByOne(back, ['lock-order']),
    shared: back,
  });
}

function wholeStep({
  table,
  references,
  name,
  definition,
}: Pick<NewForeignKey, 'table' | 'references' | 'name' | 'definition'>): StepDraft {
  const relation = formatQualifiedName(table.name);
  const quoted = formatIdentifier(name);
  return migrationStep({
    slug: stepSlug(`join ${name}`),
    title: t('Require {0} of {1}', quoted, relation),
    action: t(
      'Creates the foreign key of the partitioned table from those of its partitions; no row is read.',
    ),
    forward: [
      acceptFinding(
        'constraint-not-valid',
        t('no row is read: every partition has its part, proved'),
        `ALTER TABLE ${relation}\n  ADD CONSTRAINT ${quoted} ${definition}`,
      ),
    ],
    rollback: byTheFirst,
    holds: [constraintExists(table.name, name, true)],
    expectation: t('The constraint {0} is there, proved.', name),
    // The triggers of each partition's own key go, which locks the table it refers to.
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, references),
  });
}
