import assert from 'node:assert/strict';
import { testMajors, testServer, type TestDatabase } from '../support/servers';
import {
  blockersOf,
  describeActivity,
  longTransactions,
  preparedTransactions,
  readBlockers,
  seesAllActivity,
} from '../../src/database/activity';
import {
  acquirePlanLock,
  planLockClass,
  planLockHolder,
  type PlanLockRequest,
} from '../../src/database/advisory-lock';
import { openSession, sessionFactory } from '../../src/database/connect';
import { withLockRetry, type LockRetryRequest, type LockWait } from '../../src/database/lock-retry';
import { replicas, replicationSlots } from '../../src/database/replication';
import type { Session } from '../../src/database/session';
import { isSwitchbackError } from '../../src/messages/error';
import { systemClock } from '../../src/ports/clock';
import { silentProgress } from '../../src/ports/progress';
import { eventually } from './eventually';
import { failure } from './failure';

for (const major of testMajors) {
  describe(`locks and activity on PostgreSQL ${major}`, function () {
    this.timeout(30_000);
    let database: TestDatabase;
    let session: Session;
    let other: Session;
    let watcher: Session;

    before(async function () {
      this.timeout(60_000);
      database = await (
        await testServer({ major, settings: { max_prepared_transactions: 5 } })
      ).createDatabase();
    });
    after(() => database.drop());
    beforeEach(async () => {
      const open = (applicationName: string): Promise<Session> =>
        openSession(database.connection, database.password, { applicationName });
      [session, other, watcher] = await Promise.all([open('worker'), open('blocker app'), open('watcher')]);
      await session.script('create table if not exists queued(n int)');
    });
    afterEach(async () => {
      await Promise.all([session.close(), other.close(), watcher.close()]);
    });

    const lockQueued = (): Promise<void> => other.script('begin; lock table queued in access exclusive mode');
    const addColumn = (change: Partial<LockRetryRequest<void>> = {}): LockRetryRequest<void> => ({
      session,
      watcher,
      what: 'ALTER TABLE queued',
      work: () => session.script('alter table queued add column if not exists added int'),
      lockTimeoutMilliseconds: 120,
      firstDelayMilliseconds: 10,
      attempts: 3,
      clock: systemClock(),
      progress: silentProgress(),
      ...change,
    });

    it('tries again until the lock is free, and tells who was in the way', async () => {
      await lockQueued();
      const waits: LockWait[] = [];
      const released: Promise<void>[] = [];
      const messages: string[] = [];
      await withLockRetry(
        addColumn({
          attempts: 50,
          progress: { report: (update) => void messages.push(update.message) },
          onWait: (wait) => {
            waits.push(wait);
            if (wait.attempt === 2) released.push(other.script('commit'));
          },
        }),
      );
      await Promise.all(released);
      assert.ok(waits.length >= 2);
      assert.deepEqual(
        waits.slice(0, 2).map((wait) => wait.attempt),
        [1, 2],
      );
      assert.match(
        waits[0]!.blockers.join(),
        new RegExp(
          `pid ${other.facts.pid} \\(blocker app, postgres, idle in transaction, open for \\d+ s\\): begin; lock`,
        ),
      );
      assert.match(messages[0]!, /ALTER TABLE queued waits for a lock.*blocker app/);
      assert.equal((await session.query('select added from queued')).rowCount, 0);
    });

    it('gives up with the name of who is in the way, and leaves no transaction open', async () => {
      await lockQueued();
      const error = await failure(withLockRetry(addColumn()), 'lock-timeout');
      assert.match(error.sentence, new RegExp(`3 attempts.*pid ${other.facts.pid}.*idle in transaction`));
      assert.equal(error.details['pid'], other.facts.pid);
      assert.equal(error.details['application'], 'blocker app');
      assert.equal(error.details['state'], 'idle in transaction');
      assert.match(String(error.details['queryStart']), /^\d{4}-.*Z$/);
      const { rows } = await watcher.query('select state from pg_stat_activity where pid = $1', [
        session.facts.pid,
      ]);
      assert.deepEqual(rows, [{ state: 'idle' }]);
      await other.script('rollback');
    });

    it('outside a transaction it sets lock_timeout for the work alone', async () => {
      await lockQueued();
      await failure(
        withLockRetry(addColumn({ transaction: null, attempts: 2, watcher: null })),
        'lock-timeout',
      );
      await other.script('rollback');
      await withLockRetry(addColumn({ transaction: null }));
      assert.deepEqual((await session.query("select current_setting('lock_timeout') as value")).rows, [
        { value: '0' },
      ]);
    });

    it('throws at once what is no matter of locks, and stops when it is cancelled', async () => {
      let runs = 0;
      const work = async (): Promise<void> => {
        runs += 1;
        await session.query('select 1/0');
      };
      await failure(withLockRetry(addColumn({ work })), 'database-error');
      assert.equal(runs, 1);
      await lockQueued();
      const controller = new AbortController();
      const pausing = addColumn({
        attempts: 50,
        firstDelayMilliseconds: 60_000,
        longestDelayMilliseconds: 60_000,
        signal: controller.signal,
        onWait: () => setImmediate(() => controller.abort()),
      });
      await failure(withLockRetry(pausing), 'cancelled');
      await other.script('rollback');
    });

    it('runs again after a deadlock', async () => {
      await session.script('create table if not exists one(n int); create table if not exists two(n int)');
      await session.script("set deadlock_timeout = '10ms'");
      await other.script('begin; lock table two');
      let runs = 0;
      let crossing: Promise<void> = Promise.resolve();
      const waits: LockWait[] = [];
      const work = async (): Promise<void> => {
        runs += 1;
        await session.script('lock table one');
        if (runs === 1) {
          crossing = other.script('lock table one; commit');
          await eventually(
            watcher,
            `select 1 where ${session.facts.pid} = any(pg_blocking_pids(${other.facts.pid}))`,
          );
        }
        await session.script('lock table two');
      };
      await withLockRetry(
        addColumn({ work, lockTimeoutMilliseconds: 5000, onWait: (wait) => waits.push(wait) }),
      );
      await crossing;
      assert.equal(runs, 2);
      assert.deepEqual(
        waits.map((wait) => wait.why),
        ['deadlock'],
      );
    });

    it('sees who blocks whom, to the root of the queue', async () => {
      await lockQueued();
      const waiting = session.query('select * from queued');
      await eventually(watcher, `select 1 where cardinality(pg_blocking_pids(${session.facts.pid})) > 0`);
      const third = await openSession(database.connection, database.password);
      const behind = third.query('select * from queued');
      await eventually(watcher, `select 1 where cardinality(pg_blocking_pids(${third.facts.pid})) > 0`);
      assert.ok((await blockersOf(watcher, third.facts.pid)).some((one) => one.pid === other.facts.pid));
      assert.deepEqual(
        (await blockersOf(watcher, session.facts.pid)).map((one) => one.pid),
        [other.facts.pid],
      );
      const oid = await watcher.query<{ oid: number }>("select 'queued'::regclass::oid as oid");
      const words = await readBlockers(watcher, [oid.rows[0]!.oid]);
      assert.equal(words.length, 1);
      assert.match(words[0]!, /blocker app/);
      await other.script('rollback');
      await Promise.all([waiting, behind]);
      assert.deepEqual(await readBlockers(watcher, [oid.rows[0]!.oid]), []);
      await third.close();
    });

    it('lists long and prepared transactions', async () => {
      await other.script("begin; select '\n  much    space'");
      const [found] = await longTransactions(watcher, 0);
      assert.equal(found?.pid, other.facts.pid);
      assert.equal(found?.query, "begin; select ' much space'");
      assert.match(
        describeActivity(found),
        /^pid \d+ \(blocker app, postgres, idle in transaction, open for \d+ s\): begin/,
      );
      assert.deepEqual(await longTransactions(watcher, 3_600_000), []);
      await other.script("insert into queued(n) values (1); prepare transaction 'held back'");
      const prepared = await preparedTransactions(watcher);
      assert.deepEqual(
        prepared.map(({ gid, owner }) => ({ gid, owner })),
        [{ gid: 'held back', owner: 'postgres' }],
      );
      await other.script("rollback prepared 'held back'");
    });

    it('shows what a role without rights may see of others', async () => {
      await other.script('begin; select 1');
      await watcher.script('create role switchback_looker; set role switchback_looker');
      const found = (await longTransactions(watcher, 0)).find((one) => one.pid === other.facts.pid);
      assert.equal(found, undefined);
      assert.equal(await seesAllActivity(watcher), false);
      assert.equal(await replicas(watcher), null);
      await watcher.script('reset role; drop role switchback_looker');
      await other.script('rollback');
    });

    it('lists replicas and slots', async () => {
      assert.deepEqual(await replicas(watcher), []);
      await watcher.query("select pg_create_physical_replication_slot('switchback_slot', true)");
      const slot = (await replicationSlots(watcher)).find((one) => one.name === 'switchback_slot');
      assert.equal(slot?.kind, 'physical');
      assert.equal(slot?.active, false);
      assert.equal(typeof slot?.retainedBytes, 'number');
      await watcher.query("select pg_drop_replication_slot('switchback_slot')");
    });

    describe('the lock of a plan', () => {
      const request = (change: Partial<PlanLockRequest> = {}): PlanLockRequest => ({
        sessions: sessionFactory(database.connection, async () => database.password),
        planId: '20240229-rename',
        owner: 'someone@laptop',
        ...change,
      });

      it('is held by one at a time, and says by whom', async () => {
        const lock = await acquirePlanLock(request());
        const refused = await failure(acquirePlanLock(request({ owner: 'another@desk' })), 'locked-by-other');
        assert.match(
          refused.sentence,
          /20240229-rename.*switchback someone@laptop \(user postgres, from 127\.0\.0\.1, pid \d+, since \d{4}-/,
        );
        const another = await acquirePlanLock(request({ planId: 'another-plan' }));
        await another.release();
        assert.equal(lock.lost.aborted, false);
        await lock.release();
        await eventually(
          watcher,
          `select 1 where not exists (select from pg_locks where locktype = 'advisory')`,
        );
        assert.equal(await planLockHolder(watcher, '20240229-rename'), null);
        await (await acquirePlanLock(request())).release();
      });

      it('is the one a script takes', async () => {
        await other.query(`select pg_advisory_lock(${planLockClass}, hashtext('20240229-rename'))`);
        const refused = await failure(acquirePlanLock(request()), 'locked-by-other');
        assert.equal(refused.details['pid'], other.facts.pid);
      });

      it('tells that it was lost', async () => {
        const lock = await acquirePlanLock(request());
        const lost = new Promise((resolve) => lock.lost.addEventListener('abort', resolve, { once: true }));
        const holder = await planLockHolder(watcher, '20240229-rename');
        await watcher.query('select pg_terminate_backend($1)', [holder?.pid]);
        await lost;
        assert.ok(isSwitchbackError(lock.lost.reason, 'connection-lost'));
        await lock.release();
      });

      it('asks whether its session still lives', async () => {
        const lock = await acquirePlanLock(request({ heartbeatMilliseconds: 10 }));
        const holder = await planLockHolder(watcher, '20240229-rename');
        await eventually(
          watcher,
          `select 1 from pg_stat_activity where pid = ${holder!.pid} and query = 'select 1'`,
        );
        await lock.release();
      });
    });
  });
}
