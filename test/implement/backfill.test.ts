import assert from 'node:assert/strict';
import { acquireFence } from '../../src/database/fence';
import { loadBackfill } from '../../src/database/backfill-rows';
import { openSession } from '../../src/database/connect';
import { installSchema } from '../../src/database/switchback-schema';
import { runBackfill } from '../../src/implement/backfill';
import type { BackfillRequest } from '../../src/implement/backfill-run';
import { backfillStore } from '../../src/implement/backfill-store';
import { createRunControl } from '../../src/implement/run-control';
import type { RunEvent } from '../../src/implement/run-event';
import type { UpdateBackfill } from '../../src/plan/plan';
import { testMajors } from '../support/servers';
import { openBench, value, type Bench } from './fixture';

const plan = 'plan';
const step = '02-backfill';

function specOf(change: Partial<UpdateBackfill> = {}): UpdateBackfill {
  return {
    table: { schema: 'public', name: 't' },
    assignments: [{ column: 'n', expression: 'n + 1' }],
    pending: null,
    walk: { by: 'key', columns: ['id'] },
    estimatedRows: 1000,
    ...change,
  };
}

interface Running {
  events: RunEvent[];
  request: BackfillRequest;
}

async function prepare(bench: Bench, change: Partial<BackfillRequest> = {}): Promise<Running> {
  await installSchema(bench.look);
  const fence = await acquireFence(bench.look, plan, 'test');
  const events: RunEvent[] = [];
  return {
    events,
    request: {
      sessions: bench.sessions,
      stepId: step,
      spec: specOf(),
      options: { batchMilliseconds: 50, batchRows: 100, vacuumShare: 0.1, lockTimeoutMilliseconds: 500 },
      store: backfillStore(plan, step, fence),
      control: createRunControl(),
      onEvent: (event) => events.push(event),
      clock: bench.clock,
      signal: new AbortController().signal,
      ...change,
    },
  };
}

const table =
  'create table t (id int primary key, n int not null default 0, note text); insert into t (id) select generate_series(1, 3000); analyze t';

async function onBench(major: 12 | 18, sql: string, work: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = await openBench(major, sql);
  try {
    await work(bench);
  } finally {
    await bench.drop();
  }
}

for (const major of testMajors) {
  describe(`backfill, PostgreSQL ${major}`, function () {
    this.timeout(60_000);

    it('changes each row once, leaves a checkpoint that says so, and does nothing when started again', () =>
      onBench(major, table, async (bench) => {
        const { request, events } = await prepare(bench);
        const progress = await runBackfill(request);
        assert.deepEqual([progress.state, progress.rowsDone, progress.rowsTotal], ['done', 3000, 3000]);
        assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), '3000');
        const row = await loadBackfill(bench.look, plan, step);
        assert.deepEqual([row?.state, row?.rowsDone], ['done', 3000]);
        assert.ok(
          events.some((event) => event.kind === 'vacuum'),
          'no VACUUM was run',
        );
        assert.ok(events.some((event) => event.kind === 'backfill' && event.progress.state === 'running'));
        await runBackfill(request);
        assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), '3000');
      }));

    it('goes on from its checkpoint after a cancel, and each row is still done once', () =>
      onBench(major, table, async (bench) => {
        const { request } = await prepare(bench);
        const control = createRunControl();
        let seen = 0;
        const store = {
          ...request.store,
          lock: (session: Parameters<typeof request.store.lock>[0]) => {
            if (++seen === 3) control.cancel();
            return request.store.lock(session);
          },
        };
        await assert.rejects(runBackfill({ ...request, store, control }), { code: 'cancelled' });
        const half = await loadBackfill(bench.look, plan, step);
        assert.equal(half?.state, 'cancelled');
        assert.ok(half.rowsDone > 0 && half.rowsDone < 3000);
        assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), String(half.rowsDone));
        await runBackfill({ ...request, control: createRunControl() });
        assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), '3000');
      }));

    it('pauses, says so in the database, and goes on', () =>
      onBench(major, table, async (bench) => {
        const { request, events } = await prepare(bench);
        const control = createRunControl();
        control.pause();
        const running = runBackfill({ ...request, control });
        while ((await loadBackfill(bench.look, plan, step))?.state !== 'paused') await bench.clock.sleep(10);
        assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), '0');
        control.resume();
        assert.equal((await running).state, 'done');
        assert.ok(events.some((event) => event.kind === 'backfill' && event.progress.state === 'paused'));
      }));

    it('is stopped in its pause by the signal', () =>
      onBench(major, table, async (bench) => {
        const { request } = await prepare(bench);
        const control = createRunControl();
        control.pause();
        const abort = new AbortController();
        const running = runBackfill({ ...request, control, signal: abort.signal });
        while ((await loadBackfill(bench.look, plan, step))?.state !== 'paused') await bench.clock.sleep(10);
        abort.abort();
        await assert.rejects(running, { code: 'cancelled' });
        assert.equal((await loadBackfill(bench.look, plan, step))?.state, 'paused');
      }));

    it('holds while it is told to, with the reason', () =>
      onBench(major, table, async (bench) => {
        const reasons = ['replica r1 is 30 s behind', 'replica r1 is 12 s behind', null];
        const { request, events } = await prepare(bench, { holdReason: async () => reasons.shift() ?? null });
        await runBackfill(request);
        const notes = events.flatMap((event) => (event.kind === 'note' ? [event.message] : []));
        assert.deepEqual(notes, ['Holding: replica r1 is 30 s behind', 'Holding: replica r1 is 12 s behind']);
        assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), '3000');
      }));

    it('waits for a locked row in short tries and goes on when it is free', () =>
      onBench(major, table, async (bench) => {
        const { request, events } = await prepare(bench);
        const other = await openSession(bench.database.connection, bench.database.password, {
          applicationName: 'blocker',
        });
        await other.script("begin; update t set note = 'mine' where id = 1500");
        const running = runBackfill(request);
        while (!events.some((event) => event.kind === 'lock-wait')) await bench.clock.sleep(10);
        await other.script('commit');
        await running;
        await other.close();
        const wait = events.find((event) => event.kind === 'lock-wait');
        assert.ok(wait?.kind === 'lock-wait' && wait.blockers.some((blocker) => blocker.includes('blocker')));
        assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), '3000');
      }));

    it('fails with the place when a row stays locked', () =>
      onBench(major, table, async (bench) => {
        const { request } = await prepare(bench, { mostAttempts: 2 });
        const other = await openSession(bench.database.connection, bench.database.password);
        await other.script('begin; update t set note = null where id = 1');
        await assert.rejects(runBackfill(request), {
          code: 'lock-timeout',
          message: /the first \d+ rows of public.t by id/,
        });
        await other.close();
        assert.equal((await loadBackfill(bench.look, plan, step))?.state, 'failed');
      }));

    it('tries a batch again that was the victim of a deadlock', () =>
      onBench(
        major,
        `${table}; create sequence tries; create function now_and_then() returns trigger language plpgsql as $$
          begin if new.id = 700 and nextval('tries') < 3 then raise 'made up' using errcode = 'deadlock_detected'; end if; return new; end $$;
          create trigger now_and_then before update on t for each row execute function now_and_then()`,
        async (bench) => {
          const { request } = await prepare(bench);
          await runBackfill(request);
          assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), '3000');
        },
      ));

    it('stops failed at a statement error, names the rows, and resumes after the cause is gone', () =>
      onBench(major, table, async (bench) => {
        await bench.look.script("update t set note = 'x' where id = 2000");
        const spec = specOf({ assignments: [{ column: 'n', expression: "n + coalesce(note, '1')::int" }] });
        const { request } = await prepare(bench, { spec });
        await assert.rejects(runBackfill(request), (error: Error & { code: string }) => {
          assert.equal(error.code, 'step-failed');
          assert.match(error.message, /the \d+ rows of public\.t after id = \d+: invalid input syntax/);
          return true;
        });
        const row = await loadBackfill(bench.look, plan, step);
        assert.equal(row?.state, 'failed');
        assert.match(row.error ?? '', /after id/);
        assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), String(row.rowsDone));
        await bench.look.script('update t set note = null where id = 2000');
        await runBackfill(request);
        assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), '3000');
      }));

    it('is refused its batches when somebody else has taken the run over', () =>
      onBench(major, table, async (bench) => {
        const { request } = await prepare(bench);
        await acquireFence(bench.look, plan, 'another window');
        await assert.rejects(runBackfill(request), { code: 'fenced-off' });
        assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), '0');
      }));

    it('shrinks batches that are stopped by the time-out and still gets through', () =>
      onBench(
        major,
        `create table t (id int primary key, n int not null default 0); insert into t select generate_series(1, 60), 0; analyze t;
         create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.02); return new; end $$;
         create trigger slow before update on t for each row execute function slow()`,
        async (bench) => {
          const { request } = await prepare(bench);
          const options = { ...request.options, lockTimeoutMilliseconds: 200 };
          await runBackfill({ ...request, options });
          assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), '60');
          assert.ok(((await loadBackfill(bench.look, plan, step))?.batchRows ?? 60) < 20);
        },
      ));

    it('walks a table without a key by place, also while rows move, until none is pending', () =>
      onBench(
        major,
        'create table t (v int, n int); insert into t select g from generate_series(1, 20000) g; analyze t',
        async (bench) => {
          const spec = specOf({
            walk: { by: 'ctid' },
            pending: 'n is null',
            assignments: [{ column: 'n', expression: 'coalesce(n, 0) + 1' }],
          });
          const { request } = await prepare(bench, { spec });
          const other = await openSession(bench.database.connection, bench.database.password);
          let stop = false;
          const moving = (async () => {
            for (let value = 1; !stop; value++)
              await other.query('update t set v = v + 1000000 where v = $1', [value]);
          })();
          await runBackfill(request);
          stop = true;
          await moving;
          await other.close();
          assert.equal(await value(bench.look, 'select count(*) from t where n is distinct from 1'), '0');
        },
      ));

    it('refuses a walk by place without a condition, before it starts', () =>
      onBench(major, table, async (bench) => {
        const { request } = await prepare(bench, { spec: specOf({ walk: { by: 'ctid' } }) });
        await assert.rejects(runBackfill(request), { code: 'invalid-input' });
        assert.equal(await loadBackfill(bench.look, plan, step), null);
      }));

    it('goes on when a partition it was about to walk is dropped', () =>
      onBench(
        major,
        `create table t (id int primary key, n int not null default 0) partition by range (id);
         create table t1 partition of t for values from (0) to (1000); create table t2 partition of t for values from (1000) to (2000);
         create table t3 partition of t for values from (2000) to (3000); insert into t select generate_series(0, 2999); analyze t`,
        async (bench) => {
          const { request } = await prepare(bench);
          let batches = 0;
          const store = {
            ...request.store,
            lock: async (session: Parameters<typeof request.store.lock>[0]) => {
              if (++batches === 2) await bench.look.script('drop table t2');
              return request.store.lock(session);
            },
          };
          await runBackfill({ ...request, store });
          assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), '2000');
        },
      ));

    it('finishes an empty table, and says so when there is no table', () =>
      onBench(major, 'create table t (id int primary key, n int)', async (bench) => {
        const { request } = await prepare(bench);
        assert.deepEqual((await runBackfill(request)).rowsDone, 0);
        await assert.rejects(
          runBackfill({ ...request, spec: specOf({ table: { schema: 'public', name: 'gone' } }) }),
          { code: 'not-found' },
        );
      }));

    it('says before it starts that it may not VACUUM, with the growth to expect, and goes on', () =>
      onBench(
        major,
        `${table}; do $$ begin create role walker login; exception when duplicate_object then null; end $$`,
        async (bench) => {
          const { request, events } = await prepare(bench);
          await bench.look
            .script(`grant select, update on t to walker; grant usage on schema switchback to walker;
          grant select, insert, update on all tables in schema switchback to walker`);
          const sessions = {
            label: 'test',
            open: async () => {
              const session = await bench.sessions.open();
              await session.query('set role walker');
              return session;
            },
          };
          await runBackfill({ ...request, sessions });
          const first = events[0];
          assert.ok(first?.kind === 'note' && /may not VACUUM public\.t.* MB/.test(first.message));
          assert.equal(await value(bench.look, 'select count(*) from t where n = 1'), '3000');
          await bench.look.script('drop owned by walker');
        },
      ));

    it('refuses rows hidden by row level security instead of leaving them out', () =>
      onBench(
        major,
        `${table}; alter table t enable row level security; alter table t force row level security; create policy few on t using (id < 10);
         do $$ begin create role walker login; exception when duplicate_object then null; end $$; alter table t owner to walker`,
        async (bench) => {
          const { request } = await prepare(bench);
          await bench.look.script(
            `grant usage on schema switchback to walker; grant select, insert, update on all tables in schema switchback to walker`,
          );
          const sessions = {
            label: 'test',
            open: async () => {
              const session = await bench.sessions.open();
              await session.query('set role walker');
              return session;
            },
          };
          await assert.rejects(runBackfill({ ...request, sessions }), /row-level security/);
          await bench.look.script('reassign owned by walker to current_user; drop owned by walker');
        },
      ));
  });
}
