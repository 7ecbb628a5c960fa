import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { RenameColumn } from '../../src/assess/changes/rename-column';
import { createRunControl } from '../../src/implement/run-control';
import type { OnRunEvent } from '../../src/implement/run-event';
import { applyNextStep, applyPhase } from '../../src/journey/apply';
import { waiveGate } from '../../src/journey/confirm';
import { assessChange } from '../../src/journey/assess';
import { draftPlan } from '../../src/journey/plan';
import { loadPlan } from '../../src/journey/plans';
import { planStanding } from '../../src/journey/progress';
import { rollBackPlan } from '../../src/journey/rollback';
import type { RunRequest } from '../../src/journey/run';
import type { JourneyContext } from '../../src/journey/workspace';
import { isSwitchbackError } from '../../src/messages/error';
import { stepsOf } from '../../src/plan/plan';
import { testMajors, testServer } from '../support/servers';
import { assertSays, assertSentence, finishPlan, openJourney, type Journey } from './journey';

const schema = `
  create table customers (id bigint generated always as identity primary key, name text not null);
  create index customers_name on customers (name);
  insert into customers (name) select 'customer ' || i from generate_series(1, 3000) i;
`;

const change: RenameColumn = {
  kind: 'rename-column',
  table: { schema: 'public', name: 'customers' },
  from: 'name',
  to: 'full_name',
};

function requestOf(journey: Journey, planFolder: string, onEvent: OnRunEvent = () => undefined): RunRequest {
  return { database: journey.database, planFolder, onEvent, control: createRunControl() };
}

async function assertRenamed({ look }: Journey): Promise<void> {
  const { rows } = await look.query(
    `select count(*) as rows, count(*) filter (where full_name = 'customer ' || id) as right from customers`,
  );
  assert.deepEqual(rows, [{ rows: '3000', right: '3000' }]);
  const done = await look.query(
    'select step_id from switchback.steps group by step_id having count(*) filter (where state = $1) <> 1',
    ['done'],
  );
  assert.deepEqual(done.rows, []);
}

for (const major of testMajors) {
  describe(`runs that are disturbed (PostgreSQL ${major})`, function () {
    this.timeout(180_000);
    let journey: Journey;
    let planFolder: string;

    beforeEach(async () => {
      journey = await openJourney(major, schema);
      planFolder = await journey.scaffold(change);
    });
    afterEach(() => journey?.close());

    it('a connection that drops in the middle of each step', async () => {
      const { plan } = await loadPlan(journey.context, planFolder);
      const struck = new Set<string>();
      const failures = new Map<string, string>();
      const strike: OnRunEvent = (event) => {
        if (event.kind !== 'step' || event.state !== 'running' || struck.has(event.step)) return;
        struck.add(event.step);
        void journey.look.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and application_name = 'switchback'`,
        );
      };
      for (let attempt = 0; attempt <= stepsOf(plan).length * 2; attempt += 1) {
        const database = await journey.connect();
        try {
          const progress = await finishPlan({ context: journey.context, database }, planFolder, strike);
          if (progress.state === 'done') break;
        } catch (error) {
          assert.ok(isSwitchbackError(error, 'connection-lost'), String(error));
          assertSentence(
            error.sentence,
            `The connection to ${journey.database.sessions.label} was lost`,
            /Connect again(; what was committed is kept|: the record in the database decides)/,
          );
          failures.set([...struck].at(-1)!, error.sentence);
        }
      }
      const { progress } = await planStanding(journey.context, await journey.connect(), planFolder);
      assert.equal(progress.state, 'done');
      const sql = stepsOf(plan).filter((step) => step.kind !== 'deploy' && step.kind !== 'wait');
      assert.deepEqual(
        sql.map((step) => step.id).filter((id) => !struck.has(id)),
        [],
      );
      assert.ok(failures.size >= 3, [...failures.keys()].join(', '));
      await assertRenamed(journey);
    });

    it('two windows on the same plan', async () => {
      const second = await journey.connect();
      const other: JourneyContext = { ...journey.context, user: 'colleague' };
      // Somebody reads the table, so that the first window waits, holding the plan.
      await journey.look.script('begin; lock table customers in access share mode');
      const inside: Promise<unknown>[] = [];
      const request = requestOf(journey, planFolder, (event) => {
        if (event.kind !== 'lock-wait' || inside.length > 0) return;
        const refused = assertSays(
          applyPhase(other, { ...requestOf(journey, planFolder), database: second }, 'expand'),
          'locked-by-other',
          path.basename(planFolder),
          journey.database.sessions.label,
          'switchback tester',
          /pid \d+/,
          'Watch it there, or try again when it has finished',
        );
        inside.push(refused.finally(() => journey.look.script('commit')));
      });
      await applyPhase(journey.context, request, 'expand');
      assert.equal(inside.length, 1);
      await inside[0];
      const { rows } = await journey.look.query(
        'select step_id, done_by from switchback.steps where state = $1',
        ['done'],
      );
      assert.deepEqual(rows, [{ step_id: '01-add-column-and-dual-write', done_by: 'switchback' }]);
      await finishPlan({ context: other, database: second }, planFolder);
      await assertRenamed(journey);
    });

    it('two windows that start at the same moment: nothing is done twice', async () => {
      const second = await journey.connect();
      const other: JourneyContext = { ...journey.context, user: 'colleague' };
      const outcomes = await Promise.allSettled([
        applyPhase(journey.context, requestOf(journey, planFolder), 'expand'),
        applyPhase(other, { ...requestOf(journey, planFolder), database: second }, 'expand'),
      ]);
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') continue;
        assert.ok(isSwitchbackError(outcome.reason, 'locked-by-other'), String(outcome.reason));
      }
      assert.ok(outcomes.some((outcome) => outcome.status === 'fulfilled'));
      await finishPlan(journey, planFolder);
      await assertRenamed(journey);
      const names = (await readdir(path.join(journey.root, 'migrations'))).map((name) =>
        name.replace(/^\d+_/, ''),
      );
      assert.equal(new Set(names).size, names.length, names.join(', '));
    });

    it('a copy of the database is noticed, and nothing runs until it is confirmed', async () => {
      await applyPhase(journey.context, requestOf(journey, planFolder), 'expand');
      // A database can be copied while nobody is connected to it.
      await journey.database.close();
      await journey.look.close();
      const copy = await (await testServer({ major })).createDatabase(journey.test.connection.database);
      const database = await journey.connect({
        database: copy.connection.database,
        id: copy.connection.id,
      });
      try {
        const asked: string[] = [];
        const refusing: JourneyContext = {
          ...journey.context,
          prompt: {
            typeToConfirm: async () => true,
            confirm: async (question) => {
              asked.push(question.id);
              assertSentence(
                question.detail,
                'came with the copy',
                'Check that this is the database you mean',
              );
              return false;
            },
          },
        };
        const request = { ...requestOf(journey, planFolder), database };
        await assertSays(
          applyNextStep(refusing, request),
          'confirmation-needed',
          database.sessions.label,
          'is a copy of another database',
          'Confirm that it is the one you mean, or connect to the original',
        );
        await assertSays(rollBackPlan(refusing, request), 'confirmation-needed', 'is a copy');
        assert.deepEqual(asked, ['copied-database', 'copied-database']);
        await finishPlan({ context: journey.context, database }, planFolder);
        // Confirmed once, it is a database of its own.
        await assertSays(applyNextStep(refusing, request), 'already-done');
      } finally {
        await database.close();
        await copy.drop();
      }
    });

    it('a role that cannot see other sessions is told so by the gate', async () => {
      await journey.look.script(`
        create role owner_${major} login password '${journey.test.password}';
        alter table customers owner to owner_${major}; alter table schema_migrations owner to owner_${major};
        grant create, usage on schema public to owner_${major};
        grant create on database ${JSON.stringify(journey.test.connection.database)} to owner_${major};
      `);
      const owner = await journey.connect({ user: `owner_${major}`, environment: 'production' });
      const standing = await planStanding(journey.context, owner, planFolder);
      // The plan was made on development; production asks for what production needs.
      assert.deepEqual(
        standing.gates.map((gate) => gate.kind),
        ['backup', 'staging-run', 'rehearsal', 'approval', 'long-transactions'],
      );
      const gate = standing.gates.find((item) => item.kind === 'long-transactions');
      assert.equal(gate?.state, 'unknown');
      assertSentence(gate.reason, `owner_${major}`, 'Grant it pg_read_all_stats, or waive the gate');
      for (const kind of ['backup', 'staging-run', 'rehearsal', 'approval'] as const)
        await waiveGate(journey.context, owner, planFolder, kind, 'tried in a test');
      const request = { ...requestOf(journey, planFolder), database: owner };
      await assertSays(applyNextStep(journey.context, request), 'gate-not-held', 'pg_read_all_stats');
      await journey.look.query(`grant pg_read_all_stats to owner_${major}`);
      const progress = await applyNextStep(journey.context, request);
      assert.equal(progress.steps[0]?.state, 'done');
      await owner.close();
      await journey.look.script(`drop owned by owner_${major} cascade; drop role owner_${major}`);
    });

    it('a plan given again for a column that is renamed by now', async () => {
      await finishPlan(journey, planFolder);
      await assertSays(
        assessChange(journey.context, journey.database, change).then((assessment) =>
          draftPlan(journey.context, assessment),
        ),
        'already-done',
        'public.customers',
        'has already been renamed',
      );
      await assertSays(
        applyNextStep(journey.context, requestOf(journey, planFolder)),
        'already-done',
        'Rename public.customers.name to full_name',
      );
    });
  });
}
