import type { Difference } from '../catalog/compare';
import { t } from '../messages/translate';
import { isProven, type MigrationRehearsal } from './rehearsal';

type Judged = Pick<MigrationRehearsal, 'verdict' | 'differences'>;

/** What a rehearsal showed, in one sentence that names the object it is about. */
export function verdictSentence({ verdict, differences }: Judged): string {
  switch (verdict) {
    case 'up-fails':
      return t('The up fails.');
    case 'times-out':
      return t('It ran too long and was stopped.');
    case 'leaves-transaction-open':
      return t('It leaves a transaction open.');
    case 'no-down':
      return t('There is no down script: nothing leads back.');
    case 'empty-down':
      return t('The down script has no SQL, and the up changes something.');
    case 'down-fails':
      return t('The down fails.');
    case 'irreversible':
      return t('Its author says that it cannot be taken back.');
    case 'differs':
      return differingSentence(differences);
    case 're-up-fails':
      return t('The down leads back, but the up fails the second time.');
    case 're-up-differs':
      return t('The down leads back, but the second up makes something else than the first.');
    case 'text-only':
      return t('The down restores the schema, but for blanks, case or comments in the text of a routine.');
    case 'order-only':
      return t('The down restores the schema, but for the order of columns.');
    case 'exact':
      return t('The down restores the schema exactly.');
  }
}

/** What to do about it, in one sentence; null where nothing is to be done. */
export function nextStep({ verdict }: Pick<MigrationRehearsal, 'verdict'>): string | null {
  if (isProven(verdict) || verdict === 'irreversible') return null;
  switch (verdict) {
    case 'no-down':
    case 'empty-down':
      return t(
        'Have one written with Generate the Rollback (switchback generate-rollback FILE), or write it.',
      );
    case 'up-fails':
      return t('Correct the up, and rehearse it again.');
    case 'leaves-transaction-open':
      return t('Add the COMMIT that is missing, and rehearse it again.');
    case 're-up-fails':
    case 're-up-differs':
      return t('Have the down take away all that the up makes, and rehearse it again.');
    default:
      return t('Correct the down, and rehearse it again.');
  }
}

/** The first that differs by its structure, and how many more do. */
function differingSentence(differences: readonly Difference[]): string {
  const structural = differences.filter(({ kind }) => kind === 'structure');
  const [first = differences[0]] = structural;
  if (!first) return t('The down leads back to another schema.');
  const { object, property, before, after } = first;
  const what = property === 'exists' ? object : t('{0} of {1}', property, object);
  const more = structural.length - 1;
  if (before === null) return leftBehind(what, more);
  return after === null ? notBroughtBack(what, more) : notAsBefore(what, more);
}

function leftBehind(what: string, more: number): string {
  if (more <= 0) return t('The down leaves {0} behind.', what);
  return more === 1
    ? t('The down leaves {0} behind, and 1 more differs.', what)
    : t('The down leaves {0} behind, and {1} more differ.', what, more);
}

function notBroughtBack(what: string, more: number): string {
  if (more <= 0) return t('The down does not bring {0} back.', what);
  return more === 1
    ? t('The down does not bring {0} back, and 1 more differs.', what)
    : t('The down does not bring {0} back, and {1} more differ.', what, more);
}

function notAsBefore(what: string, more: number): string {
  if (more <= 0) return t('After the down, {0} is not what it was before.', what);
  return more === 1
    ? t('After the down, {0} is not what it was before, and 1 more differs.', what)
    : t('After the down, {0} is not what it was before, and {1} more differ.', what, more);
}
