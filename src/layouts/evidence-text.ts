import { t } from '../messages/translate';

/** What tells a layout by its files' names: how many there are, and one of them. */
export function filesNamedLike(count: number, name: string): string {
  return count === 1 ? t('1 file named like {0}', name) : t('{0} files named like {1}', count, name);
}

/** How many of the files counted before take a migration back. */
export function goingDown(count: number): string {
  return count === 1 ? t('1 of them goes down') : t('{0} of them go down', count);
}
