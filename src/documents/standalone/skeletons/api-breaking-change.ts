import { t } from '../../../messages/translate';
import type { Skeleton } from './skeleton';

/** An interface that others call changes so that their calls would fail. */
export function apiBreakingChange(): Skeleton {
  return {
    phases: [
      {
        name: 'expand',
        goal: t('The new version of the interface answers beside the old one.'),
        steps: [
          {
            id: '01-new-version',
            kind: 'release',
            title: t('Release the new version beside the old one'),
            action: t(
              'Both are served by the same code; an adapter turns the old form into the new one and back.',
            ),
            rollback: t('Release the previous version again. Nobody calls the new version yet.'),
            verification: t('The tests of the old version pass unchanged; those of the new one pass.'),
          },
          {
            id: '02-announce',
            kind: 'release',
            title: t('Announce the end of the old version'),
            action: t(
              'Answers of the old version carry the headers Deprecation and Sunset with the date. The upgrade guide is published, and every known caller is written to.',
            ),
            rollback: t('Take the headers out, and say that the date no longer holds.'),
            verification: t('An answer of the old version has both headers.'),
          },
        ],
      },
      {
        name: 'migrate',
        goal: t('Every caller uses the new version.'),
        steps: [
          {
            id: '03-move-own',
            kind: 'release',
            title: t('Move our own callers'),
            action: t('5 % of the traffic first, then in stages all of it, by a flag.'),
            rollback: t('Switch the flag off.'),
            verification: t('Calls of the old version by our own callers: 0 a day.'),
          },
          {
            id: '04-move-others',
            kind: 'check',
            title: t('Move everybody else'),
            action: t(
              'The log of uses names who still calls the old version. They are warned after 30 days in the log, after 60 days in the answers.',
            ),
            rollback: t('Callers go back to the old version by themselves; it still answers.'),
            verification: t('Calls of the old version: 0 a day for a week.'),
          },
          {
            id: '05-wait',
            kind: 'wait',
            title: t('Wait for 90 days from the announcement'),
            action: t('The date that was announced is kept, even when nobody calls any more.'),
            rollback: t('Nothing was changed.'),
            verification: t('The date is past.'),
          },
        ],
      },
      {
        name: 'contract',
        goal: t('The old version is gone.'),
        steps: [
          {
            id: '06-gone',
            kind: 'release',
            title: t('Let the old version answer "410 Gone"'),
            action: t(
              'It names the new version. The code of the old one stays for a week, switched off by a flag.',
            ),
            rollback: t('Switch the flag on again.'),
            verification: t('A request to each old endpoint is answered with 410.'),
          },
          {
            id: '07-remove',
            kind: 'release',
            title: t('Remove the code and the adapter'),
            action: t('Remove the old endpoints, their tests and their pages in the documentation.'),
            rollback: t('Release the version before this one.'),
            verification: t('A search of the code for the old names finds nothing.'),
          },
        ],
      },
    ],
    days: { planning: 3, development: 10, testing: 4, canary: 1, fullRollout: 4, cleanUp: 91 },
    deprecationDays: 90,
    noReturn: {
      step: '07-remove',
      why: t(
        'The code can be released again, but callers who met "410 Gone" have been told that it will not be.',
      ),
    },
    strategy: 'incremental',
    strategyWhy: t(
      'Callers release on days of their own, so both versions have to answer until the last has moved.',
    ),
  };
}
