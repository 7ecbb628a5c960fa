import { t } from '../messages/translate';

const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A size as pg_size_pretty words it, in units of 1024: `8 kB`, `1.2 GB`. */
export function bytesText(bytes: number | null): string {
  if (bytes === null) return t('not known');
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const text = unit > 0 && value < 10 ? String(Number(value.toFixed(1))) : String(Math.round(value));
  return `${text} ${units[unit]!}`;
}
