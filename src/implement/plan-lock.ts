import type { Session } from '../database/session';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';

/**
 * Takes the advisory lock of a plan on this database and gives what releases it. Throws `locked-by-other` with
 * who holds it. It ends with its session, so a dead runner never keeps it.
 */
export async function takePlanLock(session: Session, planId: string): Promise<() => Promise<void>> {
  const name = `switchback:${planId}`;
  const { rows } = await session.query<{ taken: boolean }>(
    'select pg_try_advisory_lock(hashtextextended($1, 0)) as taken',
    [name],
  );
  if (!rows[0]!.taken) throw await lockedByOther(session, planId, name);
  return async () => {
    if (!session.lost.aborted)
      await session.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
  };
}

async function lockedByOther(session: Session, planId: string, name: string): Promise<SwitchbackError> {
  const { rows } = await session.query<{ holder: string }>(
    `select format('%s (%s, %s)', a.pid, a.usename, coalesce(a.client_hostname, host(a.client_addr), 'local')) as holder
     from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1
       and l.database = (select oid from pg_database where datname = current_database())
       and (l.classid::int8 << 32) | l.objid::int8 = hashtextextended($1, 0)`,
    [name],
  );
  return new SwitchbackError(
    'locked-by-other',
    t(
      '"{0}" is being run by {1} already. Wait until it has finished, or stop it there.',
      planId,
      rows[0]?.holder ?? t('somebody else'),
    ),
  );
}
