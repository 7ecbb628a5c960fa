import { t } from '../messages/translate';
import type { RolloutSection } from './plan-document';
import { dayAfter } from './timeline-rows';

/** Shares of users or instances, in percent, with the hours each is watched before the next. */
const stages = [
  { percent: 5, hours: 24 },
  { percent: 25, hours: 24 },
  { percent: 50, hours: 24 },
  { percent: 75, hours: 24 },
  { percent: 100, hours: null },
] as const;

/** Days of the canary stage, and of the others together. */
export const canaryDays = 1;
export const expansionDays = stages.length - 1;

/** The stages of a release from its first day on, each of so many days, and what the canary group must be like. */
export function rolloutStages(firstDay: string, daysEach = 1): RolloutSection {
  return {
    canary: [
      t('It is a fair sample of all users or instances, not only test accounts and not only quiet ones.'),
      t('It holds the cases known to be special: the largest, the oldest, those with unusual data.'),
      t('It is watched for 24 hours at least, over the busiest hour of a day.'),
      t('Its error rate and latency are compared with a normal day, and with those not yet released to.'),
    ],
    stages: stages.map(({ percent, hours }, index) => ({
      day: index * daysEach + 1,
      date: dayAfter(firstDay, index * daysEach),
      share: index === 0 ? t('{0} % (canary)', percent) : t('{0} %', percent),
      lasts: hours === null ? t('from then on') : t('{0} h', hours * daysEach),
      checkpoint:
        hours === null
          ? t('Everybody has it; verification begins')
          : t('Next stage only when all signals say go on'),
    })),
  };
}

/** How the old shape is taken out of use over the deprecation window: announced, logged, shown, switched off. */
export function deprecationDates(firstDay: string, days: number): { date: string; what: string }[] {
  if (days <= 0) return [];
  const at = (share: number): string => dayAfter(firstDay, Math.round(days * share));
  return [
    { date: at(0), what: t('Announce the end of the old shape, with its date; the new one is released') },
    { date: at(1 / 3), what: t('Every use of the old shape is logged as a warning') },
    { date: at(2 / 3), what: t('Whoever still uses it is shown the warning, and is written to by name') },
    { date: at(1), what: t('The old shape is switched off, if no use of it is left') },
  ];
}
