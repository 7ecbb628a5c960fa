import { spawn } from 'node:child_process';
import path from 'node:path';
import { openSession } from '../src/database/connect';
import { installSchema } from '../src/database/switchback-schema';
import type { Session } from '../src/database/session';
import { defaultPlanOptions } from '../src/plan/plan';
import type { TestDatabase } from '../test/support/servers';
import type { KillMoment, WorkerOrder } from './backfill-worker';

export interface KillRunResult {
  rows: number;
  kills: { share: number; target: string; moment: string }[];
  /** Rows whose value is not exactly one more than before. */
  wrongRows: number;
  /** Rows the audit counted other than once. */
  wrongAudits: number;
  audited: number;
  milliseconds: number;
  starts: number;
}

const moments: readonly KillMoment[] = ['statement', 'before-commit', 'in-commit', 'after-commit'];

/**
 * Backfills `rows` rows with `n = n + 1`, an expression that tells when it ran twice, and cuts the worker off
 * `kills` times, spread over the whole; a trigger counts the changes of each row.
 */
export async function runWithKills(
  database: TestDatabase,
  rows: number,
  kills: number,
  log: (line: string) => void,
): Promise<KillRunResult> {
  const session = await openSession(database.connection, database.password, { applicationName: 'bench' });
  try {
    await makeTable(session, rows);
    await installSchema(session);
    const started = performance.now();
    const done: KillRunResult['kills'] = [];
    let starts = 0;
    for (let index = 0; index < kills; index++) {
      const share = 0.04 + (0.92 * (index + Math.random() * 0.5)) / kills;
      const kill = {
        atRows: Math.floor(share * rows),
        target: index % 2 === 0 ? ('process' as const) : ('backend' as const),
        moment: moments[Math.floor(index / 2) % moments.length]!,
        delayMilliseconds: Math.random() * (Math.floor(index / 2) % moments.length === 0 ? 30 : 2),
      };
      starts += 1;
      const outcome = await runWorker(orderFor(database, rows, kill));
      if (!outcome.killed)
        throw new Error(`the worker was to be cut off at ${share} and was not: ${outcome.text}`);
      const reached = Number(await one(session, 'select rows_done from switchback.backfills'));
      done.push({ share: reached / rows, target: kill.target, moment: kill.moment });
      log(
        `killed ${index + 1} of ${kills}: the ${kill.target}, ${kill.moment}, at ${reached} of ${rows} rows`,
      );
    }
    starts += 1;
    const last = await runWorker(orderFor(database, rows, null));
    if (last.code !== 0) throw new Error(`the last start did not finish: ${last.text}`);
    const milliseconds = Math.round(performance.now() - started);
    return {
      rows,
      kills: done,
      starts,
      milliseconds,
      wrongRows: Number(
        await one(session, 'select count(*) from items where n is distinct from id % 10 + 1'),
      ),
      audited: Number(await one(session, 'select count(*) from audit')),
      wrongAudits: Number(
        await one(
          session,
          `select count(*) from items left join (select id, count(*) as times from audit group by id) as counted using (id)
           where times is distinct from 1`,
        ),
      ),
    };
  } finally {
    await session.close();
  }
}

async function makeTable(session: Session, rows: number): Promise<void> {
  await session.script(`create table items (id bigint primary key, n int not null, payload text not null);
    insert into items select g, g % 10, md5(g::text) from generate_series(1, ${Math.trunc(rows)}) as g;
    create table audit (id bigint not null);
    create function count_changes() returns trigger language plpgsql as $$
      begin insert into audit select id from changed; return null; end $$;
    create trigger count_changes after update on items referencing new table as changed
      for each statement execute function count_changes();`);
  await session.query('vacuum (analyze) items');
}

function orderFor(database: TestDatabase, rows: number, kill: WorkerOrder['kill']): WorkerOrder {
  return {
    connection: database.connection,
    password: database.password,
    planId: 'kill-run',
    stepId: '01-backfill',
    spec: {
      table: { schema: 'public', name: 'items' },
      assignments: [{ column: 'n', expression: 'n + 1' }],
      pending: null,
      walk: { by: 'key', columns: ['id'] },
      estimatedRows: rows,
    },
    options: {
      ...defaultPlanOptions,
      batchRows: Math.min(1000, Math.ceil(rows / 100)),
      batchMilliseconds: rows < 500_000 ? 5 : 50,
    },
    kill,
  };
}

interface WorkerOutcome {
  code: number | null;
  killed: boolean;
  text: string;
}

function runWorker(order: WorkerOrder): Promise<WorkerOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(__dirname, 'backfill-worker.ts')], {
      env: { ...process.env, SWITCHBACK_BENCH_ORDER: JSON.stringify(order) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.on('data', (data: Buffer) => (text += data.toString()));
    child.stderr.on('data', (data: Buffer) => (text += data.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, killed: text.includes('"killed"') && code !== 0, text }));
  });
}

async function one(session: Session, sql: string): Promise<string> {
  const { rows } = await session.query<Record<string, string>>(sql);
  return Object.values(rows[0]!)[0]!;
}
