import type { Rate } from './run-record';
import type { Session } from './session';

const rows = 100_000;
/** More than this and the server is stopped: a busy one is not made busier. */
const limitMilliseconds = 3000;

/**
 * Measures how fast a server scans, writes anew and indexes, on a temporary table of 100,000 rows (about 12 MB) that is gone
 * at the end. Temporary tables write no log: what is permanent is slower, never faster. Throws `no-privilege`
 * where no temporary table may be made.
 */
export async function measureRates(
  session: Session,
  signal: AbortSignal,
): Promise<Omit<Rate, 'measuredAt'>[]> {
  const measured = async (): Promise<Omit<Rate, 'measuredAt'>[]> => {
    const timed = async (sql: string): Promise<number> => {
      const started = performance.now();
      await session.script(sql, { signal });
      return Math.max(performance.now() - started, 0.1) / 1000;
    };
    await session.script(
      `set local max_parallel_workers_per_gather = 0; set local max_parallel_maintenance_workers = 0;
       create temporary table switchback_rates on commit drop as
         select g as id, md5(g::text) as key, repeat('x', 50) as filler from pg_catalog.generate_series(1, ${rows}) g`,
      { signal },
    );
    const { rows: sizes } = await session.query<{ bytes: string }>(
      `select pg_catalog.pg_relation_size('pg_temp.switchback_rates')::text as bytes`,
    );
    const bytes = Number(sizes[0]!.bytes);
    const scan = await timed(`select count(*) from pg_temp.switchback_rates where filler = ''`);
    const rewrite = await timed('alter table pg_temp.switchback_rates alter column id type bigint');
    const index = await timed('create index on pg_temp.switchback_rates (key)');
    const rate = (kind: string, seconds: number): Omit<Rate, 'measuredAt'> => ({
      kind,
      relation: '',
      bytesPerSecond: bytes / seconds,
      rowsPerSecond: rows / seconds,
    });
    return [rate('scan', scan), rate('rewrite', rewrite), rate('index-build', index)];
  };
  return session.transaction(measured, {
    signal,
    rollback: true,
    statementTimeoutMilliseconds: limitMilliseconds,
  });
}
