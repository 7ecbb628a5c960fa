import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { History } from './layout';
import { appliedRow } from './applied-row';

/** The default of graphile-migrate, which cannot be changed. */
const table = 'graphile_migrate.migrations';

interface HistoryRow {
  hash: string;
  filename: string;
  date: string | Date;
}

/** The rows of graphile-migrate's table in the order applied. Throws `invalid-input` where it has other columns. */
export async function readGraphileHistory(session: Session): Promise<History> {
  const { rows: found } = await session.query<{ columns: string[] | null }>(
    `select array_agg(attname::text) as columns from pg_attribute
     where attrelid = to_regclass('${table}') and attnum > 0 and not attisdropped`,
  );
  const { columns } = found[0]!;
  if (columns === null) return { exists: false, table, applied: [], cumulative: false };
  if (!['hash', 'previous_hash', 'filename', 'date'].every((column) => columns.includes(column))) {
    throw new SwitchbackError(
      'invalid-input',
      t(
        'The table {0} is not graphile-migrate\'s: it has no columns "hash", "previous_hash", "filename" and "date". Choose the database or the migrations folder that belong together.',
        table,
      ),
    );
  }
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
