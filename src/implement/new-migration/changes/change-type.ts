import { t } from '../../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../../sql/identifier';
import type { ChangeType } from '../answers';
import { alterTable, enclosed } from '../column-sql';
import type { MigrationSql } from '../migration-sql';

/** A column's type changed in one step. `from` is the type the way back restores. */
export function changeType(change: ChangeType, from: string): MigrationSql {
  const column = formatIdentifier(change.column);
  const retype = (type: string, using: string | null): string =>
    `${alterTable(change)} alter column ${column} type ${type}${using === null ? '' : ` using ${enclosed(using)}`}`;
  return {
    title: t('Change the type of {0}.{1} to {2}', formatQualifiedName(change.table), column, change.to),
    notes: [
      t(
        'Unless every value of the old type already is one of the new (varchar(20) to varchar(50), varchar to text), PostgreSQL rewrites the table and its indexes under an exclusive lock: nobody reads or writes until it is done. Forecast this file against a database to see which it is.',
      ),
      t(
        'For a large table the change takes phases: a new column, both kept equal, a backfill, then the switch. Run "Switchback: Plan a Change…".',
      ),
    ],
    up: [retype(change.to, change.using)],
    downNotes: [
      t(
        'Gives the column its old type again. A value that does not fit it any more stops this, and then nothing is changed.',
      ),
    ],
    down: [retype(from, change.usingBack)],
    transactional: true,
  };
}
