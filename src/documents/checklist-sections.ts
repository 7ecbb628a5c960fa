import { t } from '../messages/translate';
import { daysText } from '../templates/duration-text';
import { linesAfter, linesCleanUp, linesSuccess, linesVerification } from './checklist-closing';
import type { ChecklistFeatures, ChecklistLine, ChecklistSection } from './checklist-document';
import { linesBefore, linesDuring, linesMonitoring } from './checklist-opening';

/** Every line to tick, in its section, each once. `steps` are the plan's own, for the section During. */
export function checklistSections(
  features: ChecklistFeatures,
  extra: { before: readonly ChecklistLine[]; during: readonly ChecklistLine[] },
  ticked: ReadonlySet<string>,
): ChecklistSection[] {
  const sections: (Omit<ChecklistSection, 'items'> & { items: ChecklistLine[] })[] = [
    {
      id: 'before',
      title: t('Before'),
      when: t('All of it, before the first step on this environment.'),
      items: [...linesBefore(features), ...extra.before],
    },
    {
      id: 'during',
      title: t('During'),
      when: t('Each line as soon as it is done.'),
      items: [...extra.during, ...linesDuring(features)],
    },
    {
      id: 'monitoring',
      title: t('Monitoring'),
      when: t(
        'During each step and at the end of each stage. Hold, or go back, as the rollback runbook says.',
      ),
      items: linesMonitoring(features),
    },
    {
      id: 'verification',
      title: t('Verification'),
      when: t('When everybody has the new version, before anything old is removed.'),
      items: linesVerification(features),
    },
    {
      id: 'after',
      title: t('After'),
      when: t('In the two days after the last stage.'),
      items: linesAfter(),
    },
    {
      id: 'clean-up',
      title: t('Clean-up'),
      when:
        features.deprecationDays > 0
          ? t('After {0} with the new version everywhere.', daysText(features.deprecationDays))
          : t('When verification has passed.'),
      items: linesCleanUp(features),
    },
    {
      id: 'success',
      title: t('Success'),
      when: t('The migration is complete when these hold as well as everything above.'),
      items: linesSuccess(features),
    },
  ];
  return sections.map((section) => ({
    ...section,
    items: section.items.map((item) => ({ ...item, ticked: ticked.has(item.id) })),
  }));
}
