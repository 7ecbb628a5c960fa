import { openSession } from '../src/database/connect';
import type { TestDatabase } from '../test/support/servers';

export interface WaitsSeen {
  samples: number;
  /** Waits of the load for which a session of Switchback was responsible, directly or through others. */
  waits: number;
  longestMilliseconds: number;
  /** The statement that waited longest, and what it waited for. */
  longest: string;
}

interface WaitRow {
  pid: number;
  since: string;
  milliseconds: number | null;
  query: string;
  blocker: string;
}

/**
 * Looks every 10 ms at the waits of the load: one counts when pg_blocking_pids holds a session of Switchback or
 * reaches one through others. Its length is from pg_locks.waitstart (14 and newer), else from the first look.
 */
export async function startWaitSampler(database: TestDatabase): Promise<{ stop(): Promise<WaitsSeen> }> {
  const session = await openSession(database.connection, database.password, {
    applicationName: 'wait sampler',
  });
  const hasWaitStart = session.facts.major >= 14;
  const seen = new Map<string, number>();
  const firstSeen = new Map<string, number>();
  const result: WaitsSeen = { samples: 0, waits: 0, longestMilliseconds: 0, longest: '' };
  let stopped = false;
  const sql = `with recursive waiting as (
      select l.pid, ${hasWaitStart ? 'min(l.waitstart)' : 'null::timestamptz'} as since from pg_locks l
      join pg_stat_activity a using (pid) where not l.granted and a.application_name = 'load' group by l.pid
    ), chain(waiter, pid) as (
      select pid, unnest(pg_blocking_pids(pid)) from waiting
      union select chain.waiter, unnest(pg_blocking_pids(chain.pid)) from chain
    )
    select w.pid, coalesce(w.since, a.query_start)::text as since,
      (extract(epoch from clock_timestamp() - w.since) * 1000)::float8 as milliseconds, a.query, min(b.application_name || ': ' || left(b.query, 80)) as blocker
    from waiting w join pg_stat_activity a on a.pid = w.pid join chain c on c.waiter = w.pid
    join pg_stat_activity b on b.pid = c.pid
    where b.application_name like 'switchback%' group by 1, 2, 3, 4`;
  const looking = (async () => {
    while (!stopped) {
      const started = performance.now();
      const { rows } = await session.query<WaitRow>(sql);
      result.samples += 1;
      for (const row of rows) {
        const key = `${row.pid} ${row.since}`;
        if (!firstSeen.has(key)) firstSeen.set(key, started);
        const milliseconds = row.milliseconds ?? performance.now() - firstSeen.get(key)!;
        seen.set(key, Math.max(seen.get(key) ?? 0, milliseconds));
        if (milliseconds > result.longestMilliseconds) {
          result.longestMilliseconds = milliseconds;
          result.longest = `${row.query} behind ${row.blocker}`;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, 10 - (performance.now() - started))));
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await looking;
      await session.close();
      return { ...result, waits: seen.size };
    },
  };
}
