import { t } from '../../../messages/translate';
import type { Skeleton } from './skeleton';

/** Something is added; nothing that exists changes its shape. */
export function schemaAdditive(): Skeleton {
  return {
    phases: [
      {
        name: 'expand',
        goal: t('The new object is there, and code that does not know it goes on working.'),
        steps: [
          {
            id: '01-add',
            kind: 'database',
            title: t('Add the new object'),
            action: t(
              'Add columns without NOT NULL or with a constant default, constraints as NOT VALID, indexes with CREATE INDEX CONCURRENTLY, all under a short lock_timeout.',
            ),
            rollback: t('Drop what was added. No existing value is touched.'),
            verification: t('The catalog shows the object; an index is valid.'),
          },
        ],
      },
      {
        name: 'migrate',
        goal: t('Every row has its value, and the application uses the new object.'),
        steps: [
          {
            id: '02-fill',
            kind: 'database',
            title: t('Fill existing rows in batches'),
            action: t(
              'Update ranges of the primary key, each in its own short transaction, with a checkpoint after each.',
            ),
            rollback: t('Stop. The values go with the object.'),
            verification: t('The number of rows without a value is 0.'),
          },
          {
            id: '03-release',
            kind: 'release',
            title: t('Release the application that uses it'),
            action: t('Release to 5 % of users or instances first, then in stages to all.'),
            rollback: t('Switch its flag off, or release the previous version again.'),
            verification: t('Error rate and latency are what they were on a normal day.'),
          },
        ],
      },
      {
        name: 'contract',
        goal: t('What was allowed only for the transition is required.'),
        steps: [
          {
            id: '04-require',
            kind: 'database',
            title: t('Validate constraints and require values'),
            action: t(
              'VALIDATE CONSTRAINT on what is NOT VALID, then SET NOT NULL where a value is required.',
            ),
            rollback: t('DROP NOT NULL and drop the constraint.'),
            verification: t('Every constraint is validated; required columns are NOT NULL.'),
          },
        ],
      },
    ],
    days: { planning: 1, development: 1, testing: 1, canary: 1, fullRollout: 4, cleanUp: 1 },
    deprecationDays: 0,
    noReturn: {
      step: null,
      why: t(
        'Nothing old is removed, so the schema can always go back. Only values written only to the new object are lost when it is dropped: copy them first.',
      ),
    },
    strategy: 'incremental',
    strategyWhy: t('Something is added that old code does not see, so each step can be taken by itself.'),
  };
}
