import assert from 'node:assert/strict';
import { openSession } from '../../src/database/connect';
import type { Session, SessionFactory } from '../../src/database/session';
import { installSchema } from '../../src/database/switchback-schema';
import { readPlanProgress } from '../../src/implement/plan-progress';
import { rollBackPlan } from '../../src/implement/roll-back-plan';
import { applyPhase, applyStep, resumePlan } from '../../src/implement/run-plan';
import type { LayoutId } from '../../src/layouts/layout';
import { isSwitchbackError } from '../../src/messages/error';
import { testMajors } from '../support/servers';
import { openBench, value, type Bench } from '../implement/fixture';
import { samplePlan, sampleRun, sampleTable } from '../implement/plan-fixture';

/** Sessions whose worker is terminated by the server at its `at`-th request that matches, before or after it ran. */
function dropping(
  bench: Bench,
  matches: (sql: string) => boolean,
  when: 'before' | 'after',
  at: number,
): { sessions: SessionFactory; dropped: () => boolean } {
  let count = 0;
  let dropped = false;
  const strike = async (session: Session): Promise<void> => {
    dropped = true;
    await bench.look.query('select pg_terminate_backend($1)', [session.facts.pid]);
    while (!session.lost.aborted) await bench.clock.sleep(5);
  };
  const watched = (session: Session): Session =>
    new Proxy(session, {
      get: (target, property) => {
        const member = Reflect.get(target, property, target) as unknown;
        if (typeof member !== 'function') return member;
        const call = member.bind(target) as (...args: unknown[]) => Promise<unknown>;
        if (property !== 'query' && property !== 'script') return call;
        return async (sql: string, ...rest: unknown[]) => {
          const hit = !dropped && matches(sql) && ++count === at;
          if (hit && when === 'before') await strike(target);
          const result = await call(sql, ...rest);
          if (hit && when === 'after') await strike(target);
          return result;
        };
      },
    });
  return {
    dropped: () => dropped,
    sessions: {
      label: bench.sessions.label,
      open: async (options) => {
        const session = await bench.sessions.open(options);
        return options?.applicationName === 'switchback' ? watched(session) : session;
      },
    },
  };
}

const drops: { step: string; what: string; sql: RegExp; at?: number; layouts?: LayoutId[] }[] = [
  {
    step: '01-add-cents',
    what: "the tool's mark",
    sql: /insert into schema_migrations/,
    layouts: ['golang-migrate'],
  },
  { step: '01-add-cents', what: 'the ALTER TABLE', sql: /add column cents/ },
  { step: '01-add-cents', what: 'the step record', sql: /insert into switchback\.steps/, at: 2 },
  {
    step: '01-add-cents',
    what: "the tool's final mark",
    sql: /insert into schema_migrations/,
    at: 2,
    layouts: ['golang-migrate'],
  },
  { step: '02-fill', what: 'a batch', sql: /switchback_batch/, at: 2 },
  { step: '02-fill', what: 'a checkpoint', sql: /update switchback\.backfills/, at: 2 },
  { step: '03-index', what: 'the intent', sql: /intent_at/ },
  { step: '03-index', what: 'the first index', sql: /^create index concurrently/ },
  { step: '03-index', what: 'the second index', sql: /^create unique index concurrently/ },
  { step: '04-equal', what: 'the check', sql: /rows that differ/ },
  { step: '05-prove', what: 'the VALIDATE', sql: /validate constraint/ },
];

for (const major of testMajors) {
  describe(`a connection that drops in the middle of a step, PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    // One layout per server, so that the whole stays short.
    for (const layout of [major === 12 ? ('plain' as const) : ('golang-migrate' as const)]) {
      for (const drop of drops.filter((candidate) => (candidate.layouts ?? [layout]).includes(layout))) {
        for (const when of ['before', 'after'] as const) {
          it(`${drop.step} with ${layout}, ${when} ${drop.what}: nothing is half done, and Resume finishes it`, async () => {
            const bench = await openBench(major, sampleTable);
            try {
              await installSchema(bench.look);
              const plan = samplePlan(layout);
              const { context } = await sampleRun(bench, plan);
              for (const step of plan.phases.flatMap((phase) => phase.steps)) {
                if (step.id === drop.step) break;
                await applyStep(context, step.id);
              }
              const { sessions, dropped } = dropping(bench, (sql) => drop.sql.test(sql), when, drop.at ?? 1);
              await assert.rejects(applyStep({ ...context, sessions }, drop.step), (error) =>
                isSwitchbackError(error, 'connection-lost'),
              );
              assert.ok(dropped());
              await assertConsistent(bench, drop.step);
              const resumed = await resumePlan(context);
              assert.equal(resumed.progress.steps.find((step) => step.id === drop.step)?.state, 'done');
              if (resumed.progress.phase === 'migrate') await applyPhase(context, 'migrate');
              await assertFinished(bench, layout);
            } finally {
              await bench.drop();
            }
          });
        }
      }
    }

    it('a rollback that is cut off goes on where it stopped', async () => {
      const bench = await openBench(major, sampleTable);
      try {
        await installSchema(bench.look);
        const { context } = await sampleRun(bench, samplePlan());
        await applyPhase(context, 'expand');
        await applyPhase(context, 'migrate');
        for (const sql of [
          /drop constraint cents_set/,
          /drop index concurrently if exists app.items_cents/,
          /delete from switchback.backfills/,
          /drop column cents/,
          /truncate schema_migrations/,
        ]) {
          const { sessions } = dropping(bench, (text) => sql.test(text), 'after', 1);
          await assert.rejects(rollBackPlan({ ...context, sessions }), (error) =>
            isSwitchbackError(error, 'connection-lost'),
          );
        }
        // The last down is committed with its record, and the tool's own mark of it is cut off.
        const { sessions, dropped } = dropping(
          bench,
          (text) => /truncate schema_migrations/.test(text),
          'before',
          3,
        );
        await assert.rejects(rollBackPlan({ ...context, sessions }), (error) =>
          isSwitchbackError(error, 'connection-lost'),
        );
        assert.ok(dropped());
        assert.equal(await value<boolean>(bench.look, 'select dirty from schema_migrations'), true);
        const outcome = await rollBackPlan(context);
        assert.equal(outcome.progress.state, 'rolled-back');
        assert.equal(
          await value(
            bench.look,
            "select count(*) from information_schema.columns where table_name = 'items' and table_schema = 'app'",
          ),
          '2',
        );
        assert.equal(await value(bench.look, 'select count(*) from schema_migrations'), '0');
      } finally {
        await bench.drop();
      }
    });

    it('a lock session that dies stops the run, and the run resumes', async () => {
      const bench = await openBench(major, sampleTable);
      try {
        await installSchema(bench.look);
        const { context } = await sampleRun(bench, samplePlan());
        await applyPhase(context, 'expand');
        const other = await openSession(bench.database.connection, bench.database.password);
        let batches = 0;
        const onEvent: typeof context.onEvent = (event) => {
          if (event.kind === 'backfill' && ++batches === 1) {
            void other.query(
              "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'switchback tester' and datname = current_database()",
            );
          }
        };
        const slow = {
          ...context.plan,
          options: { ...context.plan.options, batchRows: 1, batchMilliseconds: 1 },
        };
        await applyPhase({ ...context, plan: slow, onEvent }, 'migrate').catch((error: unknown) =>
          assert.ok(isSwitchbackError(error), String(error)),
        );
        await other.close();
        await applyPhase(context, 'migrate');
        await assertFinished(bench, 'golang-migrate');
        assert.equal((await readPlanProgress(bench.look, context.plan)).steps[1]?.state, 'done');
      } finally {
        await bench.drop();
      }
    });
  });
}

/** Straight after the drop: rows and their checkpoint agree, and a transactional step is there with its record or not at all. */
async function assertConsistent(bench: Bench, step: string): Promise<void> {
  const count = (sql: string): Promise<string> => value(bench.look, sql);
  const recorded = await count(
    `select count(*) from switchback.steps where step_id = '${step}' and state = 'done'`,
  );
  switch (step) {
    case '01-add-cents':
      assert.equal(
        await count(
          "select count(*) from information_schema.columns where table_schema = 'app' and column_name = 'cents'",
        ),
        recorded,
      );
      return;
    case '02-fill':
      assert.equal(
        await count('select count(*) from app.items where cents is not null'),
        await count('select coalesce(max(rows_done), 0)::text from switchback.backfills'),
      );
      return;
    case '05-prove':
      assert.equal(await count("select count(*) from pg_constraint where conname = 'cents_set'"), recorded);
      return;
    default:
      assert.equal(recorded, '0');
  }
}

async function assertFinished(bench: Bench, layout: LayoutId): Promise<void> {
  const count = (sql: string): Promise<string> => value(bench.look, sql);
  assert.equal(await count('select count(*) from app.items where cents = price'), '500');
  assert.equal(
    await count("select count(*) from pg_index where indrelid = 'app.items'::regclass and indisvalid"),
    '3',
  );
  assert.equal(await count("select count(*) from pg_index where indrelid = 'app.items'::regclass"), '3');
  assert.equal(
    await count("select count(*) from pg_constraint where conname = 'cents_set' and convalidated"),
    '1',
  );
  if (layout === 'plain') assert.equal(await count('select count(*) from switchback.migrations'), '2');
  else assert.equal(await count("select version || ' ' || dirty from schema_migrations"), '2 false');
}
