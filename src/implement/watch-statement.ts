import type { Session } from '../database/session';
import { isSwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import type { Clock } from '../ports/clock';
import type { OnRunEvent } from './run-event';

export interface WatchedSession {
  session: Session;
  /** Another session of the same role, which looks on. */
  watch: Session;
  stepId: string;
  onEvent: OnRunEvent;
  clock: Clock;
  signal: AbortSignal;
}

const everyMilliseconds = 1000;

/**
 * Runs `work` and tells once a second, when it changes, whom it waits for (pg_blocking_pids) and how far it has
 * come (pg_stat_progress_create_index, pg_stat_progress_vacuum).
 */
export async function watchStatement(run: WatchedSession, work: () => Promise<void>): Promise<void> {
  const ended = new AbortController();
  const watching = watchUntil(run, ended.signal);
  try {
    await work();
  } finally {
    ended.abort();
    await watching;
  }
}

async function watchUntil(run: WatchedSession, ended: AbortSignal): Promise<void> {
  if (run.session.facts.engine === 'pglite') return;
  let told = '';
  for (;;) {
    // The reason of a finished wait is no error.
    await run.clock.sleep(everyMilliseconds, ended).catch(() => undefined);
    if (ended.aborted || run.watch.lost.aborted) return;
    const message = await readSituation(run).catch((error: unknown) => {
      if (isSwitchbackError(error)) return t('How far it has come cannot be seen: {0}', error.sentence);
      throw error;
    });
    if (message !== null && message !== told) {
      told = message;
      run.onEvent({ kind: 'note', step: run.stepId, message });
    }
  }
}

interface Situation {
  blockers: string[] | null;
  phase: string | null;
  done: string | null;
  total: string | null;
}

async function readSituation(run: WatchedSession): Promise<string | null> {
  const { rows } = await run.watch.query<Situation>(
    `select (
       select array_agg(format('%s (%s, %s)', a.pid, a.usename, coalesce(nullif(a.application_name, ''), '-')) order by a.xact_start)
       from pg_stat_activity a where a.pid = any (pg_blocking_pids($1))) as blockers,
     p.phase, p.done::text as done, p.total::text as total
     from (select 1) as one left join (
       select phase, greatest(blocks_done, lockers_done) as done, greatest(blocks_total, lockers_total) as total
       from pg_stat_progress_create_index where pid = $1
       union all
       select phase, heap_blks_scanned, heap_blks_total from pg_stat_progress_vacuum where pid = $1
     ) as p on true`,
    [run.session.facts.pid],
  );
  const { blockers, phase, done, total } = rows[0]!;
  if (blockers && blockers.length > 0)
    return t('Waiting for {0}; nobody queues behind it.', blockers.join(', '));
  if (phase === null) return null;
  return total !== null && Number(total) > 0 ? t('{0}: {1} of {2}', phase, done ?? '0', total) : phase;
}
