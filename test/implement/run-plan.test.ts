import assert from 'node:assert/strict';
import { acquirePlanLock } from '../../src/database/advisory-lock';
import { openSession } from '../../src/database/connect';
import { installSchema } from '../../src/database/switchback-schema';
import { readPlanProgress } from '../../src/implement/plan-progress';
import { rollBackPlan } from '../../src/implement/roll-back-plan';
import { applyPhase, applyStep, resumePlan } from '../../src/implement/run-plan';
import type { LayoutId } from '../../src/layouts/layout';
import { stepsOf, type PlanProgress, type SqlStep } from '../../src/plan/plan';
import { testMajors } from '../support/servers';
import { openBench, value, type Bench } from './fixture';
import { samplePlan, sampleRun, sampleTable, type SampleRun } from './plan-fixture';

const confirmed = new Map([['06-deploy', { by: 'ops', at: '2026-01-03T10:00:00Z', note: '' }]]);

function states(progress: PlanProgress): string[] {
  return progress.steps.map((step) => step.state);
}

async function onSample(
  major: 12 | 18,
  work: (bench: Bench, sample: SampleRun) => Promise<void>,
  layout: LayoutId = 'golang-migrate',
): Promise<void> {
  const bench = await openBench(major, sampleTable);
  try {
    await installSchema(bench.look);
    await work(bench, await sampleRun(bench, samplePlan(layout)));
  } finally {
    await bench.drop();
  }
}

for (const major of testMajors) {
  describe(`running a plan, PostgreSQL ${major}`, function () {
    this.timeout(60_000);

    for (const layout of ['golang-migrate', 'plain', 'dbmate', 'goose'] as const) {
      it(`carries out all phases with ${layout}, and its history says what the tool's would`, () =>
        onSample(
          major,
          async (bench, { context }) => {
            const expand = await applyPhase(context, 'expand');
            assert.deepEqual([expand.stopped, expand.progress.state], [null, 'migrating']);
            const migrate = await applyPhase(context, 'migrate');
            assert.equal(migrate.stopped?.step, '06-deploy');
            const waiting = await resumePlan({ ...context, confirmations: confirmed });
            assert.equal(waiting.stopped?.step, '07-wait');
            assert.equal(waiting.progress.state, 'waiting');
            const early = await resumePlan({ ...context, shortenWaits: true });
            assert.deepEqual([early.stopped, early.progress.state], [null, 'contracting']);
            const contract = await resumePlan(context);
            assert.equal(contract.progress.state, 'done');
            assert.deepEqual(new Set(states(contract.progress)), new Set(['done']));
            assert.equal(contract.progress.steps.find((step) => step.id === '06-deploy')?.by, 'ops');
            assert.equal(
              await value(bench.look, 'select count(*) from app.items where cents = id * 10'),
              '500',
            );
            const [history, expected] = {
              'golang-migrate': ["select version || ' ' || dirty from schema_migrations", '3 false'],
              plain: ["select string_agg(version, ',' order by version) from switchback.migrations", '1,2,3'],
              dbmate: ["select string_agg(version, ',' order by version) from schema_migrations", '1,2,3'],
              goose: [
                "select string_agg(version_id::text, ',' order by id) from goose_db_version",
                '0,1,2,3',
              ],
            }[layout] as [string, string];
            assert.equal(await value(bench.look, history), expected);
            await assert.rejects(resumePlan(context), { code: 'already-done' });
          },
          layout,
        ));
    }

    it('rolls everything back up to the deployment nobody confirmed, and then to the start', () =>
      onSample(major, async (bench, { context }) => {
        await applyPhase(context, 'expand');
        await applyPhase({ ...context, confirmations: confirmed }, 'migrate');
        const stopped = await rollBackPlan(context);
        assert.equal(stopped.stopped?.step, '06-deploy');
        assert.match(stopped.stopped.reason, /Release the version that uses price/);
        const back = await rollBackPlan({ ...context, confirmations: confirmed });
        assert.deepEqual([back.stopped, back.progress.state], [null, 'rolled-back']);
        assert.equal(
          await value(
            bench.look,
            "select string_agg(attname, ',' order by attnum) from pg_attribute where attrelid = 'app.items'::regclass and attnum > 0 and not attisdropped",
          ),
          'id,price',
        );
        assert.equal(
          await value(bench.look, "select count(*) from pg_indexes where schemaname = 'app'"),
          '1',
        );
        assert.equal(await value(bench.look, 'select count(*) from schema_migrations'), '0');
        assert.equal(await value(bench.look, 'select count(*) from switchback.backfills'), '0');
      }));

    it('stops a rollback at the point of no return, with the reason', () =>
      onSample(major, async (_bench, { context }) => {
        const all = { ...context, confirmations: confirmed, shortenWaits: true };
        for (const phase of ['expand', 'migrate', 'contract'] as const) await applyPhase(all, phase);
        const outcome = await rollBackPlan(all);
        assert.match(outcome.stopped?.reason ?? '', /point of no return: Its values are gone/);
        assert.equal(outcome.progress.state, 'done');
      }));

    it('sees that the tool ran a file first, and records it as done by the tool', () =>
      onSample(major, async (bench, { context }) => {
        await bench.look
          .script(`create table schema_migrations (version bigint not null primary key, dirty boolean not null);
          insert into schema_migrations values (1, false); alter table app.items add column cents int`);
        const progress = await applyStep(context, '01-add-cents');
        assert.deepEqual([progress.steps[0]?.state, progress.steps[0]?.by], ['done', 'tool']);
      }));

    it('does not believe a history whose effect is not there', () =>
      onSample(major, async (bench, { context }) => {
        await bench.look
          .script(`create table schema_migrations (version bigint not null primary key, dirty boolean not null);
          insert into schema_migrations values (1, false)`);
        await assert.rejects(applyStep(context, '01-add-cents'), { code: 'verification-failed' });
        assert.equal((await readPlanProgress(bench.look, context.plan)).steps[0]?.state, 'failed');
      }));

    it('leaves neither effect nor dirty history when a migration fails, and succeeds once it can', () =>
      onSample(major, async (bench, { context }) => {
        await bench.look.script('alter table app.items add column cents text');
        await assert.rejects(applyStep(context, '01-add-cents'), /already exists/);
        assert.equal(await value(bench.look, 'select count(*) from schema_migrations'), '0');
        assert.equal((await readPlanProgress(bench.look, context.plan)).steps[0]?.state, 'failed');
        await bench.look.script('alter table app.items drop column cents');
        assert.equal((await applyStep(context, '01-add-cents')).steps[0]?.state, 'done');
      }));

    it('retries under lock_timeout, names who is in the way, and lets others pass meanwhile', () =>
      onSample(major, async (bench, { context, events }) => {
        const other = await openSession(bench.database.connection, bench.database.password, {
          applicationName: 'report',
        });
        await other.script('begin; select count(*) from app.items');
        const applying = applyStep(context, '01-add-cents');
        while (!events.some((event) => event.kind === 'lock-wait')) await bench.clock.sleep(10);
        await other.script('commit');
        assert.equal((await applying).steps[0]?.state, 'done');
        await other.close();
        const wait = events.find((event) => event.kind === 'lock-wait');
        assert.ok(wait?.kind === 'lock-wait' && wait.blockers.some((blocker) => blocker.includes('report')));
      }));

    it('removes the invalid index of a try that broke off, and makes it again', () =>
      onSample(major, async (bench, { context, events }) => {
        await applyPhase(context, 'expand');
        await applyStep(context, '02-fill');
        await bench.look.script(`create index items_cents on app.items (cents);
          update pg_index set indisvalid = false where indexrelid = 'app.items_cents'::regclass`);
        const progress = await applyStep(context, '03-index');
        assert.equal(progress.steps[2]?.state, 'done');
        assert.equal(
          await value<boolean>(
            bench.look,
            "select indisvalid from pg_index where indexrelid = 'app.items_cents'::regclass",
          ),
          true,
        );
        assert.ok(events.some((event) => event.kind === 'note' && event.message.includes('left half made')));
      }));

    it('names the open transactions an index will wait for, then builds it when they are over', () =>
      onSample(major, async (bench, { context, events }) => {
        await applyPhase(context, 'expand');
        await applyStep(context, '02-fill');
        const other = await openSession(bench.database.connection, bench.database.password, {
          applicationName: 'report',
        });
        await other.script('begin; select count(*) from app.items');
        await bench.clock.sleep(1100);
        const applying = applyStep(context, '03-index');
        const notes = (): string[] =>
          events.flatMap((event) => (event.kind === 'note' ? [event.message] : []));
        while (!notes().some((note) => /will wait for 1 open transaction: .*report/.test(note)))
          await bench.clock.sleep(10);
        await other.script('commit');
        assert.equal((await applying).steps[2]?.state, 'done');
        await other.close();
      }));

    it('goes no further when it is cancelled between steps', () =>
      onSample(major, async (bench, { context }) => {
        await applyPhase(context, 'expand');
        const onEvent: typeof context.onEvent = (event) => {
          if (event.kind === 'step' && event.step === '02-fill' && event.state === 'done')
            context.control.cancel();
        };
        await assert.rejects(applyPhase({ ...context, onEvent }, 'migrate'), { code: 'cancelled' });
        assert.equal((await readPlanProgress(bench.look, context.plan)).steps[2]?.state, 'ready');
      }));

    it('leaves no invalid index behind when building it fails', () =>
      onSample(major, async (bench, { context }) => {
        const step = stepsOf(context.plan).find((candidate) => candidate.id === '03-index') as SqlStep;
        step.forward = 'create unique index concurrently items_twice on app.items ((id / 2))';
        await applyPhase(context, 'expand');
        await applyStep(context, '02-fill');
        await assert.rejects(applyStep(context, '03-index'), /could not create unique index/);
        assert.equal(await value(bench.look, "select to_regclass('app.items_twice')"), null);
      }));

    it('refuses a step out of turn, a second time, an unknown one, and a phase before its turn', () =>
      onSample(major, async (_bench, { context }) => {
        await assert.rejects(applyStep(context, '02-fill'), { code: 'gate-not-held' });
        await assert.rejects(applyPhase(context, 'contract'), { code: 'gate-not-held' });
        await applyStep(context, '01-add-cents');
        await assert.rejects(applyStep(context, '01-add-cents'), { code: 'already-done' });
        await assert.rejects(applyStep(context, '99'), { code: 'not-found' });
      }));

    it('does not run beside another runner of the same plan, and names it', () =>
      onSample(major, async (bench, { context }) => {
        const lock = await acquirePlanLock({
          sessions: bench.sessions,
          planId: context.plan.id,
          owner: 'another window',
        });
        await assert.rejects(applyPhase(context, 'expand'), {
          code: 'locked-by-other',
          message: /another window/,
        });
        await lock.release();
        await applyPhase(context, 'expand');
      }));

    it('stops at a check that does not hold, with what it saw', () =>
      onSample(major, async (bench, { context }) => {
        await applyPhase(context, 'expand');
        await applyStep(context, '02-fill');
        await applyStep(context, '03-index');
        await bench.look.script('update app.items set cents = 1 where id in (3, 4)');
        await assert.rejects(applyStep(context, '04-equal'), {
          code: 'verification-failed',
          message: /rows that differ: 2/,
        });
        assert.equal((await readPlanProgress(bench.look, context.plan)).steps[3]?.state, 'failed');
        await bench.look.script('update app.items set cents = price');
        assert.equal((await applyStep(context, '04-equal')).steps[3]?.state, 'done');
      }));

    it('needs the database name on production, and gates that hold', () =>
      onSample(major, async (_bench, { context }) => {
        context.plan.phases[0]!.steps[0]!.gates = ['backup', 'long-transactions'];
        const production = { ...context, environment: 'production' as const };
        await assert.rejects(applyPhase(production, 'expand'), { code: 'confirmation-needed' });
        await assert.rejects(applyPhase({ ...production, confirmedDatabase: 'shop' }, 'expand'), {
          code: 'confirmation-needed',
        });
        const named = { ...production, confirmedDatabase: context.sessions.label.split(' ')[0]! };
        const stopped = await applyPhase(named, 'expand');
        assert.match(stopped.stopped?.reason ?? '', /No backup is confirmed/);
        const evidence = [
          {
            gate: 'backup' as const,
            verdict: 'held' as const,
            at: new Date().toISOString(),
            by: 'ops',
            server: '',
            database: '',
            contentHash: null,
            details: {},
          },
        ];
        assert.equal((await applyPhase({ ...named, evidence }, 'expand')).stopped, null);
      }));
  });
}

describe('running a plan without the schema switchback', function () {
  this.timeout(60_000);
  it('is refused with the SQL for a DBA, and changes nothing', async () => {
    const bench = await openBench(18, sampleTable);
    try {
      const { context } = await sampleRun(bench, samplePlan());
      await assert.rejects(
        applyPhase(context, 'expand'),
        (error: Error & { code: string; details: { sql?: string } }) => {
          assert.equal(error.code, 'no-consent');
          assert.match(error.details.sql ?? '', /create schema if not exists switchback/);
          return true;
        },
      );
      assert.equal(await value(bench.look, "select to_regnamespace('switchback')"), null);
    } finally {
      await bench.drop();
    }
  });
});
