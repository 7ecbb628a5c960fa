import { t } from '../messages/translate';
import { formatQualifiedName, type QualifiedName } from '../sql/identifier';
import type { Level } from '../assess/assessment';
import type { Environment } from '../database/connection';

const numbers = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** `50,000` */
export function count(value: number): string {
  return numbers.format(Math.round(value));
}

/** `9.2 MB`, from bytes in steps of 1024. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${short.format(size)} ${units[unit]}`;
}

/** `38 ms`, `2.4 s`, `4 min`, `3 h`, `2 d`, from milliseconds. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return t('{0} ms', Math.round(milliseconds));
  const seconds = milliseconds / 1000;
  if (seconds < 90) return t('{0} s', short.format(seconds));
  const minutes = seconds / 60;
  if (minutes < 90) return t('{0} min', Math.round(minutes));
  const hours = minutes / 60;
  if (hours < 48) return t('{0} h', Math.round(hours));
  return t('{0} days', Math.round(hours / 24));
}

/** `just now`, `2 minutes ago`, `3 hours ago`, `5 days ago`, from the milliseconds since then. */
export function ago(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return t('just now');
  if (minutes === 1) return t('1 minute ago');
  if (minutes < 60) return t('{0} minutes ago', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours === 1) return t('1 hour ago');
  if (hours < 24) return t('{0} hours ago', hours);
  const days = Math.floor(hours / 24);
  return days === 1 ? t('1 day ago') : t('{0} days ago', days);
}

/** `21 Nov 2026, 11:30 UTC`, from ISO 8601. */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const day = date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return `${day}, ${date.toISOString().slice(11, 16)} UTC`;
}

/** `11:30:05`, local time of the machine. */
export function clockTime(date: Date): string {
  return date.toLocaleTimeString('en-GB', { hour12: false });
}

/** `schema.table` as SQL spells it. */
export function tableName(name: QualifiedName): string {
  return formatQualifiedName(name);
}

/** The word for an environment, as badges show it. */
export function environmentWord(environment: Environment): string {
  switch (environment) {
    case 'development':
      return t('Development');
    case 'staging':
      return t('Staging');
    case 'production':
      return t('Production');
  }
}

/** The word for a level of risk or complexity. */
export function levelWord(level: Level): string {
  switch (level) {
    case 'low':
      return t('Low');
    case 'medium':
      return t('Medium');
    case 'high':
      return t('High');
    case 'very-high':
      return t('Very high');
  }
}
