import type { Prerequisite } from '../../../assess/prerequisites';
import type { PrerequisiteLine } from '../../../documents/prerequisites-region';
import { t } from '../../../messages/translate';
import { dateText } from '../../../templates/date-text';

/** The prerequisites as plan.md shows them. */
export function prerequisiteLines(prerequisites: readonly Prerequisite[]): PrerequisiteLine[] {
  return prerequisites.map(({ title, state, by, ask }) => {
    if (by === null) return { title, held: state === 'held', evidence: t('Open. {0}', ask) };
    if (by.kind === 'evidence') return { title, held: true, evidence: by.text };
    const word = t('Confirmed by {0}, {1}', by.name, dateText(by.at));
    return { title, held: true, evidence: by.note.trim() === '' ? word : `${word}: ${by.note}` };
  });
}
