import type { Session } from '../database/session';

/** Other sessions that hold locks on these tables or are writing to them, oldest transaction first, in words. */
export async function readLockHolders(session: Session, oids: readonly number[]): Promise<string[]> {
  const { rows } = await session.query<{ holder: string }>(
    `select format('%s (%s, %s, %s)', a.pid, a.usename, coalesce(nullif(a.application_name, ''), '-'), a.state) as holder
     from pg_stat_activity a
     where a.pid <> pg_backend_pid() and a.pid in (
       select l.pid from pg_locks l where l.granted and l.database = (select oid from pg_database where datname = current_database())
         and l.relation = any ($1::oid[]) and l.mode <> 'AccessShareLock')
     order by a.xact_start nulls last limit 5`,
    [oids],
  );
  return rows.map((row) => row.holder);
}
