import { t } from '../../messages/translate';

/** The heading above the changes that lead from one schema to another. */
export function diffTitle(from: string, to: string, changes: number): string {
  return changes === 1
    ? t('From {0} to {1}: 1 change, to be planned', from, to)
    : t('From {0} to {1}: {2} changes, to be planned in this order', from, to, changes);
}
