import { t } from '../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../sql/identifier';
import type { CodeSample, Verification } from '../plan';
import { columnsEqualSql, stopWritingOldSlug } from '../rename-equality';
import type { RenameParts } from './rename-parts';
import { renameSamples } from './rename-samples';
import { columnExists, columnIsNotNull, holdsQuery } from './sql-text';
import type { StepDraft } from './step-draft';
import { uniqueTwiceNote } from './unique-twice-note';

/** The releases of a rename whose trigger writes both columns: one, or reading and writing apart. */
export function triggerDeploys(parts: RenameParts): StepDraft[] {
  return parts.options.deploySteps === 'one'
    ? [readAndWriteNew(parts)]
    : [readNew(parts, freeWayBack(parts)), writeNew(parts)];
}

/** From this release on the application writes both columns itself; nothing else keeps them equal. */
export function writeBothDeploy(parts: RenameParts): StepDraft {
  const { from, to, relation } = words(parts);
  const fills =
    parts.column.default === null
      ? ''
      : ' ' +
        t('An INSERT must name both: one that leaves the column out gives its default to {0} only.', from);
  return {
    slug: 'write-both',
    kind: 'deploy',
    title: t('Release the application that writes {0} and {1}', from, to),
    action: t(
      'From this release on every write of {0} also writes the same value to {1}. Reads stay as they are.',
      from,
      to,
    ),
    instructions:
      t(
        'Make every INSERT and UPDATE of {0} that gives {1} a value give {2} the same one in the same statement, and release it to all instances. Confirm it only when no instance of the release before runs any more: what such a one writes reaches {1} alone.',
        relation,
        from,
        to,
      ) +
      fills +
      places(parts),
    rollbackInstructions: t(
      'Once nothing reads {1} any more, release the version that writes only {0} again: it has every value.',
      from,
      to,
    ),
    sample: renameSamples(parts.table, parts.renaming).writeBoth,
    verification: {
      sql: holdsQuery(columnExists(parts.table.name, parts.change.to)),
      expectation: t(
        'The column {0} is there to be written; that every instance writes it is proved by the comparison that follows.',
        to,
      ),
    },
    forecast: null,
  };
}

/** The application reads the new name and writes both. */
export function readNewDeploy(parts: RenameParts): StepDraft {
  return readNew(
    parts,
    t(
      'Release the version that reads {0} again and still writes both: {0} has every value as long as nothing has written {1} alone. Where the release that stops writing {0} was out, do it only after the rollback has copied back what {0} lacks.',
      formatIdentifier(parts.change.from),
      formatIdentifier(parts.change.to),
    ),
  );
}

/** From this release on the old column falls behind; its way back goes through the release before. */
export function stopWritingDeploy(parts: RenameParts): StepDraft {
  const { from, to, relation } = words(parts);
  return {
    slug: stopWritingOldSlug,
    kind: 'deploy',
    title: t('Release the application that writes {0} only', to),
    action: t(
      'From this release on {0} is not written any more. What is written is in {1} alone until a rollback copies it back.',
      from,
      to,
    ),
    instructions:
      t('Leave {0} out of every INSERT and UPDATE of {1}, and release it to all instances.', from, relation) +
      places(parts),
    rollbackInstructions: t(
      'Release the version that writes both columns again, to every instance, and confirm that first. Then the rollback of the step before copies to {0} what was written to {1} alone. A version that reads {0} must not be released before that.',
      from,
      to,
    ),
    sample: renameSamples(parts.table, parts.renaming).stopWritingOld,
    verification: {
      sql: holdsQuery(
        columnExists(parts.table.name, parts.change.from),
        `NOT ${columnIsNotNull(parts.table.name, parts.change.from)}`,
      ),
      expectation: t('Writers may leave {0} out, and it is still there for the way back.', from),
    },
    forecast: null,
  };
}

function readAndWriteNew(parts: RenameParts): StepDraft {
  const { from, to, relation } = words(parts);
  return {
    slug: 'release-new-name',
    kind: 'deploy',
    title: t('Release the application that uses {0}', to),
    action: t(
      'The switch: from this release on the application reads and writes the new name. Old instances go on working.',
    ),
    instructions:
      t(
        'Make every read and write of {0} use {1} in place of {2}, and release it to all instances.',
        relation,
        to,
        from,
      ) + places(parts),
    rollbackInstructions: freeWayBack(parts),
    sample: renameSamples(parts.table, parts.renaming).readAndWriteNew,
    verification: stillEqual(parts),
    forecast: null,
  };
}

function readNew(parts: RenameParts, rollbackInstructions: string): StepDraft {
  const { from, to, relation } = words(parts);
  return {
    slug: 'read-new',
    kind: 'deploy',
    title: t('Release the application that reads {0}', to),
    action: t(
      'From this release on the application reads {0}. Its writes stay as they are, so both versions see the same values.',
      to,
    ),
    instructions:
      t(
        'Make every read of {0} use {1} in place of {2}, leave the writes as they are, and release it to all instances.',
        relation,
        to,
        from,
      ) + places(parts),
    rollbackInstructions,
    sample: renameSamples(parts.table, parts.renaming).readNew,
    verification: stillEqual(parts),
    forecast: null,
  };
}

function writeNew(parts: RenameParts): StepDraft {
  const { from, to, relation } = words(parts);
  return {
    slug: 'write-new',
    kind: 'deploy',
    title: t('Release the application that writes {0}', to),
    action: t(
      'From this release on the application writes {0}; the trigger keeps {1} equal to it.',
      to,
      from,
    ),
    instructions:
      t(
        'Make every write of {0} use {1} in place of {2}, and release it to all instances.',
        relation,
        to,
        from,
      ) + places(parts),
    rollbackInstructions: freeWayBack(parts),
    sample: writeNewSample(parts),
    verification: stillEqual(parts),
    forecast: null,
  };
}

function writeNewSample(parts: RenameParts): CodeSample {
  return renameSamples(parts.table, parts.renaming).writeNew;
}

function freeWayBack(parts: RenameParts): string {
  return t(
    'Release the previous version again: {0} is still there and equal.',
    formatIdentifier(parts.change.from),
  );
}

function stillEqual(parts: RenameParts): Verification {
  return {
    sql: columnsEqualSql(parts.change),
    expectation: t('Both columns are still equal on every row.'),
  };
}

function words(parts: RenameParts): { from: string; to: string; relation: string } {
  return {
    from: formatIdentifier(parts.change.from),
    to: formatIdentifier(parts.change.to),
    relation: formatQualifiedName(parts.table.name),
  };
}

/** What the code has to mind beside the names. */
function places({ codeReferences, indexes }: RenameParts): string {
  const upserts = indexes.some(({ original }) => original.unique) ? ` ${uniqueTwiceNote()}` : '';
  if (codeReferences === 0) return upserts;
  return codeReferences === 1
    ? ' ' + t('1 place in this workspace mentions the names.') + upserts
    : ' ' + t('{0} places in this workspace mention the names.', codeReferences) + upserts;
}
