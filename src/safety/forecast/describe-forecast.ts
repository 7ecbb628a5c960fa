import { t } from '../../messages/translate';
import type { Forecast, LockMode, Work } from '../forecast';
import { rowsText } from '../../templates/rows-text';
import { strongestLocks } from './strength';

/** A lock mode as PostgreSQL's documentation writes it: `ACCESS EXCLUSIVE`. */
export function lockName(mode: LockMode): string {
  return mode
    .replace(/Lock$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase();
}

/** A relation as people write it: without `public.`. */
export function relationLabel(relation: string): string {
  return relation.startsWith('public.') ? relation.slice('public.'.length) : relation;
}

/** Relations as people write them, the first three of many. */
export function relationLabels(relations: readonly string[]): string {
  const shown = relations.slice(0, 3).map(relationLabel).join(', ');
  return relations.length > 3 ? t('{0} and {1} more', shown, relations.length - 3) : shown;
}

/** The phrase of a code lens: `ACCESS EXCLUSIVE on orders · rewrite · about 40 s at 200,000 rows`. */
export function describeForecast(forecast: Forecast, rows: number | null = null): string {
  const parts = [lockPhrase(forecast), workPhrase(forecast.work), timePhrase(forecast, rows)];
  if (!forecast.transactional) parts.push(t('outside a transaction'));
  const present = parts.filter((part) => part !== '');
  return present.length > 0 ? present.join(' · ') : t('no lock on a table');
}

function lockPhrase(forecast: Forecast): string {
  const strongest = strongestLocks(forecast.locks);
  if (strongest.length === 0) return '';
  const on = strongest.map((lock) => lock.relation);
  return t('{0} on {1}', lockName(strongest[0]!.mode), relationLabels(on));
}

function workPhrase(work: Work): string {
  switch (work) {
    case 'none':
    case 'catalog':
      return '';
    case 'scan':
      return t('scan');
    case 'index-build':
      return t('index build');
    case 'rewrite':
      return t('rewrite');
  }
}

function timePhrase(forecast: Forecast, rows: number | null): string {
  const hold = forecast.holdMilliseconds;
  if (!hold || forecast.work === 'none' || forecast.locks.length === 0) return '';
  if (forecast.work === 'catalog') return t('a moment');
  // Two digits: an estimate promises no more.
  const time = duration(Number(Math.sqrt(Math.max(hold.low, 1) * Math.max(hold.high, 1)).toPrecision(2)));
  return rows === null ? t('about {0}', time) : t('about {0} at {1}', time, rowsText(rows));
}

/** A duration in the unit people would use: `40 ms`, `4 s`, `3 min`, `2 h`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return t('{0} ms', Math.max(1, Math.round(milliseconds)));
  const seconds = milliseconds / 1000;
  if (seconds < 90) return t('{0} s', Math.round(seconds));
  return seconds < 5400 ? t('{0} min', Math.round(seconds / 60)) : t('{0} h', Math.round(seconds / 3600));
}
