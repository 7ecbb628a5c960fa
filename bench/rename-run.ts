import { openSession } from '../src/database/connect';
import { installSchema } from '../src/database/switchback-schema';
import { applyPhase } from '../src/implement/run-plan';
import type { RunEvent } from '../src/implement/run-event';
import { stepsOf } from '../src/plan/plan';
import { seedShop } from '../samples/shop-seed';
import { openBenchOn } from '../test/implement/fixture';
import { sampleRun } from '../test/implement/plan-fixture';
import { planned } from '../test/plan/planned';
import type { TestDatabase } from '../test/support/servers';
import { startSlowReader } from './slow-reader';
import { startWaitSampler, type WaitsSeen } from './wait-sampler';
import { startWriteLoad } from './write-load';

export interface RenameResult {
  statements: number;
  seconds: number;
  perSecond: number;
  failures: string[];
  waits: WaitsSeen;
  latency: { p50: number; p99: number; longest: number };
  rows: number;
  /** Rows in which old and new name differ at the end of the migrate phase. */
  differing: number;
  /** Acknowledged writes whose value is not in the row, by either name. */
  lost: number;
  writtenRows: number;
  lockTimeoutMilliseconds: number;
  /** Lock time-outs of Switchback's own statements, which were tried again. */
  retries: number;
}

/**
 * Renames customers.name to full_name in the sample shop, through the end of the migrate phase, while
 * `perSecond` statements a second read and write both names and a report keeps transactions open for two seconds.
 */
export async function renameUnderLoad(
  database: TestDatabase,
  perSecond: number,
  log: (line: string) => void,
): Promise<RenameResult> {
  const bench = await openBenchOn(database);
  try {
    await bench.look.transaction(() => seedShop((sql) => bench.look.script(sql)));
    await installSchema(bench.look);
    const change = {
      kind: 'rename-column' as const,
      table: { schema: 'public', name: 'customers' },
      from: 'name',
      to: 'full_name',
    };
    const { plan } = await planned(bench.look, change);
    const deploys = stepsOf(plan).filter((step) => step.kind === 'deploy');
    const confirmation = { by: 'bench', at: new Date().toISOString(), note: '' };
    const { context } = await sampleRun(bench, plan, {
      confirmations: new Map(deploys.map((step) => [step.id, confirmation])),
    });
    let retries = 0;
    const onEvent = (event: RunEvent): void => {
      if (event.kind === 'lock-wait') retries += 1;
      if (event.kind === 'step' && event.state === 'done') log(`${event.step}: ${event.milliseconds} ms`);
    };
    const sampler = await startWaitSampler(database);
    const load = await startWriteLoad(database, perSecond, 50_000);
    const reader = await startSlowReader(database, 'customers');
    const started = performance.now();
    await bench.clock.sleep(1000);
    await applyPhase({ ...context, onEvent }, 'expand');
    load.useNewName();
    await bench.clock.sleep(1000);
    await applyPhase({ ...context, onEvent }, 'migrate');
    await bench.clock.sleep(1000);
    await reader.stop();
    const result = await load.stop();
    const seconds = (performance.now() - started) / 1000;
    const waits = await sampler.stop();
    const sorted = [...result.latencies].sort((a, b) => a - b);
    return {
      statements: result.statements,
      seconds,
      perSecond: result.statements / seconds,
      failures: result.failures,
      waits,
      latency: { p50: at(sorted, 0.5), p99: at(sorted, 0.99), longest: sorted.at(-1) ?? 0 },
      ...(await compare(database, result.written)),
      writtenRows: result.written.size,
      lockTimeoutMilliseconds: plan.options.lockTimeoutMilliseconds,
      retries,
    };
  } finally {
    await bench.look.close();
  }
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

async function compare(
  database: TestDatabase,
  written: ReadonlyMap<number, string>,
): Promise<{ rows: number; differing: number; lost: number }> {
  const session = await openSession(database.connection, database.password);
  try {
    const { rows } = await session.query<{ rows: number; differing: number }>(
      'select count(*)::int4 as rows, (count(*) filter (where name is distinct from full_name))::int4 as differing from customers',
    );
    const lost = await session.query<{ lost: number }>(
      `select count(*)::int4 as lost from unnest($1::int8[], $2::text[]) as w(id, value) left join customers c using (id)
       where c.name is distinct from w.value or c.full_name is distinct from w.value`,
      [[...written.keys()], [...written.values()]],
    );
    return { ...rows[0]!, lost: lost.rows[0]!.lost };
  } finally {
    await session.close();
  }
}
