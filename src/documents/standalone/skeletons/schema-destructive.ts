import { t } from '../../../messages/translate';
import type { Skeleton } from './skeleton';

/** Something that code may know is removed, renamed or narrowed. */
export function schemaDestructive(): Skeleton {
  return {
    phases: [
      {
        name: 'expand',
        goal: t('What takes the place of the old shape is there, and both are kept equal.'),
        steps: [
          {
            id: '01-replacement',
            kind: 'database',
            title: t('Add what takes the place of the old shape'),
            action: t(
              'Add the new column or table beside the old one, and keep both equal: by a trigger, or by code that writes both.',
            ),
            rollback: t('Drop the trigger and what was added. The old shape was never changed.'),
            verification: t('A row written to either side is found on both.'),
          },
        ],
      },
      {
        name: 'migrate',
        goal: t('Nothing reads or writes the old shape any more.'),
        steps: [
          {
            id: '02-copy',
            kind: 'database',
            title: t('Copy existing rows in batches'),
            action: t(
              'Update ranges of the primary key, each in its own short transaction, with a checkpoint after each.',
            ),
            rollback: t('Stop. The copies go with what was added.'),
            verification: t('No row differs between old and new.'),
          },
          {
            id: '03-release',
            kind: 'release',
            title: t('Release the application that uses only the new shape'),
            action: t('Release to 5 % of users or instances first, then in stages to all.'),
            rollback: t(
              'Switch its flag off, or release the previous version again; both shapes are still equal.',
            ),
            verification: t('No query of the application names the old shape any more.'),
          },
          {
            id: '04-wait',
            kind: 'wait',
            title: t('Wait for 30 days'),
            action: t(
              'Jobs that run once a month have run once with the new shape. Every use of the old one is logged.',
            ),
            rollback: t('Nothing was changed.'),
            verification: t('30 days have passed, and no use of the old shape was logged.'),
          },
        ],
      },
      {
        name: 'contract',
        goal: t('The old shape is gone.'),
        steps: [
          {
            id: '05-backup',
            kind: 'check',
            title: t('Back up what is about to go'),
            action: t(
              'Back up the old column or table once more, and restore it once to see that it can be.',
            ),
            rollback: t('Nothing was changed.'),
            verification: t('The restored copy has as many rows as the original.'),
          },
          {
            id: '06-drop',
            kind: 'database',
            title: t('Drop the old shape'),
            action: t('Drop the trigger first, then the old column or table, under a short lock_timeout.'),
            rollback: t('None by script. Restore the backup of step 05-backup.'),
            verification: t('The catalog no longer shows it, and the application works.'),
          },
        ],
      },
    ],
    days: { planning: 2, development: 3, testing: 2, canary: 1, fullRollout: 4, cleanUp: 31 },
    deprecationDays: 30,
    noReturn: {
      step: '06-drop',
      why: t('The old values are gone from the database; only the backup has them.'),
    },
    strategy: 'incremental',
    strategyWhy: t(
      'Old and new shape side by side let old and new code run at once, until nobody uses the old one.',
    ),
  };
}
