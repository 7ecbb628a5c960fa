import type { Session } from '../database/session';
import { isSwitchbackError } from '../messages/error';
import { redact } from '../messages/redact';
import type { LongTransaction, Replica, ReplicationSlot, SeenClient, ServerFacts } from './assessment';

/** Transactions older than this hold back a lock or a concurrent index build. */
export const longTransactionMilliseconds = 30_000;

export type ServerReading = Omit<ServerFacts, 'disk' | 'lockSlots'> & { lockSlotsAvailable: number };

/** Version, size, replicas with their lag, long transactions, and how many locks the server has room for. `olderThan` is in ms. */
export async function readServerFacts(
  session: Session,
  signal: AbortSignal,
  olderThan = longTransactionMilliseconds,
): Promise<ServerReading> {
  const { rows } = await session.query<{ bytes: string; slots: string }>(
    `SELECT pg_database_size(current_database())::text AS bytes,
            (current_setting('max_locks_per_transaction')::bigint *
             (current_setting('max_connections')::bigint + current_setting('max_prepared_transactions')::bigint))::text AS slots`,
    [],
    { signal },
  );
  return {
    version: session.facts.version,
    major: session.facts.major,
    databaseBytes: Number(rows[0]!.bytes),
    replicas: await readReplicas(session, signal),
    slots: await readSlots(session, signal),
    longTransactions: await readLongTransactions(session, signal, olderThan),
    clients: await readClients(session, signal),
    lockSlotsAvailable: Number(rows[0]!.slots),
  };
}

/** null where the user may not see them: https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW */
async function readReplicas(session: Session, signal: AbortSignal): Promise<Replica[] | null> {
  try {
    const { rows } = await session.query<{
      name: string;
      state: string | null;
      bytes: string | null;
      ms: number | null;
    }>(
      `SELECT coalesce(nullif(application_name, ''), 'pid ' || pid) AS name, state,
              CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) END::text AS bytes,
              (extract(epoch FROM replay_lag) * 1000)::float8 AS ms
         FROM pg_stat_replication ORDER BY 1`,
      [],
      { signal },
    );
    if (rows.length > 0 && rows.every((row) => row.state === null)) return null;
    return rows.map((row) => ({
      name: row.name,
      state: row.state ?? '',
      lagBytes: row.bytes === null ? null : Number(row.bytes),
      lagMilliseconds: row.ms === null ? null : Math.round(row.ms),
    }));
  } catch (error) {
    if (isSwitchbackError(error, 'no-privilege')) return null;
    throw error;
  }
}

/** https://www.postgresql.org/docs/current/view-pg-replication-slots.html */
async function readSlots(session: Session, signal: AbortSignal): Promise<ReplicationSlot[]> {
  const { rows } = await session.query<{ name: string; active: boolean; bytes: string | null }>(
    `SELECT slot_name::text AS name, active,
            CASE WHEN pg_is_in_recovery() THEN NULL ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) END::text AS bytes
       FROM pg_replication_slots WHERE NOT temporary ORDER BY 1`,
    [],
    { signal },
  );
  return rows.map(({ bytes, ...slot }) => ({ ...slot, keptBytes: bytes === null ? null : Number(bytes) }));
}

/** A role without pg_read_all_stats sees no backend_type of others: what has a role and a database counts as a client. */
async function readClients(session: Session, signal: AbortSignal): Promise<SeenClient[]> {
  const { rows } = await session.query<{ application: string | null; user: string; sessions: number }>(
    `SELECT nullif(application_name, '') AS application, usename::text AS user, count(*)::int AS sessions
       FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
        AND coalesce(backend_type, 'client backend') = 'client backend'
        AND coalesce(application_name, '') NOT LIKE 'switchback%'
      GROUP BY 1, 2 ORDER BY 1 NULLS LAST, 2 LIMIT 20`,
    [],
    { signal },
  );
  return rows.map((row) => ({
    ...row,
    application: row.application === null ? null : redact(row.application),
  }));
}

async function readLongTransactions(
  session: Session,
  signal: AbortSignal,
  olderThan: number,
): Promise<LongTransaction[]> {
  const { rows } = await session.query<{
    pid: number;
    user: string;
    application: string;
    state: string;
    ms: number;
    query: string;
  }>(
    `SELECT pid, coalesce(usename::text, '') AS user, coalesce(application_name, '') AS application,
            coalesce(state, '') AS state, (extract(epoch FROM now() - xact_start) * 1000)::float8 AS ms,
            left(coalesce(query, ''), 500) AS query
       FROM pg_stat_activity
      WHERE xact_start < now() - $1 * interval '1 millisecond' AND pid <> pg_backend_pid()
        AND datname = current_database() AND backend_type <> 'walsender'
      ORDER BY xact_start LIMIT 50`,
    [olderThan],
    { signal },
  );
  return rows.map(({ ms, ...row }) => ({ ...row, milliseconds: Math.round(ms), query: redact(row.query) }));
}
