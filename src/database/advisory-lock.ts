import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { clipIdentifier } from '../sql/identifier';
import type { Session, SessionFactory } from './session';

/**
 * First key of the advisory lock of a plan; the second is hashtext(plan id). In a script:
 * `select pg_try_advisory_lock(1398227531, hashtext('20240229-rename'))`. The number is 'SWBK' in ASCII.
 */
export const planLockClass = 1_398_227_531;

/** Held until released: nobody else runs the plan on this database meanwhile. */
export interface PlanLock {
  /** Aborted, with a `connection-lost` error as its reason, when the lock was lost with its session. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export interface PlanLockRequest {
  sessions: SessionFactory;
  planId: string;
  /** Who holds it, as others will read it: `alice@laptop`. */
  owner: string;
  signal?: AbortSignal;
  /** How often the session is asked whether it still lives, ms. */
  heartbeatMilliseconds?: number;
}

const defaultHeartbeatMilliseconds = 5000;
const answerMilliseconds = 10_000;

/**
 * Takes the lock of a plan on a session of its own. Throws `locked-by-other` with who holds it. Losing the lock is
 * noticed at the next heartbeat at the latest; the fencing token stops what still runs.
 * https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
export async function acquirePlanLock(request: PlanLockRequest): Promise<PlanLock> {
  const session = await request.sessions.open({
    applicationName: clipIdentifier(`switchback ${request.owner}`),
    signal: request.signal,
  });
  try {
    // An idle session is all there is to hold the lock.
    if (session.facts.major >= 14) await session.query('set idle_session_timeout = 0');
    const { rows } = await session.query<{ taken: boolean }>(
      'select pg_try_advisory_lock($1, hashtext($2)) as taken',
      [planLockClass, request.planId],
    );
    if (!rows[0]?.taken) throw await lockedByOther(session, request);
  } catch (error) {
    await session.close();
    throw error;
  }
  const stop = startHeartbeat(session, request.heartbeatMilliseconds ?? defaultHeartbeatMilliseconds);
  return {
    lost: session.lost,
    release: async () => {
      stop();
      await session.close();
    },
  };
}

export interface LockHolder {
  pid: number;
  application: string | null;
  user: string | null;
  client: string | null;
  /** ISO 8601, UTC. */
  since: string | null;
}

/** Who holds the lock of a plan on this database; null when nobody does. */
export async function planLockHolder(session: Session, planId: string): Promise<LockHolder | null> {
  const { rows } = await session.query<LockHolder>(
    `select a.pid, nullif(a.application_name, '') as application, a.usename::text as "user", host(a.client_addr) as client,
            to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
       from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid = $1::bigint::oid
        and l.objid = (hashtext($2)::bigint & 4294967295)::oid
        and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`,
    [planLockClass, planId],
  );
  return rows[0] ?? null;
}

async function lockedByOther(
  session: Session,
  { planId, sessions }: PlanLockRequest,
): Promise<SwitchbackError> {
  const holder = await planLockHolder(session, planId);
  const details = {
    pid: holder?.pid ?? null,
    application: holder?.application ?? null,
    since: holder?.since ?? null,
  };
  if (!holder) {
    return new SwitchbackError(
      'locked-by-other',
      t('The plan "{0}" was being run on {1} until just now. Try again.', planId, sessions.label),
      { details },
    );
  }
  return new SwitchbackError(
    'locked-by-other',
    t(
      'The plan "{0}" is being run on {1} by {2} (user {3}, from {4}, pid {5}, since {6}). Watch it there, or try again when it has finished.',
      planId,
      sessions.label,
      holder.application ?? t('another session'),
      holder.user ?? '?',
      holder.client ?? t('this machine'),
      holder.pid,
      holder.since ?? '?',
    ),
    { details },
  );
}

/** A connection that died without a word is found out by asking; an answer that does not come breaks it. */
function startHeartbeat(session: Session, milliseconds: number): () => void {
  let asking = false;
  const timer = setInterval(() => {
    if (asking || session.lost.aborted) return;
    asking = true;
    session
      .query('select 1', [], { signal: AbortSignal.timeout(answerMilliseconds) })
      // The session tells of its loss through `lost`; a heartbeat cut short by release() is nobody's concern.
      .catch(() => undefined)
      .finally(() => (asking = false));
  }, milliseconds);
  timer.unref();
  return () => clearInterval(timer);
}
