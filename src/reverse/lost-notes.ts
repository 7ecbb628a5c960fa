import { t } from '../messages/translate';

/** That a table comes back empty. */
export function rowsLostNote(table: string): string {
  return t('The rows of {0} do not come back.', table);
}

/** That a column comes back empty. */
export function valuesLostNote(table: string, column: string): string {
  return t('The values of column {0} of {1} do not come back.', column, table);
}
