import { t } from '../messages/translate';
import { daysText } from '../templates/duration-text';

/** One row of the plan document's timeline. Dates are ISO days, UTC; `end` is the last day of it. */
export interface TimelineRow {
  id: 'planning' | 'development' | 'testing' | 'canary' | 'full-rollout' | 'clean-up';
  title: string;
  days: number;
  start: string;
  end: string;
  what: string;
}

/** Rows laid out from an ISO day or time, each beginning when the one before has ended. */
export function laidOut(rows: readonly Omit<TimelineRow, 'start' | 'end'>[], from: string): TimelineRow[] {
  let day = from.slice(0, 10);
  return rows.map((row) => {
    const start = day;
    day = dayAfter(start, row.days);
    return { ...row, start, end: dayAfter(day, -1) };
  });
}

/** What is done at the end of a plan that removes what is old, once nobody has needed it for so many days. */
export function removalWork(waitDays: number): string {
  return waitDays > 0
    ? t('Wait for {0}, run the contract phase, look back.', daysText(waitDays))
    : t('Run the contract phase, look back.');
}

/** The ISO day so many days after another. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day.slice(0, 10)) + days * 86_400_000).toISOString().slice(0, 10);
}
