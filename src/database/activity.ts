import { t } from '../messages/translate';
import type { Session } from './session';

/** What a server session does now. A role without pg_read_all_stats sees null for other people's sessions. */
export interface Activity {
  pid: number;
  user: string | null;
  application: string | null;
  /** Address of the client; null on a socket. */
  client: string | null;
  state: string | null;
  /** ms since its transaction began, else since its statement did. */
  ageMilliseconds: number | null;
  /** When its statement began, ISO 8601 in UTC. */
  queryStart: string | null;
  /** The start of its statement, on one line. */
  query: string | null;
}

const activityColumns = `a.pid, a.usename::text as "user", nullif(a.application_name, '') as application,
  host(a.client_addr) as client, a.state,
  round(extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.query_start)) * 1000)::float8 as "ageMilliseconds",
  to_char(a.query_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "queryStart",
  left(regexp_replace(a.query, '\\s+', ' ', 'g'), 120) as query`;

/** False for a role that sees only its own sessions: an empty list then proves nothing. It needs pg_read_all_stats. */
export async function seesAllActivity(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ may: boolean }>(
    `select pg_has_role('pg_read_all_stats', 'usage') as may`,
  );
  return rows[0]?.may === true;
}

/** Transactions of this database open for at least so long, ms, the oldest first, as far as seesAllActivity; not its own. */
export async function longTransactions(session: Session, olderThanMilliseconds: number): Promise<Activity[]> {
  const { rows } = await session.query<Activity>(
    `select ${activityColumns} from pg_catalog.pg_stat_activity a
      where a.datname = current_database() and a.pid <> pg_backend_pid() and a.xact_start is not null
        and clock_timestamp() - a.xact_start >= $1 * interval '1 millisecond'
      order by a.xact_start`,
    [olderThanMilliseconds],
  );
  return rows;
}

/** The sessions that stand in a session's way, those at the root of a queue included, the oldest first. */
export async function blockersOf(session: Session, pid: number): Promise<Activity[]> {
  const { rows } = await session.query<Activity>(
    `with recursive blocking(pid) as (
       select unnest(pg_blocking_pids($1)) union select unnest(pg_blocking_pids(blocking.pid)) from blocking where blocking.pid <> 0)
     select ${activityColumns} from blocking join pg_catalog.pg_stat_activity a using (pid)
      where a.pid <> $1 order by a.xact_start nulls last, a.pid`,
    [pid],
  );
  return rows;
}

/** In words, the oldest first: other sessions that hold a lock on one of the relations that stops writes or DDL. */
export async function readBlockers(session: Session, relationOids: readonly number[]): Promise<string[]> {
  const { rows } = await session.query<Activity>(
    `select ${activityColumns} from pg_catalog.pg_stat_activity a
      where a.pid <> pg_backend_pid() and a.pid in (
        select l.pid from pg_catalog.pg_locks l
         where l.granted and l.locktype = 'relation' and l.relation = any($1::oid[]) and l.mode <> 'AccessShareLock'
           and l.database = (select oid from pg_catalog.pg_database where datname = current_database()))
      order by a.xact_start nulls last, a.pid`,
    [relationOids],
  );
  return rows.map(describeActivity);
}

/** `pid 4711 (psql, app, idle in transaction, open for 12 s): update ...`. */
export function describeActivity(activity: Activity): string {
  const words = [
    activity.application,
    activity.user,
    activity.state,
    activity.ageMilliseconds === null
      ? null
      : t('open for {0} s', Math.max(0, Math.round(activity.ageMilliseconds / 1000))),
  ].filter((word) => word !== null);
  const session = t('pid {0}', activity.pid) + (words.length > 0 ? ` (${words.join(', ')})` : '');
  return activity.query ? `${session}: ${activity.query}` : session;
}

export interface PreparedTransaction {
  gid: string;
  owner: string;
  ageMilliseconds: number;
}

/** Prepared transactions of this database, the oldest first: they hold locks and no session shows them. */
export async function preparedTransactions(session: Session): Promise<PreparedTransaction[]> {
  const { rows } = await session.query<PreparedTransaction>(
    `select gid, owner::text, round(extract(epoch from clock_timestamp() - prepared) * 1000)::float8 as "ageMilliseconds"
       from pg_catalog.pg_prepared_xacts where database = current_database() order by prepared`,
  );
  return rows;
}
