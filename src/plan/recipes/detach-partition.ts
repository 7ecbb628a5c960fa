import type { Assessment } from '../../assess/assessment';
import type { DetachPartition } from '../../assess/changes/detach-partition';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { letGoOfProof, proofOfBound, proofSteps } from '../pieces/bound-proof';
import { concurrentStep, deployStep, migrationStep, waitStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { isPartitionOf } from '../pieces/partition-membership';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/** Detaches a partition, once no code needs its rows in the whole. */
export const detachPartitionRecipe: Recipe<DetachPartition> = {
  id: 'detach-partition',
  blockers,
  phases: ({ assessment, options }) => {
    const { facts, condition } = assessment.partition!;
    const why = whyNoReturn(assessment);
    const proof = condition === null || why !== null ? null : proofOfBound(facts, condition);
    return recipePlan({
      phases: [
        { name: 'expand', goal: t('Nothing has to be added.'), steps: [] },
        {
          name: 'migrate',
          goal: t('The application does not need the rows in the whole.'),
          steps: [
            releaseStep(assessment),
            waitStep(
              options.deprecationDays,
              t('The rows are still seen through {0}.', formatQualifiedName(assessment.table.name)),
              t('Reports, jobs and other services may still read them there.'),
            ),
          ],
        },
        {
          name: 'contract',
          goal: t('The partition is a table of its own.'),
          steps: [
            ...(proof === null ? [] : proofSteps(proof)),
            detachStep(assessment, why),
            ...(proof === null ? [] : letGoOfProof(proof)),
          ],
        },
      ],
      noReturn: why === null ? null : { slug: 'detach', why },
      notes: notes(assessment),
    });
  },
};

function releaseStep({ table, partition }: Assessment): StepDraft {
  const [own, relation] = [formatQualifiedName(partition!.facts.name), formatQualifiedName(table.name)];
  return deployStep({
    slug: 'without-partition',
    title: t('Release the application that does without {0} in {1}', own, relation),
    action: t(
      'Its rows will not be seen through {0} any more, and new ones of that kind are refused there.',
      relation,
    ),
    instructions: t(
      'Make sure that nothing reads or writes rows of {0} ({1}) through {2}; what still needs them uses {0} itself. Release it to all instances.',
      own,
      partition!.bound,
      relation,
    ),
    rollbackInstructions: t(
      'Release the previous version again: the rows are still seen through {0}.',
      relation,
    ),
    holds: [isPartitionOf(partition!.facts.name, table.name)],
    expectation: t('{0} is still a partition.', own),
  });
}

function detachStep(assessment: Assessment, why: string | null): StepDraft {
  const { table, partition, server } = assessment;
  const { facts, bound } = partition!;
  const [own, relation] = [formatQualifiedName(facts.name), formatQualifiedName(table.name)];
  // https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION
  const concurrently = server.major >= 14 && table.partitioning?.defaultPartition === null;
  const step = concurrently ? concurrentStep : migrationStep;
  return step({
    slug: 'detach',
    title: t('Detach {0} from {1}', own, relation),
    action: concurrently
      ? t(
          'Waits for transactions that use {0}, without blocking any. If it is interrupted, ALTER TABLE {0} DETACH PARTITION {1} FINALIZE ends it.',
          relation,
          own,
        )
      : t(
          'Takes both tables for a moment; no row is read. Who waits for them waits for lock_timeout at most.',
        ),
    forward: [`ALTER TABLE ${relation} DETACH PARTITION ${own}${concurrently ? ' CONCURRENTLY' : ''}`],
    rollback: why === null ? [`ALTER TABLE ${relation} ATTACH PARTITION ${own} ${bound}`] : { noReturn: why },
    holds: [`NOT ${isPartitionOf(facts.name, table.name)}`],
    expectation: t('{0} is a table of its own.', own),
    forecast: concurrently
      ? stepForecast('AccessExclusiveLock', 'catalog', facts)
      : stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

/** null where the partition can be attached again. */
function whyNoReturn({ table, partition }: Assessment): string | null {
  const rest = table.partitioning?.defaultPartition ?? null;
  if (rest === null || formatQualifiedName(rest) === formatQualifiedName(partition!.facts.name)) return null;
  return t(
    'New rows of that kind go to the default partition {0} from then on; attaching again would have to move them first and read all of it.',
    formatQualifiedName(rest),
  );
}

function blockers(_change: DetachPartition, { table, partition }: Assessment): string[] {
  const found: string[] = [];
  const relation = formatQualifiedName(table.name);
  if (table.partitioning?.strategy === 'hash')
    found.push(
      t(
        'Without one of its partitions {0} would refuse every row of that hash. Copy the table into one of fewer partitions instead.',
        relation,
      ),
    );
  if (table.foreignKeysIn.length > 0)
    found.push(
      t(
        'Foreign keys refer to {0}, and DETACH would read the tables they are on while everybody waits: {1}. Drop them first and add them again afterwards.',
        relation,
        table.foreignKeysIn
          .map(({ name, from }) => `${formatIdentifier(name)} (${formatQualifiedName(from)})`)
          .join(', '),
      ),
    );
  if (partition?.condition?.includes('satisfies_hash_partition(') === true)
    found.push(
      t(
        '{0} is below a hash partition, whose rows no CHECK of this plan proves for the way back. Detach it in a maintenance window.',
        relation,
      ),
    );
  return found;
}

function notes({ table, partition }: Assessment): string[] {
  const published = table.publications.filter(({ by }) => by === 'table');
  if (published.length === 0) return [];
  return [
    t(
      '{0} leaves the publications it was in through {1}: {2}. Add it by its own name where it is to stay.',
      formatQualifiedName(partition!.facts.name),
      formatQualifiedName(table.name),
      published.map(({ name }) => formatIdentifier(name)).join(', '),
    ),
  ];
}
