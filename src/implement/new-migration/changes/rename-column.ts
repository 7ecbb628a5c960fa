import { t } from '../../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../../sql/identifier';
import type { RenameColumnAtOnce } from '../answers';
import { alterTable } from '../column-sql';
import type { MigrationSql } from '../migration-sql';

/** A column renamed in one step, which only a column that nobody uses survives. */
export function renameColumn(change: RenameColumnAtOnce): MigrationSql {
  const from = formatIdentifier(change.from);
  const to = formatIdentifier(change.to);
  const rename = (one: string, other: string): string =>
    `${alterTable(change)} rename column ${one} to ${other}`;
  return {
    title: t('Rename {0}.{1} to {2} at once', formatQualifiedName(change.table), from, to),
    notes: [
      t(
        'The old name is gone the moment this commits, and code that still uses it fails. Right for a column that nothing uses yet. For one in use the rename takes phases, with both names kept equal in between: run "Switchback: Rename a Column…" or "Switchback: Plan a Change…".',
      ),
    ],
    up: [rename(from, to)],
    downNotes: [t('The same holds for the way back: code that uses the new name fails from here on.')],
    down: [rename(to, from)],
    transactional: true,
  };
}
