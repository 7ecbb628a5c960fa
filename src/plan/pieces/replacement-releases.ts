import { namesOf } from '../../assess/column-replacement';
import { t } from '../../messages/translate';
import { formatQualifiedName } from '../../sql/identifier';
import { sampleKey, selectCall, typeScriptSample } from './code-sample';
import { deployStep, waitStep } from './plain-steps';
import { referencesSentence } from './references-sentence';
import type { ReplacementParts } from './replacement-parts';
import { columnExists } from './sql-text';
import type { StepDraft } from './step-draft';

/** The release from which on the application reads and writes the new columns alone. */
export function bothWaysRelease(parts: ReplacementParts): StepDraft {
  const { table, old, new: added } = parts;
  const [olds, news] = [namesOf(old), namesOf(added)];
  return deployStep({
    slug: 'use-new-columns',
    title: t('Release the application that reads and writes {0}', news),
    action: t(
      'The trigger keeps {0} true for instances of the release before, and theirs for the new ones.',
      olds,
    ),
    instructions:
      t(
        'Make everything that reads or writes {0} of {1} read and write {2}, and leave {0} out, also of SELECT * and object mappings. What {0} refuses (NOT NULL, a CHECK, a unique index) is refused until contract. Release it to all instances.',
        olds,
        formatQualifiedName(table.name),
        news,
      ) + referencesSentence(parts.assessment),
    rollbackInstructions: t(
      'Release the previous version again: {0} has what was written meanwhile, by {1}.',
      olds,
      old.flatMap(({ back }) => back ?? []).join(', '),
    ),
    sample: sampleOf(parts),
    ...stillThere(parts),
  });
}

/** The release from which on the application reads the new columns, and goes on writing the old ones. */
export function readingRelease(parts: ReplacementParts): StepDraft {
  const { table, old, new: added } = parts;
  const [olds, news] = [namesOf(old), namesOf(added)];
  return deployStep({
    slug: 'read-new-columns',
    title: t('Release the application that reads {0}', news),
    action: t(
      'From this release on nobody reads {0}; it is still written, and the trigger fills {1}.',
      olds,
      news,
    ),
    instructions:
      t(
        'Make everything that reads or compares {0} of {1} use {2}: compute it from what is asked for, in the same way. Go on writing {0}. Release it to all instances.',
        olds,
        formatQualifiedName(table.name),
        news,
      ) + referencesSentence(parts.assessment),
    rollbackInstructions: t('Release the previous version again: {0} is still written.', olds),
    sample: sampleOf(parts),
    ...stillThere(parts),
  });
}

/** The release from which on the application writes the new columns alone. */
export function writingRelease(parts: ReplacementParts): StepDraft {
  const { table, old, new: added } = parts;
  const [olds, news] = [namesOf(old), namesOf(added)];
  return deployStep({
    slug: 'write-new-columns',
    title: t('Release the application that writes {0} and no longer {1}', news, olds),
    action: t('From this release on rows come with {0} alone.', news),
    instructions: t(
      'Make everything that writes {0} of {1} compute {2} itself, in the same way, and leave {0} out. Where a row gets another {2}, the trigger empties {0}. Release it to all instances.',
      olds,
      formatQualifiedName(table.name),
      news,
    ),
    rollbackInstructions: t(
      'Release the previous version again. Rows that were written meanwhile have no {0}.',
      olds,
    ),
    ...stillThere(parts),
  });
}

/** The time others have to follow. */
export function replacementWait({ options, old }: ReplacementParts): StepDraft {
  return waitStep(
    options.deprecationDays,
    t('Whoever still writes {0} is understood: the trigger computes the new values.', namesOf(old)),
    t('Jobs that run monthly, reports and people with scripts of their own still know the old columns.'),
  );
}

function sampleOf({ table, old, new: added }: ReplacementParts): ReturnType<typeof typeScriptSample> {
  const key = sampleKey(table, old[0]!.column);
  return typeScriptSample(
    old.map(({ column }) => selectCall(table.name, column, key)),
    added.map(({ column }) => selectCall(table.name, column, key)),
  );
}

function stillThere({ table, old, new: added }: ReplacementParts): { holds: string[]; expectation: string } {
  return {
    holds: [...old, ...added].map(({ column }) => columnExists(table.name, column)),
    expectation: t('{0} and {1} are there.', namesOf(old), namesOf(added)),
  };
}
