import { t } from '../messages/translate';
import { formatQualifiedName } from '../sql/identifier';
import type { Look } from './changes/change-type';

/**
 * The blocker for a table whose rows a subscription writes, or those of one of its partitions, where a trigger has to see
 * every write: those of a subscription fire none that is not made for them.
 * https://www.postgresql.org/docs/current/logical-replication-architecture.html
 */
export async function subscribedRowsBlockers({ session, table, signal }: Look): Promise<string[]> {
  const { rows } = await session.query(
    `SELECT FROM pg_catalog.pg_subscription_rel
      WHERE srrelid = pg_catalog.to_regclass($1)
         OR srrelid IN (SELECT relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass($1)))`,
    [formatQualifiedName(table.name)],
    { signal },
  );
  if (rows.length === 0) return [];
  return [
    t(
      'A subscription writes rows of {0}, and fires no trigger that would keep old and new values equal. Take the table out of the publication there and refresh the subscription, change it here and there, and put it back.',
      formatQualifiedName(table.name),
    ),
  ];
}
