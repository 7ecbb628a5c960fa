import assert from 'node:assert/strict';
import { testMajors, testServer, type TestDatabase, type TestServer } from '../support/servers';
import {
  loadBackfill,
  lockBackfillRow,
  saveBackfill,
  setBackfillState,
  startBackfill,
} from '../../src/database/backfill-rows';
import { openSession } from '../../src/database/connect';
import { loadEvidence, loadRates, recordEvidence, saveRate } from '../../src/database/evidence-store';
import { acquireFence } from '../../src/database/fence';
import {
  forgetRun,
  loadRun,
  loadRuns,
  recordIntent,
  recordStep,
  saveRunState,
} from '../../src/database/run-store';
import type { Session } from '../../src/database/session';
import {
  databaseIdentity,
  installSchema,
  schemaExists,
  schemaSql,
  schemaState,
} from '../../src/database/switchback-schema';
import { failure } from './failure';

for (const major of testMajors) {
  describe(`the schema switchback on PostgreSQL ${major}`, function () {
    this.timeout(30_000);
    let server: TestServer;
    let database: TestDatabase;
    let session: Session;
    const open = (target = database): Promise<Session> => openSession(target.connection, target.password);

    before(async function () {
      this.timeout(60_000);
      server = await testServer({ major });
    });
    beforeEach(async () => {
      database = await server.createDatabase();
      session = await open();
    });
    afterEach(async () => {
      await session.close();
      await database.drop();
    });

    it('is made once, however often and by however many it is asked for', async () => {
      assert.equal(await schemaExists(session), false);
      assert.deepEqual(await schemaState(session), { kind: 'absent', mayCreate: true });
      const others = await Promise.all([open(), open(), open()]);
      await Promise.all([session, ...others].map((one) => installSchema(one)));
      await installSchema(session);
      assert.deepEqual(await schemaState(session), { kind: 'current', version: 1, usable: true });
      assert.equal((await session.query('select * from switchback.identity')).rowCount, 1);
      await Promise.all(others.map((one) => one.close()));
    });

    it('is completed when a table was dropped', async () => {
      await installSchema(session);
      const { id } = await databaseIdentity(session);
      await session.script('drop table switchback.evidence');
      await failure(databaseIdentity(session), 'no-consent');
      await installSchema(session);
      assert.deepEqual(await loadEvidence(session, 'plan'), []);
      assert.equal((await databaseIdentity(session)).id, id);
    });

    it('the SQL for a DBA can be run twice and lets the role work', async () => {
      await session.script(`create role "Team's dev"`);
      await session.script(schemaSql("Team's dev"));
      await session.script(schemaSql("Team's dev"));
      await session.script(`set role "Team's dev"`);
      assert.deepEqual(await schemaState(session), { kind: 'current', version: 1, usable: true });
      await acquireFence(session, 'plan', 'dev');
      await recordStep(session, 'plan', '01', 'done');
      await recordEvidence(session, 'plan', evidence());
      await saveRate(session, { kind: 'scan', relation: '', bytesPerSecond: 1, rowsPerSecond: null });
      await session.script(`reset role; drop owned by "Team's dev"; drop role "Team's dev"`);
    });

    it('without the privilege it is refused, with the SQL that grants it', async () => {
      await session.script(`create role switchback_reader; set role switchback_reader`);
      const refused = await failure(installSchema(session), 'no-privilege');
      assert.match(String(refused.details['sql']), /create schema if not exists switchback/);
      await session.script('reset role');
      await installSchema(session);
      await session.script('set role switchback_reader');
      assert.deepEqual(await schemaState(session), { kind: 'older', version: 0, usable: false });
      await failure(installSchema(session), 'no-privilege');
      await failure(databaseIdentity(session), 'no-privilege');
      await session.script('reset role; drop role switchback_reader');
    });

    it('knows the database again, and a copy of it as a copy', async () => {
      await failure(databaseIdentity(session), 'no-consent');
      await installSchema(session);
      const identity = await databaseIdentity(session);
      assert.match(identity.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.match(identity.systemIdentifier ?? '', /^\d+$/);
      assert.equal(identity.copied, false);
      await session.close();
      const copy = await server.createDatabase(database.connection.database);
      const onCopy = await open(copy);
      assert.deepEqual(await databaseIdentity(onCopy), { ...identity, copied: true });
      await onCopy.close();
      await copy.drop();
      session = await open();
      await session.query(`update switchback.identity set system_identifier = '1'`);
      assert.equal((await databaseIdentity(session)).copied, true);
    });

    it('keeps a run: intent, steps, state, and what is left out keeps its value', async () => {
      await installSchema(session);
      assert.equal(await loadRun(session, 'plan'), null);
      await recordIntent(session, 'plan', '02-index', 'hash');
      await recordStep(session, 'plan', '01-add', 'running', { contentHash: 'abc' });
      await recordStep(session, 'plan', '01-add', 'done', {
        by: 'switchback',
        milliseconds: 12.4,
        evidence: { holds: true },
      });
      await recordStep(session, 'plan', '02-index', 'failed', { error: 'no room' });
      await saveRunState(session, 'plan', 'expanding', 'expand');
      const run = await loadRun(session, 'plan');
      assert.ok(run);
      const [first, second] = run.steps;
      assert.equal(run.state, 'expanding');
      assert.equal(run.phase, 'expand');
      assert.match(run.startedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.deepEqual(
        { ...first, startedAt: null, finishedAt: null },
        {
          stepId: '01-add',
          state: 'done',
          intentAt: null,
          startedAt: null,
          finishedAt: null,
          by: 'switchback',
          milliseconds: 12,
          contentHash: 'abc',
          evidence: { holds: true },
          error: null,
        },
      );
      assert.ok(first?.startedAt && first.finishedAt && first.startedAt <= first.finishedAt);
      assert.equal(second?.state, 'failed');
      assert.equal(second?.error, 'no room');
      assert.equal(second?.contentHash, 'hash');
      assert.ok(second?.intentAt);
      assert.deepEqual(
        (await loadRuns(session)).map((one) => one.planId),
        ['plan'],
      );
      await forgetRun(session, 'plan');
      assert.deepEqual(await loadRuns(session), []);
    });

    it('a step and its record are committed together or not at all', async () => {
      await installSchema(session);
      const work = session.transaction(async () => {
        await session.script('create table made(n int)');
        await recordStep(session, 'plan', '01', 'done');
        await session.query('select 1/0');
      });
      await failure(work, 'database-error');
      assert.equal(await loadRun(session, 'plan'), null);
      await failure(session.query('select * from made'), 'not-found');
    });

    it('keeps a checkpoint in the transaction of its batch and goes on from it', async () => {
      await installSchema(session);
      const fence = await acquireFence(session, 'plan', 'me');
      const first = { position: null, rowsDone: 0, rowsTotal: 1_000, batchRows: 10 };
      assert.equal((await startBackfill(session, 'plan', '03', fence, first)).rowsDone, 0);
      await session.transaction(async () => {
        await lockBackfillRow(session, 'plan', '03', fence);
        await saveBackfill(session, 'plan', '03', {
          position: { key: ['9007199254740993'] },
          rowsDone: 10,
          rowsTotal: 1_000,
          batchRows: 20,
        });
      });
      await failure(
        session.transaction(async () => {
          await lockBackfillRow(session, 'plan', '03', fence);
          await saveBackfill(session, 'plan', '03', { ...first, rowsDone: 999 });
          await session.query('select 1/0');
        }),
        'database-error',
      );
      const again = await startBackfill(
        session,
        'plan',
        '03',
        await acquireFence(session, 'plan', 'you'),
        first,
      );
      assert.deepEqual(
        [again.position, again.rowsDone, again.batchRows, again.fence],
        [{ key: ['9007199254740993'] }, 10, 20, 2],
      );
      await setBackfillState(session, 'plan', '03', 2, 'failed', 'why');
      assert.deepEqual((await loadRun(session, 'plan'))?.backfills, [
        await loadBackfill(session, 'plan', '03'),
      ]);
      assert.equal((await loadBackfill(session, 'plan', '03'))?.error, 'why');
      assert.equal(await loadBackfill(session, 'plan', '04'), null);
    });

    it('a worker whose run was taken over can do nothing more', async () => {
      await installSchema(session);
      const first = { position: null, rowsDone: 0, rowsTotal: 10, batchRows: 10 };
      const old = await acquireFence(session, 'plan', 'old owner');
      await startBackfill(session, 'plan', '03', old, first);
      const other = await open();
      assert.equal(await acquireFence(other, 'plan', 'new owner'), old + 1);
      const batch = (): Promise<unknown> =>
        session.transaction(() => lockBackfillRow(session, 'plan', '03', old));
      const error = await failure(batch(), 'fenced-off');
      assert.match(error.sentence, /new owner/);
      await failure(startBackfill(session, 'plan', '03', old, first), 'fenced-off');
      await failure(setBackfillState(session, 'plan', '03', old, 'done', null), 'fenced-off');
      await failure(
        session.transaction(() => lockBackfillRow(session, 'other plan', '03', old)),
        'fenced-off',
      );
      await other.close();
    });

    it('taking over waits for the batch that is being committed', async () => {
      await installSchema(session);
      const fence = await acquireFence(session, 'plan', 'old');
      await startBackfill(session, 'plan', '03', fence, {
        position: null,
        rowsDone: 0,
        rowsTotal: 10,
        batchRows: 10,
      });
      const other = await open();
      const order: string[] = [];
      let takeover: Promise<unknown> = Promise.resolve();
      await session.transaction(async () => {
        await lockBackfillRow(session, 'plan', '03', fence);
        takeover = acquireFence(other, 'plan', 'new').then(() => order.push('taken over'));
        const watcher = await open();
        while (
          (
            await watcher.query('select 1 where $1 = any(pg_blocking_pids($2))', [
              session.facts.pid,
              other.facts.pid,
            ])
          ).rowCount === 0
        );
        await watcher.close();
        order.push('batch');
      });
      await takeover;
      assert.deepEqual(order, ['batch', 'taken over']);
      await other.close();
    });

    it('keeps evidence in order and the newest rate', async () => {
      await installSchema(session);
      await recordEvidence(session, 'plan', evidence());
      await recordEvidence(session, 'plan', { ...evidence(), verdict: 'waived' });
      assert.deepEqual(await loadEvidence(session, 'plan'), [
        evidence(),
        { ...evidence(), verdict: 'waived' },
      ]);
      await saveRate(session, { kind: 'scan', relation: 'public.a', bytesPerSecond: 1, rowsPerSecond: 2 });
      await saveRate(session, {
        kind: 'scan',
        relation: 'public.a',
        bytesPerSecond: 1.5,
        rowsPerSecond: null,
      });
      const rates = await loadRates(session);
      assert.deepEqual(
        rates.map(({ measuredAt: _, ...rate }) => rate),
        [{ kind: 'scan', relation: 'public.a', bytesPerSecond: 1.5, rowsPerSecond: null }],
      );
    });
  });
}

function evidence(): Parameters<typeof recordEvidence>[2] {
  return {
    stepId: '01',
    gate: 'backup',
    verdict: 'held',
    at: '2024-02-29T01:02:03.004Z',
    by: 'someone',
    contentHash: null,
    details: { reason: 'taken', bytes: 5 },
  };
}
