import { t } from '../messages/translate';

/** A number of rows: `1 row`, `200,000 rows`. */
export function rowsText(rows: number | null): string {
  if (rows === null) return t('not known');
  return Math.round(rows) === 1 ? t('1 row') : t('{0} rows', countText(rows));
}

/** How many rows are done in a second: `1 row/s`, `1,200 rows/s`. */
export function rowRateText(rowsPerSecond: number): string {
  return Math.round(rowsPerSecond) === 1 ? t('1 row/s') : t('{0} rows/s', countText(rowsPerSecond));
}

/** A whole number with separators: `1,234,567`. */
export function countText(count: number | null): string {
  return count === null ? t('not known') : Math.round(count).toLocaleString('en-US');
}
