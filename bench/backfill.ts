import { parseArgs } from 'node:util';
import { acquireFence } from '../src/database/fence';
import { installSchema } from '../src/database/switchback-schema';
import type { Session } from '../src/database/session';
import { runBackfill } from '../src/implement/backfill';
import { backfillStore } from '../src/implement/backfill-store';
import { createRunControl } from '../src/implement/run-control';
import { defaultPlanOptions, type BackfillSpec } from '../src/plan/plan';
import { openBenchOn, type Bench } from '../test/implement/fixture';
import { stopTestServers, testServer } from '../test/support/servers';

interface Method {
  name: string;
  run(bench: Bench, rows: number): Promise<{ batches: number[] }>;
}

const spec: BackfillSpec = {
  table: { schema: 'public', name: 't' },
  assignments: [{ column: 'email_lower', expression: 'lower(email)' }],
  pending: 'email_lower is null',
  walk: { by: 'key', columns: ['id'] },
  estimatedRows: 0,
};

const methods: Method[] = [
  {
    name: 'one UPDATE',
    run: async (bench) => {
      await bench.look.query('update t set email_lower = lower(email)');
      return { batches: [] };
    },
  },
  { name: 'naive keyset, 10,000 rows, no VACUUM, no checkpoint', run: (bench) => naiveKeyset(bench.look) },
  { name: 'Switchback, as shipped', run: (bench) => ours(bench, defaultPlanOptions.vacuumShare) },
  { name: 'Switchback, without VACUUM', run: (bench) => ours(bench, 0) },
];

/** `npx tsx bench/backfill.ts [--rows 2000000]`: rows a second and heap afterwards, each method on a fresh table of one run. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rows: { type: 'string', default: '2000000' } } });
  const rows = Number(values.rows);
  const settings = { shared_buffers: '512MB', max_wal_size: '8GB' };
  const server = await testServer({ major: 18, durable: true, settings });
  let reference = 0;
  for (const method of methods) {
    const bench = await openBenchOn(await server.createDatabase());
    await makeTable(bench.look, rows);
    const before = await heapMegabytes(bench.look);
    const started = performance.now();
    const { batches } = await method.run(bench, rows);
    const seconds = (performance.now() - started) / 1000;
    await assertDone(bench.look);
    const after = await heapMegabytes(bench.look);
    const rate = rows / seconds;
    reference ||= rate;
    const sorted = [...batches].sort((a, b) => a - b);
    const batchText =
      sorted.length === 0
        ? ''
        : `, ${sorted.length} batches, p50 ${at(sorted, 0.5)} ms, p99 ${at(sorted, 0.99)} ms`;
    console.log(
      `${method.name}: ${Math.round(rate)} rows/s, ${(rate / reference).toFixed(2)} of one UPDATE; heap ${before} -> ${after} MB, ${(after / before).toFixed(2)} times${batchText}`,
    );
    await bench.drop();
  }
}

async function ours(bench: Bench, vacuumShare: number): Promise<{ batches: number[] }> {
  await installSchema(bench.look);
  const fence = await acquireFence(bench.look, 'bench', 'bench');
  const store = backfillStore('bench', '01', fence);
  const batches: number[] = [];
  let at = performance.now();
  await runBackfill({
    sessions: bench.sessions,
    stepId: '01',
    spec,
    options: { ...defaultPlanOptions, vacuumShare },
    store: {
      ...store,
      lock: (session) => {
        at = performance.now();
        return store.lock(session);
      },
      checkpoint: async (session, record) => {
        await store.checkpoint(session, record);
        batches.push(Math.round(performance.now() - at));
      },
    },
    control: createRunControl(),
    onEvent: () => undefined,
    clock: bench.clock,
    signal: new AbortController().signal,
  });
  return { batches };
}

async function naiveKeyset(session: Session): Promise<{ batches: number[] }> {
  const batches: number[] = [];
  let last: string | null = '-1';
  while (last !== null) {
    const at = performance.now();
    const { rows }: { rows: { last: string | null }[] } = await session.query<{ last: string | null }>(
      `with r as (select id from t where id > $1 order by id limit 10000), hi as (select max(id) as m from r),
       u as (update t set email_lower = lower(email) where id > $1 and id <= (select m from hi) and email_lower is null returning 1)
       select (select m from hi) as last, (select count(*) from u) as written`,
      [last],
    );
    last = rows[0]!.last;
    batches.push(Math.round(performance.now() - at));
  }
  return { batches };
}

async function makeTable(session: Session, rows: number): Promise<void> {
  await session.script(`create table t (id bigint primary key, tenant_id int, email text, status text, amount numeric(10, 2), payload text, email_lower text);
    insert into t select g, g % 100, 'User' || g || '@Example.com', 'active', g % 1000, repeat(md5(g::text), 2) from generate_series(1, ${Math.trunc(rows)}) as g;`);
  await session.query('vacuum (analyze) t');
  await session.query('checkpoint');
}

async function assertDone(session: Session): Promise<void> {
  const { rows } = await session.query<{ left: string }>(
    'select count(*) as left from t where email_lower is distinct from lower(email)',
  );
  if (rows[0]!.left !== '0') throw new Error(`${rows[0]!.left} rows are not done`);
}

async function heapMegabytes(session: Session): Promise<number> {
  const { rows } = await session.query<{ bytes: string }>("select pg_relation_size('t') as bytes");
  return Math.round(Number(rows[0]!.bytes) / 1e6);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

main()
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => stopTestServers());
