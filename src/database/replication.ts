import { seesAllActivity } from './activity';
import type { Session } from './session';

export interface Replica {
  /** application_name of the standby. */
  name: string;
  client: string | null;
  state: string | null;
  sync: string | null;
  /** ms until a commit is visible there; 0 when it has caught up, null when it cannot be known. */
  lagMilliseconds: number | null;
  lagBytes: number | null;
}

export interface ReplicationSlot {
  name: string;
  kind: 'physical' | 'logical';
  active: boolean;
  /** Bytes of WAL kept for it; null when it keeps none. */
  retainedBytes: number | null;
}

/** The write position, on a standby too. */
const currentPosition =
  'case when pg_is_in_recovery() then pg_last_wal_receive_lsn() else pg_current_wal_lsn() end';

/**
 * The standbys that stream from this server; null where this role may not see them (it needs pg_monitor or
 * pg_read_all_stats). https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW
 */
export async function replicas(session: Session): Promise<Replica[] | null> {
  if (!(await seesAllActivity(session))) return null;
  const { rows } = await session.query<Replica>(
    `select application_name as name, host(client_addr) as client, state, sync_state as sync,
            pg_wal_lsn_diff(${currentPosition}, replay_lsn)::float8 as "lagBytes",
            case when replay_lag is not null then round(extract(epoch from replay_lag) * 1000)::float8
                 when pg_wal_lsn_diff(sent_lsn, replay_lsn) = 0 then 0 end as "lagMilliseconds"
       from pg_catalog.pg_stat_replication order by application_name, pid`,
  );
  return rows;
}

/** Replication slots, those that keep the most WAL first. Everybody may see them. */
export async function replicationSlots(session: Session): Promise<ReplicationSlot[]> {
  const { rows } = await session.query<ReplicationSlot>(
    `select slot_name::text as name, slot_type as kind, active,
            pg_wal_lsn_diff(${currentPosition}, restart_lsn)::float8 as "retainedBytes"
       from pg_catalog.pg_replication_slots order by 4 desc nulls last, slot_name`,
  );
  return rows;
}
