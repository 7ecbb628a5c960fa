import type { Session } from '../database/session';
import { historyTable } from './history-columns';
import { assertUsualTable } from './history-table';
import type { History, HistoryTable } from './layout';
import { appliedRow } from './applied-row';

/** The default of graphile-migrate, which cannot be changed. */
const table = 'graphile_migrate.migrations';
const place = { schema: 'graphile_migrate', name: 'migrations' };
const columns = ['hash', 'previous_hash', 'filename', 'date'];

interface HistoryRow {
  hash: string;
  filename: string;
  date: string | Date;
}

/** The rows of graphile-migrate's table in the order applied. Throws `invalid-input` where it has other columns. */
export async function readGraphileHistory(
  session: Session,
  other: HistoryTable | null | undefined,
): Promise<History> {
  assertUsualTable('graphile-migrate', table, other);
  const found = await historyTable(session, 'graphile-migrate', place, columns);
  if (!found.exists) return { exists: false, table, applied: [], cumulative: false };
  const { rows } = await session.query<HistoryRow>(
    `select hash, filename, date from ${table} order by date, filename`,
  );
  const applied = rows.map((row) =>
    appliedRow(row.filename.replace(/\.sql$/, ''), {
      appliedAt: new Date(row.date).toISOString(),
      contentHash: row.hash,
    }),
  );
  return { exists: true, table, applied, cumulative: false };
}
