import type { AppliedMigration, MigrationFlag, MigrationState } from '../layouts/layout';
import { t } from '../messages/translate';
import { duration, moment } from './format';

/** The state of a migration in a word. */
export function stateWord(state: MigrationState): string {
  switch (state) {
    case 'applied':
      return t('applied');
    case 'pending':
      return t('pending');
    case 'failed':
      return t('failed');
    case 'missing':
      return t('missing');
    case 'skipped':
      return t('passed over');
  }
}

/** What is unusual about a migration, in words. */
export function flagWord(flag: MigrationFlag): string {
  switch (flag) {
    case 'out-of-order':
      return t('out of order');
    case 'edited':
      return t('edited since');
    case 'runs-again':
      return t('runs again');
    case 'no-down':
      return t('no rollback');
    case 'irreversible':
      return t('irreversible');
  }
}

/** The icon of a flag, by its name in the editor's own set. */
export function flagIcon(flag: MigrationFlag): string {
  switch (flag) {
    case 'out-of-order':
      return 'sort-precedence';
    case 'edited':
      return 'warning';
    case 'runs-again':
      return 'sync';
    case 'no-down':
      return 'circle-slash';
    case 'irreversible':
      return 'lock';
  }
}

/** What a flag means, as a sentence. */
export function flagSentence(flag: MigrationFlag): string {
  switch (flag) {
    case 'out-of-order':
      return t('One after it is applied already: it was added behind that one.');
    case 'edited':
      return t('Its file is not the one that was applied: the recorded checksum is another.');
    case 'runs-again':
      return t(
        'It has run before, and its tool runs it again: its text is another now, or it asks for each run.',
      );
    case 'no-down':
      return t('It has no script that takes it back.');
    case 'irreversible':
      return t('Its author says that it cannot be taken back.');
  }
}

/** What a state means where the word does not say it all, as a sentence; null for the others. */
export function stateSentence(state: MigrationState): string | null {
  switch (state) {
    case 'failed':
      return t('It began and did not finish. Repair shows what it left.');
    case 'missing':
      return t('The database has it, the folder has not.');
    case 'skipped':
      return t('A baseline runs on an empty history only, and then in place of the versions up to its own.');
    case 'applied':
    case 'pending':
      return null;
  }
}

/** When, by whom and in what time, as far as its tool records it: `21 Nov 2026, 11:30 UTC by ann in 38 ms`; null without a time. */
export function appliedWords(
  applied: Pick<AppliedMigration, 'appliedAt' | 'appliedBy' | 'milliseconds'> | null,
): string | null {
  if (!applied?.appliedAt) return null;
  const when = moment(applied.appliedAt);
  const { appliedBy: by, milliseconds } = applied;
  if (milliseconds === null) return by ? t('{0} by {1}', when, by) : when;
  return by
    ? t('{0} by {1} in {2}', when, by, duration(milliseconds))
    : t('{0} in {1}', when, duration(milliseconds));
}

/** The engine of a shadow database by its name. */
export function engineName(engine: 'pglite' | 'postgres'): string {
  return engine === 'pglite' ? 'PGlite' : 'PostgreSQL';
}
