import { t } from '../messages/translate';

/** A number of rows: `1 row`, `200,000 rows`. */
export function rowsText(rows: number | null): string {
  if (rows === null) return t('not known');
  return rows === 1 ? t('1 row') : t('{0} rows', countText(rows));
}

/** A whole number with separators: `1,234,567`. */
export function countText(count: number | null): string {
  return count === null ? t('not known') : Math.round(count).toLocaleString('en-US');
}
