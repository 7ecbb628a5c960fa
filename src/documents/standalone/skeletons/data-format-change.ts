import { t } from '../../../messages/translate';
import type { Skeleton } from './skeleton';

/** Existing values are written in another form. */
export function dataFormatChange(): Skeleton {
  return {
    phases: [
      {
        name: 'expand',
        goal: t('There is a place for the new form, and new values are written in both.'),
        steps: [
          {
            id: '01-place',
            kind: 'database',
            title: t('Add a place for the new form'),
            action: t('Add a column or table for it beside the old one; never change values where they are.'),
            rollback: t('Drop it. The old values were not touched.'),
            verification: t('The catalog shows it.'),
          },
          {
            id: '02-write-both',
            kind: 'release',
            title: t('Release the application that writes both forms'),
            action: t('It still reads the old form.'),
            rollback: t('Release the previous version again.'),
            verification: t('A value written now is found in both forms.'),
          },
        ],
      },
      {
        name: 'migrate',
        goal: t('Every value is there in the new form, and the application reads it.'),
        steps: [
          {
            id: '03-convert',
            kind: 'database',
            title: t('Convert existing values in batches'),
            action: t(
              'Convert ranges of the primary key, each in its own short transaction, with a checkpoint after each. Values that cannot be converted are listed, not guessed.',
            ),
            rollback: t('Stop. The converted values go with their column.'),
            verification: t('The list of values that could not be converted is empty.'),
          },
          {
            id: '04-compare',
            kind: 'check',
            title: t('Compare both forms on every row'),
            action: t('Convert back, and count the rows where that does not give the old value.'),
            rollback: t('Nothing was changed.'),
            verification: t('The count is 0.'),
          },
          {
            id: '05-read-new',
            kind: 'release',
            title: t('Release the application that reads the new form'),
            action: t(
              'Release to 5 % of users or instances first, then in stages to all. It still writes both.',
            ),
            rollback: t('Switch its flag off, or release the previous version again.'),
            verification: t('Error rate and latency are what they were on a normal day.'),
          },
        ],
      },
      {
        name: 'contract',
        goal: t('Only the new form is left.'),
        steps: [
          {
            id: '06-wait',
            kind: 'wait',
            title: t('Wait for 14 days'),
            action: t('Weekly reports and exports have run with the new form.'),
            rollback: t('Nothing was changed.'),
            verification: t('14 days have passed without a complaint.'),
          },
          {
            id: '07-drop',
            kind: 'database',
            title: t('Stop writing the old form, and drop it'),
            action: t('Back it up first, and restore the backup once to see that it can be.'),
            rollback: t(
              'None by script. Restore the backup, or convert back where the new form keeps everything.',
            ),
            verification: t('The catalog no longer shows it.'),
          },
        ],
      },
    ],
    days: { planning: 1, development: 4, testing: 3, canary: 1, fullRollout: 4, cleanUp: 15 },
    deprecationDays: 14,
    noReturn: { step: '07-drop', why: t('What the new form does not keep of the old value is gone.') },
    strategy: 'incremental',
    strategyWhy: t(
      'Values can be converted while the application runs, because it writes both forms meanwhile.',
    ),
  };
}
