import type { FolderStatus } from '../../journey/migrations';
import { t } from '../../messages/translate';
import { section } from './format';
import { migrationTitle } from '../../layouts/migration-title';

/** The state of every migration for the terminal. */
export function statusText(folders: FolderStatus[], connected: boolean): string {
  if (folders.length === 0)
    return t('No migrations folder found here. Name one in .switchback/config.json under "migrations".');
  const parts = folders.map((folder) =>
    section(`${folder.label} (${folder.title})`, [
      ...folder.statuses.map((item) => {
        const flags = item.flags.length > 0 ? ` (${item.flags.join(', ')})` : '';
        const when = item.applied?.appliedAt ? `  ${item.applied.appliedAt}` : '';
        return `${item.state.padEnd(8)} ${migrationTitle(item)}${flags}${when}`;
      }),
      ...folder.problems,
      ...folder.clashes.map(({ sentence }) => sentence),
    ]),
  );
  if (!connected)
    parts.push(
      t('No database given: every migration counts as pending. Give --database-url to see what is applied.'),
    );
  return parts.join('\n');
}
