import type { DeprecationDate } from './rollout-document';

/** The dates of a deprecation with the days since the first one: `T+0`, `T+30d`. */
export function deprecationLabels(dates: readonly { date: string; what: string }[]): DeprecationDate[] {
  return dates.map(({ date, what }) => {
    const days = Math.round((Date.parse(date) - Date.parse(dates[0]!.date)) / 86_400_000);
    return { label: days === 0 ? 'T+0' : `T+${days}d`, date, what };
  });
}
