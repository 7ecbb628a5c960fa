import { t } from '../messages/translate';

const units = [
  { milliseconds: 86_400_000, name: 'days' },
  { milliseconds: 3_600_000, name: 'h' },
  { milliseconds: 60_000, name: 'min' },
  { milliseconds: 1000, name: 's' },
] as const;

/** Milliseconds in words: `350 ms`, `2.5 s`, `4 min`, `3 h`, `30 days`. */
export function durationText(milliseconds: number | null): string {
  if (milliseconds === null) return t('not known');
  const unit = units.find((candidate) => Math.abs(milliseconds) >= candidate.milliseconds * 0.9995);
  if (!unit) return `${milliseconds < 1 && milliseconds > 0 ? '< 1' : Math.round(milliseconds)} ms`;
  const value = milliseconds / unit.milliseconds;
  const text = value < 10 ? String(Number(value.toFixed(1))) : String(Math.round(value));
  return `${text} ${unit.name === 'days' && text === '1' ? 'day' : unit.name}`;
}

/** A number of whole days: `1 day`, `30 days`. */
export function daysText(days: number): string {
  return days === 1 ? t('1 day') : t('{0} days', days);
}
