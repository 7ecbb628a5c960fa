import type { Assessment } from '../../assess/assessment';
import type { AttachPartition } from '../../assess/changes/attach-partition';
import type { TableFacts } from '../../catalog/table-facts';
import type { QualifiedName } from '../../sql/identifier';
import { t } from '../../messages/translate';
import { freeName } from '../../sql/free-name';
import { formatQualifiedName } from '../../sql/identifier';
import { attachBlockers } from '../pieces/attach-blockers';
import { dropProof, proofOfBound, proofSteps, type BoundProof } from '../pieces/bound-proof';
import { missingIndexes, missingIndexSteps } from '../pieces/partition-indexes';
import { deployStep, migrationStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { isPartitionOf } from '../pieces/partition-membership';
import { regclass } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/** Attaches a partition: what ATTACH would do under its lock is done before, while others go on working. */
export const attachPartitionRecipe: Recipe<AttachPartition> = {
  id: 'attach-partition',
  blockers: (_change, assessment) => attachBlockers(assessment),
  phases: ({ change, assessment }) => {
    const { table, takenNames = [] } = assessment;
    const { facts, condition } = assessment.partition!;
    const rest = table.partitioning?.defaultPartition ?? null;
    const proofs = [
      proofOfBound(facts, condition!),
      ...(rest === null ? [] : [proofOfRest(assessment, rest)]),
    ];
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('The partition is attached.'),
          steps: [
            ...(rest === null ? [] : [pauseStep(change, rest)]),
            ...proofs.flatMap(proofSteps),
            ...missingIndexSteps(missingIndexes(table, facts), facts, takenNames),
            attachStep(change, assessment),
          ],
        },
        { name: 'migrate', goal: t('Nothing has to move.'), steps: [] },
        {
          name: 'contract',
          goal: t('Nothing is left that only the plan needed.'),
          steps: proofs.flatMap(dropProof),
        },
      ],
      noReturn: null,
      notes: notes(assessment),
    });
  },
};

/** The default partition gets a CHECK that it has none of the rows, else ATTACH would read all of it. */
function proofOfRest({ table, partition }: Assessment, rest: QualifiedName): BoundProof {
  return {
    table,
    on: rest,
    name: freeName(`${partition!.facts.name.name}_not_in_default`, '_switchback', new Set()),
    // As the server asks of it (get_proposed_default_constraint): of this level alone.
    condition: `NOT (${partition!.ownCondition!})`,
  };
}

function pauseStep({ bound }: AttachPartition, rest: QualifiedName): StepDraft {
  const relation = formatQualifiedName(rest);
  return deployStep({
    slug: 'hold-back-rows',
    title: t('Let no application write rows of {0}', bound),
    action: t(
      'They would go to the default partition {0}, which has to be proved to have none of them.',
      relation,
    ),
    instructions: t(
      'Make sure that no instance writes rows of {0} until the partition is attached; {1} refuses them meanwhile.',
      bound,
      relation,
    ),
    rollbackInstructions: t('Nothing has to be done: {0} takes such rows again.', relation),
    holds: [`${regclass(rest)} IS NOT NULL`],
    expectation: t('The default partition is there; who writes to it is for you to confirm.'),
  });
}

function attachStep({ bound }: AttachPartition, { table, partition }: Assessment): StepDraft {
  const facts = partition!.facts;
  const [own, relation] = [formatQualifiedName(facts.name), formatQualifiedName(table.name)];
  const rest = table.partitioning?.defaultPartition ?? null;
  const referred = others(
    table.foreignKeysOut.map(({ to }) => to),
    table,
  );
  return migrationStep({
    slug: 'attach',
    title: t('Attach {0} to {1}', own, relation),
    action: [
      t('No row is read, because a CHECK proves the bound, and no index is built.'),
      ...waiting(table, rest, referred),
    ].join(' '),
    forward: [
      // Who deletes there looks into the partition afterwards. Who writes to a default partition does it the other way round.
      ...(rest !== null || referred.length === 0
        ? []
        : [`LOCK TABLE ${referred.join(', ')} IN ACCESS EXCLUSIVE MODE`]),
      `ALTER TABLE ${relation} ATTACH PARTITION ${own} ${bound}`,
    ],
    rollback: [`ALTER TABLE ${relation} DETACH PARTITION ${own}`],
    holds: [isPartitionOf(facts.name, table.name)],
    expectation: t('{0} is a partition of {1}.', own, relation),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', facts),
  });
}

/** Who waits while it is attached, each for lock_timeout at most. */
function waiting(table: TableFacts, rest: QualifiedName | null, referred: string[]): string[] {
  const relation = formatQualifiedName(table.name);
  const referring = others(
    table.foreignKeysIn.map(({ from }) => from),
    table,
  );
  const stopped = [...(rest === null ? [] : [formatQualifiedName(rest)]), ...referred];
  return [
    stopped.length === 0
      ? t('{0} is not blocked.', relation)
      : t(
          '{0} itself is not locked, but nobody can use {1} for the moment that takes.',
          relation,
          stopped.join(', '),
        ),
    ...(referring.length === 0
      ? []
      : [t('Nobody can write to {0}, which refer to it, for that moment.', referring.join(', '))]),
  ];
}

/** Other tables than this one, each once. */
function others(names: readonly QualifiedName[], { name }: TableFacts): string[] {
  const all = new Set(names.map(formatQualifiedName));
  return [...all].filter((other) => other !== formatQualifiedName(name)).sort();
}

function notes({ table, partition }: Assessment): string[] {
  const own = formatQualifiedName(partition!.facts.name);
  const found = [
    t(
      'Through {0} the rows are seen by who may see that table; its triggers fire for them too.',
      formatQualifiedName(table.name),
    ),
    t('After a way back rows that were written through the whole are in {0} alone.', own),
  ];
  return found;
}
