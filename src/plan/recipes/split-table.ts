import { isAskedOfWriters } from '../../assess/changes/drop-column';
import type { SplitTable } from '../../assess/changes/split-table';
import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import { selectCall, typeScriptSample } from '../pieces/code-sample';
import { equalCheckStep } from '../pieces/copy-equal-check';
import { copyRowsStep } from '../pieces/copy-rows-step';
import { splitTableBlockers } from '../pieces/copy-split-blockers';
import { createPartStep, partForeignKeySteps } from '../pieces/copy-split-create';
import { splitParts, type SplitParts } from '../pieces/copy-split-parts';
import { goesWithColumn } from '../pieces/goes-with-column';
import { liftNotNullSteps } from '../pieces/lifted-not-null';
import {
  createBothWays,
  dropBack,
  dropThere,
  followKeys,
  isKeptEqual,
} from '../pieces/mirror-table-both-ways';
import { notNullProof } from '../pieces/not-null-proof';
import { checkStep, deployStep, migrationStep, waitStep } from '../pieces/plain-steps';
import { proofCleanUp } from '../pieces/proof-clean-up';
import { recipePlan } from '../pieces/recipe-plan';
import { referencesSentence } from '../pieces/references-sentence';
import { unusedCheck } from '../pieces/rename-checks';
import { allHold, columnExists, regclass, triggerExists } from '../pieces/sql-text';
import type { StepDraft } from '../pieces/step-draft';
import { constraintInTwoSteps } from '../pieces/validated-constraint';
import { wholeFirst } from '../pieces/whole-first';
import type { Recipe } from '../recipe';
import { stepForecast } from '../step-forecast';

/** Gives columns a table of their own with the same key; both are kept equal until the columns go. */
export const splitTableRecipe: Recipe<SplitTable> = {
  id: 'split-table',
  blockers: splitTableBlockers,
  phases: (context) => {
    const parts = splitParts(context);
    const { table, part, options } = { ...parts, ...context };
    const [relation, name] = [formatQualifiedName(table.name), formatQualifiedName(part)];
    return recipePlan({
      phases: [
        {
          name: 'expand',
          goal: t('{0} follows every write of {1}.', name, relation),
          steps: [createPartStep(parts), ...partForeignKeySteps(parts), mirrorStep(parts)],
        },
        {
          name: 'migrate',
          goal: t('The application reads and writes the columns in {0}.', name),
          steps: [
            copyRowsStep(parts.equal, [...parts.key, ...context.change.columns], options),
            equalCheckStep(parts.equal),
            ...lettingGo(parts),
            releaseStep(parts),
            waitStep(
              options.deprecationDays,
              t('Code that reads or writes the columns in {0} still works.', relation),
              t('Jobs that run monthly and people with scripts of their own may still use them there.'),
            ),
          ],
        },
        {
          name: 'contract',
          goal: t('The columns are in {0} alone.', name),
          steps: [
            unusedStep(parts),
            endBackStep(parts),
            ...referenceSteps(parts),
            dropStep(parts),
            ...requireSteps(parts),
          ],
        },
      ],
      noReturn: { slug: 'end-mirror', why: whyGone(parts) },
      notes: notesOf(parts),
    });
  },
};

function mirrorStep({ table, part, mirror }: SplitParts): StepDraft {
  const [relation, name] = [formatQualifiedName(table.name), formatQualifiedName(part)];
  return migrationStep({
    slug: 'mirror-writes',
    title: t('Keep {0} and {1} equal', relation, name),
    action: t(
      'From now on triggers carry what is written to one of both to the other, in the same transaction.',
    ),
    forward: createBothWays(mirror),
    rollback: [
      ...wholeFirst(table),
      ...dropThere(mirror),
      ...dropBack(mirror),
      // Rows that are there would not follow any more, and a copy later on would take them for current.
      `TRUNCATE ${name}`,
    ],
    holds: [isKeptEqual(mirror)],
    expectation: t('The triggers are there.'),
    forecast: stepForecast('ShareRowExclusiveLock', 'catalog', table),
  });
}

/** A row of the table is written before that of the new one, and has none of the values until then. */
function lettingGo({ table, moved, context }: SplitParts): StepDraft[] {
  return moved
    .filter(isAskedOfWriters)
    .flatMap(({ name }) => liftNotNullSteps(table, name, context.assessment.server.major));
}

function releaseStep({ table, part, key, moved, mirror, context }: SplitParts): StepDraft {
  const [relation, name] = [formatQualifiedName(table.name), formatQualifiedName(part)];
  const columns = moved.map((column) => formatIdentifier(column.name)).join(', ');
  const keyList = key.map(formatIdentifier).join(', ');
  return deployStep({
    slug: 'use-new-table',
    title: t('Release the application that uses {0}', name),
    action: t('From this release on {0} are read and written there alone.', columns),
    instructions: [
      t(
        'Read {0} from {1} by {2}, and leave them out of every INSERT, UPDATE and SELECT of {3}, also SELECT *.',
        columns,
        name,
        keyList,
        relation,
      ),
      t(
        'Write the row of {0} first, then that of {1} in the same transaction, by INSERT ... ON CONFLICT ({2}) DO UPDATE: until contract it is there already.',
        relation,
        name,
        keyList,
      ),
      t('Delete rows of {0} alone; those of {1} go with them.', relation, name),
    ]
      .join(' ')
      .concat(referencesSentence(context.assessment)),
    rollbackInstructions: t('Release the previous version again: {0} has the same values.', relation),
    sample: typeScriptSample(
      [selectCall(table.name, moved[0]!.name, key)],
      [selectCall(part, moved[0]!.name, key)],
    ),
    holds: [isKeptEqual(mirror)],
    expectation: t('Both tables are kept equal.'),
  });
}

function unusedStep({ table, moved, equal }: SplitParts): StepDraft {
  const unused = moved.map(({ name }, index) => ({
    ...unusedCheck(table.name, name),
    id: `old-column-unused-${index + 1}`,
  }));
  const both = equalCheckStep(equal);
  const checks = [...unused, ...(both.kind === 'check' ? both.checks : [])];
  return checkStep({
    slug: 'check-before-drop',
    title: t('Look once more before the columns go'),
    action: t('Reads both tables once, and looks for what in the database still uses the old columns.'),
    checks,
    verification: { sql: allHold(checks.map(({ sql }) => sql)), expectation: t('All checks hold.') },
    forecast: stepForecast('AccessShareLock', 'scan', table),
  });
}

/** By itself: who writes the new table locks it before the old one, and who writes the old one the other way round. */
function endBackStep(parts: SplitParts): StepDraft {
  const { table, part, mirror } = parts;
  return migrationStep({
    slug: 'end-mirror',
    title: t('Carry nothing back to {0} any more', formatQualifiedName(table.name)),
    action: t('From now on the values are in {0} alone.', formatQualifiedName(part)),
    forward: [...dropBack(mirror), followKeys(mirror)],
    rollback: { noReturn: whyGone(parts) },
    holds: [`NOT ${triggerExists([part], mirror.back.triggerName)}`],
    expectation: t('The trigger of the new table is gone.'),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table, part),
  });
}

/** Not before: old code may empty the table by TRUNCATE, which a foreign key to it refuses. */
function referenceSteps({ table, part, key, reference }: SplitParts): StepDraft[] {
  const relation = formatQualifiedName(table.name);
  const columns = key.map(formatIdentifier).join(', ');
  const definition = `FOREIGN KEY (${columns}) REFERENCES ${relation} (${columns}) ON UPDATE CASCADE ON DELETE CASCADE`;
  const lock = 'ShareRowExclusiveLock';
  return constraintInTwoSteps({ table, on: part, name: reference, definition, lock }).map((step, place) =>
    place === 0 && step.kind === 'migration'
      ? // The table is locked before the new one, as who writes to it does.
        { ...step, forward: `LOCK TABLE ${relation} IN SHARE ROW EXCLUSIVE MODE;\n\n${step.forward}` }
      : step,
  );
}

function dropStep(parts: SplitParts): StepDraft {
  const { table, moved, mirror } = parts;
  const relation = formatQualifiedName(table.name);
  const names = moved.map(({ name }) => formatIdentifier(name)).join(', ');
  return migrationStep({
    slug: 'drop-columns',
    title: t('Drop {0} of {1}', names, relation),
    action: [
      t('The triggers and the columns go; no row is read or written.'),
      ...moved.flatMap(({ name }) => goesWithColumn(table, name)),
    ].join(' '),
    forward: [
      `ALTER TABLE ${relation}\n${moved.map(({ name }) => `  DROP COLUMN ${formatIdentifier(name)}`).join(',\n')}`,
      ...dropThere(mirror),
    ],
    rollback: { noReturn: whyGone(parts) },
    holds: [
      ...moved.map(({ name }) => `NOT ${columnExists(table.name, name)}`),
      `${regclass(parts.part)} IS NOT NULL`,
    ],
    expectation: t('The columns are in the new table alone.'),
    forecast: stepForecast('AccessExclusiveLock', 'catalog', table),
  });
}

/** What was NOT NULL is so again, now that no row comes without the values. */
function requireSteps({ table, part, moved, context }: SplitParts): StepDraft[] {
  const whole = { ...table, name: part, partitioning: null, constraints: [] };
  return moved
    .filter(({ notNull }) => notNull)
    .flatMap(({ name }) => {
      const { steps, cleanUp } = notNullProof(whole, name, context.assessment.server.major);
      return [...steps, ...proofCleanUp(whole, name, cleanUp)];
    });
}

function whyGone({ table, part }: SplitParts): string {
  return t(
    'From here on the columns of {0} do not follow, and go. Their values are in {1}; to have them here again is a change of its own.',
    formatQualifiedName(table.name),
    formatQualifiedName(part),
  );
}

function notesOf({ table, part }: SplitParts): string[] {
  const [relation, name] = [formatQualifiedName(table.name), formatQualifiedName(part)];
  return [
    t(
      'Until contract an old and a new version that change the values of the same row in the same moment wait for each other; PostgreSQL ends one of both with a deadlock error, and it has to try again.',
    ),
    t(
      'After contract a row of {0} may be there without one of {1}: read them by LEFT JOIN, or write both always.',
      relation,
      name,
    ),
    ...table.publications.map((publication) =>
      t(
        '{0} is published by {1}, and {2} is not yet. Add it there and on each subscriber before the release.',
        relation,
        formatIdentifier(publication.name),
        name,
      ),
    ),
  ];
}
