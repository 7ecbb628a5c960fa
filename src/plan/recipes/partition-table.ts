import type { PartitionTable } from '../../assess/changes/partition-table';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { equalCheckStep } from '../pieces/copy-equal-check';
import { copyRowsStep } from '../pieces/copy-rows-step';
import {
  createMirrorFunction,
  createMirrorTriggers,
  dropMirrorFunction,
  dropMirrorTriggers,
  isMirrored,
} from '../pieces/mirror-table-trigger';
import { partitionTableBlockers } from '../pieces/partition-blockers-copy';
import { createPartitionedStep, foreignKeyCopySteps } from '../pieces/partition-create-copy';
import { partitionParts, type PartitionParts } from '../pieces/partition-parts-copy';
import { provedReferenceSteps, unprovedReferenceSteps } from '../pieces/partition-references';
import { partitionSwapStep } from '../pieces/partition-swap-copy';
import { migrationStep, waitStep } from '../pieces/plain-steps';
import { recipePlan } from '../pieces/recipe-plan';
import { regclass } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/**
 * Fills a partitioned table beside the table and exchanges both. The old one follows until the deprecation window is over.
 * https://www.postgresql.org/docs/current/ddl-partitioning.html
 */
export const partitionTableRecipe: Recipe<PartitionTable> = {
  id: 'partition-table',
  blockers: (_change, assessment) => partitionTableBlockers(assessment),
  phases: (context) => {
    const parts = partitionParts(context);
    const { table, before, options, mirror } = parts;
    const relation = formatQualifiedName(table.name);
    const old = formatQualifiedName(before);
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('A partitioned table beside {0} gets every write.', relation),
          steps: [createPartitionedStep(parts), ...foreignKeyCopySteps(parts), mirrorStep(parts)],
        },
        {
          name: 'migrate',
          goal: t('{0} is the partitioned table.', relation),
          steps: [
            copyRowsStep(parts.equal, mirror.columns, options),
            equalCheckStep(parts.equal),
            ...unprovedReferenceSteps(parts),
            partitionSwapStep(parts),
            ...provedReferenceSteps(parts),
            waitStep(
              options.deprecationDays,
              t(
                'Every write is carried back to {0}; going back one step brings it back as it would be.',
                old,
              ),
              t('Jobs and reports that run monthly should have run once on the partitioned table.'),
            ),
          ],
        },
        {
          name: 'contract',
          goal: t('The table before is gone.'),
          steps: [endMirrorStep(parts), dropStep(parts)],
        },
      ],
      noReturn: { slug: 'end-mirror', why: whyGone(parts) },
      notes: notesOf(parts),
    });
  },
};

function mirrorStep({ table, next, mirror }: PartitionParts): StepDraft {
  const relation = formatQualifiedName(table.name);
  const name = formatQualifiedName(next);
  return migrationStep({
    slug: 'mirror-writes',
    title: t('Carry writes of {0} to {1}', relation, name),
    action: t(
      'From now on a trigger writes every new, changed and deleted row there, too, in the same transaction.',
    ),
    forward: [...createMirrorFunction(mirror), ...createMirrorTriggers(mirror)],
    rollback: [
      ...dropMirrorTriggers(mirror),
      dropMirrorFunction(mirror),
      // Rows that are there would not follow any more, and a copy later on would take them for current.
      `TRUNCATE ${name}`,
    ],
    holds: [isMirrored(mirror)],
    expectation: t('The trigger is there.'),
    forecast: stepForecast('ShareRowExclusiveLock', 'catalog', table),
  });
}

function endMirrorStep(parts: PartitionParts): StepDraft {
  const { table, before, back } = parts;
  const relation = formatQualifiedName(table.name);
  return migrationStep({
    slug: 'end-mirror',
    title: t('Carry nothing back any more'),
    action: t('{0} stays behind from now on.', formatQualifiedName(before)),
    forward: [
      // The whole is locked before its partitions, as who writes to it does.
      `LOCK TABLE ${relation} IN ACCESS EXCLUSIVE MODE`,
      ...dropMirrorTriggers(back),
      dropMirrorFunction(back),
    ],
    rollback: { noReturn: whyGone(parts) },
    holds: [`NOT ${isMirrored(back)}`],
    expectation: t('The trigger is gone.'),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

function dropStep(parts: PartitionParts): StepDraft {
  const { table, before } = parts;
  const name = formatQualifiedName(before);
  const referred = [...new Set(table.foreignKeysOut.map(({ to }) => formatQualifiedName(to)))].sort();
  return migrationStep({
    slug: 'drop-before',
    title: t('Drop {0}', name),
    action: t('The table before the exchange goes with its rows, indexes and triggers.'),
    forward: [
      // Whoever deletes there looks here afterwards: locks in another order would stand against theirs.
      ...(referred.length === 0 ? [] : [`LOCK TABLE ${referred.join(', ')} IN ACCESS EXCLUSIVE MODE`]),
      `DROP TABLE ${name}`,
    ],
    rollback: { noReturn: whyGone(parts) },
    holds: [`${regclass(before)} IS NULL`],
    expectation: t('The table is gone.'),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, before),
  });
}

function whyGone({ table, before }: PartitionParts): string {
  return t(
    'From here on {0} no longer has what is written to {1}, and goes. The rows are in the partitioned table.',
    formatQualifiedName(before),
    formatQualifiedName(table.name),
  );
}

function notesOf({ table, facts }: PartitionParts): string[] {
  const key = facts.keyColumns.map(formatIdentifier).join(', ');
  return [
    t('A query is fast where it says something of {0}: others look into every partition.', key),
    t(
      'An UPDATE that changes {0} moves the row to another partition; who waits for that row then gets a serialization error and has to try again.',
      key,
    ),
    t(
      'TRUNCATE of a single partition is not carried back to the table before. Truncate nothing until contract.',
    ),
    ...(facts.references.length === 0
      ? []
      : [
          t(
            'Foreign keys point at {0}: a partition can be dropped or detached only when no row refers to it, and detaching reads the tables that refer to it.',
            formatQualifiedName(table.name),
          ),
        ]),
    ...(table.triggers.length === 0
      ? []
      : [
          t(
            'A trigger of {0} that runs before rows are written must not change {1}: partitioned tables refuse it.',
            formatQualifiedName(table.name),
            key,
          ),
        ]),
  ];
}
