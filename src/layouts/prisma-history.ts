import { createHash } from 'node:crypto';
import type { Session } from '../database/session';
import { historyTable } from './history-columns';
import type { AppliedMigration, History, HistoryTable } from './layout';

const columns = ['checksum', 'finished_at', 'migration_name', 'rolled_back_at', 'started_at'];

/**
 * Whether the tool takes a file for the one it recorded: with its line ends as they are, all LF, or LF made CRLF; and
 * by the form without leading zeros that old versions wrote. schema-connector/src/checksum.rs.
 */
export function acceptsPrismaHash(sql: string, recorded: string): boolean {
  return [sql, sql.replaceAll('\r\n', '\n'), sql.replaceAll('\n', '\r\n')].some((text) => {
    const digest = createHash('sha256').update(text, 'utf8').digest();
    const padded = digest.toString('hex');
    if (recorded === '' || recorded.length === padded.length) return recorded === padded;
    return recorded === [...digest].map((byte) => byte.toString(16)).join('');
  });
}

interface HistoryRow {
  migration_name: string;
  checksum: string;
  started_at: string | Date;
  finished_at: string | Date | null;
  applied_steps_count: number;
}

/**
 * The rows that count: those not marked as rolled back, in the order they began. Throws `invalid-input` where a
 * table of that name has not the tool's columns.
 */
export async function readPrismaHistory(session: Session, table: HistoryTable): Promise<History> {
  const found = await historyTable(session, 'Prisma', table, columns);
  if (!found.exists) return { exists: false, table: found.name, applied: [], cumulative: false };
  const history = await session.query<HistoryRow>(
    `select migration_name, checksum, started_at, finished_at, applied_steps_count
     from ${found.sql} where rolled_back_at is null order by started_at, finished_at`,
  );
  return { exists: true, table: found.name, applied: history.rows.map(appliedOf), cumulative: false };
}

function appliedOf(row: HistoryRow): AppliedMigration {
  const started = new Date(row.started_at);
  const finished = row.finished_at === null ? null : new Date(row.finished_at);
  // `migrate resolve --applied` runs nothing, and leaves the count at 0.
  const ran = finished !== null && row.applied_steps_count > 0;
  return {
    version: row.migration_name,
    name: /^\d+_(.+)$/.exec(row.migration_name)?.[1] ?? row.migration_name,
    appliedAt: finished === null ? null : finished.toISOString(),
    appliedBy: null,
    milliseconds: ran ? Math.max(0, finished.getTime() - started.getTime()) : null,
    contentHash: row.checksum,
    dirty: finished === null,
  };
}
