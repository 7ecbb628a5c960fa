import { fittingName, freeName } from '../../../sql/free-name';
import { t } from '../../../messages/translate';
import { formatIdentifier, formatQualifiedName } from '../../../sql/identifier';
import type { CreateIndex } from '../answers';
import type { MigrationSql } from '../migration-sql';

/** The name PostgreSQL would think of, or the next free one, in at most 63 bytes. */
export function indexName(change: CreateIndex, taken: ReadonlySet<string>): string {
  return freeName(fittingName(`${change.table.name}_${change.columns.join('_')}`, ''), '_idx', taken);
}

/** CREATE INDEX CONCURRENTLY alone in its file: it refuses a transaction. */
export function createIndex(change: CreateIndex, name: string): MigrationSql {
  const index = formatIdentifier(name);
  const relation = formatQualifiedName(change.table);
  const columns = change.columns.map(formatIdentifier).join(', ');
  const kind = change.unique ? 'unique index' : 'index';
  return {
    title: t('Create the index {0} on {1}', index, relation),
    notes: [
      t(
        'CONCURRENTLY lets reads and writes go on while the index is built. It refuses a transaction, so it is alone here, and no lock_timeout is set: it queues nobody while it waits.',
      ),
      t(
        'A build that fails or is stopped leaves an index marked INVALID, which costs every write and helps no query. Run the down, then this again.',
      ),
    ],
    up: [`create ${kind} concurrently ${index} on ${relation} (${columns})`],
    downNotes: [t('Removes the index, finished or INVALID, without stopping reads and writes.')],
    down: [`drop index concurrently if exists ${formatQualifiedName({ schema: change.table.schema, name })}`],
    transactional: false,
  };
}
