import { t } from '../../../messages/translate';
import type { Skeleton } from './skeleton';

/** A whole system is replaced by another. */
export function systemMigration(): Skeleton {
  return {
    phases: [
      {
        name: 'expand',
        goal: t('The new system runs beside the old one, with the same data and without users.'),
        steps: [
          {
            id: '01-part',
            kind: 'check',
            title: t('Choose the first part to replace'),
            action: t(
              'One part with a clear border: what it is called for, what data it owns, who calls it.',
            ),
            rollback: t('Nothing was changed.'),
            verification: t(
              'The list of its callers and of its data has been read by the owners of both systems.',
            ),
          },
          {
            id: '02-router',
            kind: 'release',
            title: t('Put a router in front of the old system'),
            action: t('All traffic goes through it, and all of it still to the old system.'),
            rollback: t('Let callers reach the old system directly again.'),
            verification: t('Latency is at most a few milliseconds higher; no call is lost.'),
          },
          {
            id: '03-copy',
            kind: 'database',
            title: t('Copy the data, and keep it equal'),
            action: t('Load what is there, then follow the changes by replication or by writing to both.'),
            rollback: t('Stop following. The old system does not know of it.'),
            verification: t('Counts agree, samples do not differ, and the lag is a few seconds at most.'),
          },
          {
            id: '04-shadow',
            kind: 'check',
            title: t('Run the new system in the shadow of the old one'),
            action: t('It is given the same calls, and its answers are compared and thrown away.'),
            rollback: t('Stop sending it calls.'),
            verification: t('Answers that differ: 0, or each explained.'),
          },
        ],
      },
      {
        name: 'migrate',
        goal: t('All traffic goes to the new system.'),
        steps: [
          {
            id: '05-route',
            kind: 'release',
            title: t('Route traffic to the new system in stages'),
            action: t(
              '5 %, 25 %, 50 %, 75 %, 100 %, a day or more each. What is written to the new system is written back to the old one.',
            ),
            rollback: t('Route everything back to the old system; it has what was written meanwhile.'),
            verification: t('Error rate and latency are what they were on a normal day, at each stage.'),
          },
          {
            id: '06-wait',
            kind: 'wait',
            title: t('Wait for 30 days'),
            action: t('The old system is kept up to date and can take over at any moment.'),
            rollback: t('Nothing was changed.'),
            verification: t('30 days have passed; the end of a month is among them.'),
          },
        ],
      },
      {
        name: 'contract',
        goal: t('The old system is shut down.'),
        steps: [
          {
            id: '07-stop-back',
            kind: 'release',
            title: t('Stop writing back to the old system'),
            action: t('Back it up, and restore the backup once to see that it can be.'),
            rollback: t('None by script. From here on the old system misses what is written.'),
            verification: t('The old system gets no calls and no writes.'),
          },
          {
            id: '08-shut-down',
            kind: 'database',
            title: t('Shut the old system down, and archive it'),
            action: t('Keep its last backup for as long as its data has to be kept.'),
            rollback: t('Restore the backup.'),
            verification: t('Its machines are gone; its backup is listed with an end date.'),
          },
        ],
      },
    ],
    days: { planning: 10, development: 40, testing: 15, canary: 5, fullRollout: 20, cleanUp: 31 },
    deprecationDays: 30,
    noReturn: {
      step: '07-stop-back',
      why: t('The old system no longer has what is written, so going back to it loses that.'),
    },
    strategy: 'strangler-fig',
    strategyWhy: t(
      'A system is too much for one step. Replaced part by part behind a router, each part can go back by itself.',
    ),
  };
}
