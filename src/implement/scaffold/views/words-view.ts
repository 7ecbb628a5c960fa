import { lawOf } from '../../../assess/change';
import { partsOf } from '../../../assess/several-changes';
import { t } from '../../../messages/translate';
import { stepsOf, type Plan } from '../../../plan/plan';
import type { LockMode } from '../../../safety/forecast';
import { lockName } from '../../../safety/forecast/describe-forecast';

/** The words of the plan that a reader from outside may not know, each with its meaning. */
export function wordsOf(
  plan: Pick<Plan, 'phases' | 'change' | 'options'>,
): { word: string; meaning: string }[] {
  const steps = stepsOf(plan);
  const words: { word: string; meaning: string }[] = [];
  if (partsOf(plan.change).some((change) => lawOf(change)?.kind === 'equal')) {
    words.push({
      word: t('dual write'),
      meaning:
        plan.options.dualWrite === 'trigger'
          ? t('a trigger in the database that writes each change of the old column to the new one, and back')
          : t('the application writes each value to the old column and to the new one'),
    });
  }
  if (steps.some((step) => step.kind === 'backfill')) {
    words.push({
      word: t('backfill'),
      meaning: t(
        'existing rows are filled in small batches, each in its own short transaction; it can be paused and goes on where it was',
      ),
    });
  }
  words.push({
    word: t('rehearsal'),
    meaning: t(
      'the migrations are run forward, back and forward again in a throw-away database, and the schema is compared each time',
    ),
  });
  const locks = new Set(steps.flatMap((step) => step.forecast?.lock ?? []));
  for (const lock of locks) {
    const meaning = lockMeaning(lock);
    if (meaning !== null) words.push({ word: lockName(lock), meaning });
  }
  return words;
}

/** https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES */
function lockMeaning(lock: LockMode): string | null {
  switch (lock) {
    case 'AccessExclusiveLock':
      return t('a lock; while it is held nobody else can read or write the table');
    case 'ExclusiveLock':
      return t('a lock; while it is held others can read the table, not write it');
    case 'ShareRowExclusiveLock':
    case 'ShareLock':
      return t('a lock; while it is held others can read the table, not write it');
    case 'ShareUpdateExclusiveLock':
      return t('a lock; others go on reading and writing, only other changes of the schema wait');
    case 'RowExclusiveLock':
      return t('a lock; others go on reading and writing, only rows being written at this moment wait');
    case 'AccessShareLock':
    case 'RowShareLock':
      return t('a lock; others go on reading and writing');
    default:
      return null;
  }
}
