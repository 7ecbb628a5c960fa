import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { testMajors, testServer, type TestDatabase } from '../support/servers';
import type { Connection } from '../../src/database/connection';
import { openSession, sessionFactory } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { isSwitchbackError, type ErrorCode } from '../../src/messages/error';
import { eventually } from './eventually';
import { failure } from './failure';

for (const major of testMajors) {
  describe(`session on PostgreSQL ${major}`, function () {
    this.timeout(30_000);
    let database: TestDatabase;
    let session: Session;
    const open = (change: Partial<Connection> = {}): Promise<Session> =>
      openSession({ ...database.connection, ...change }, database.password);

    before(async function () {
      this.timeout(60_000);
      database = await (await testServer({ major })).createDatabase();
    });
    after(() => database.drop());
    beforeEach(async () => {
      session = await open();
    });
    afterEach(() => session.close());

    it('tells what it is connected to', async () => {
      const { facts } = session;
      assert.equal(facts.engine, 'postgres');
      assert.equal(facts.major, major);
      assert.equal(Math.floor(facts.versionNumber / 10_000), major);
      assert.equal(facts.database, database.connection.database);
      assert.equal(facts.user, 'postgres');
      const { rows } = await session.query<{ pid: number; name: string }>(
        "select pg_backend_pid() as pid, current_setting('application_name') as name",
      );
      assert.deepEqual(rows, [{ pid: facts.pid, name: 'switchback' }]);
    });

    it('gives bigint, numeric, dates and times as text, and the rest as values', async () => {
      await session.query("set datestyle = 'ISO'");
      const { rows } = await session.query(
        `select 9007199254740993::bigint as big, array[9007199254740993::bigint] as bigs, 1.10::numeric as amount,
                array[1.10::numeric] as amounts, date '2024-02-29' as day, array[date '2024-02-29'] as days,
                timestamp '2024-02-29 01:02:03.000001' as at, interval '1 day 2 hours' as took, 7 as small,
                true as yes, '{"a": 1}'::jsonb as json, array['a,b', null] as texts, null::int as nothing`,
      );
      assert.deepEqual(rows, [
        {
          big: '9007199254740993',
          bigs: ['9007199254740993'],
          amount: '1.10',
          amounts: ['1.10'],
          day: '2024-02-29',
          days: ['2024-02-29'],
          at: '2024-02-29 01:02:03.000001',
          took: '1 day 02:00:00',
          small: 7,
          yes: true,
          json: { a: 1 },
          texts: ['a,b', null],
          nothing: null,
        },
      ]);
    });

    it('leaves the type parsers of node-postgres itself alone', async () => {
      const { types } = await import('pg');
      const parse = types.getTypeParser(1184) as (text: string) => unknown;
      assert.ok(parse('2024-02-29 01:02:03+00') instanceof Date);
    });

    it('passes parameters, counts rows, and takes one statement per query', async () => {
      await session.script(
        'create temp table counted(n int); insert into counted select generate_series(1, 5)',
      );
      const updated = await session.query('update counted set n = n + $1 where n > $2', [10, 3]);
      assert.deepEqual(updated, { rows: [], rowCount: 2 });
      await failure(session.query('select 1; select 2'), 'syntax-error');
    });

    it('runs what refuses a transaction', async () => {
      await session.script('create table if not exists plain(n int)');
      await session.query('create index concurrently if not exists plain_n on plain (n)');
      await session.query('vacuum plain');
      await session.script('drop index concurrently plain_n');
      await assert.rejects(
        session.transaction(() => session.query('vacuum plain')),
        /cannot run inside a transaction block/,
      );
    });

    it('runs statements asked for at the same time one after the other', async () => {
      const results = await Promise.all(
        [1, 2, 3].map((n) => session.query<{ n: number }>('select $1::int as n', [n])),
      );
      assert.deepEqual(
        results.map((result) => result.rows[0]!.n),
        [1, 2, 3],
      );
    });

    it('says which error it was, where, and keeps the SQLSTATE', async () => {
      const syntax = await failure(session.query('select 1 fron x y'), 'syntax-error');
      assert.equal(syntax.details['sqlstate'], '42601');
      assert.equal(syntax.details['position'], 15);
      assert.equal(
        (await failure(session.query('select * from nowhere'), 'not-found')).details['sqlstate'],
        '42P01',
      );
      assert.equal(
        (await failure(session.query('select 1/0'), 'database-error')).details['sqlstate'],
        '22012',
      );
      const timeout = await failure(
        session.script('set statement_timeout = 50; select pg_sleep(60)'),
        'database-error',
      );
      assert.equal(timeout.details['sqlstate'], '57014');
    });

    it('names the missing privilege', async () => {
      await session.script(`drop role if exists switchback_nobody; create role switchback_nobody;
        create table if not exists guarded(n int); set role switchback_nobody`);
      const denied = await failure(session.query('select * from guarded'), 'no-privilege');
      assert.match(denied.sentence, /guarded/);
      await session.script('reset role; drop role switchback_nobody');
    });

    it('cancels on the server when the signal is aborted, and goes on afterwards', async () => {
      const controller = new AbortController();
      const slow = failure(
        session.query('select pg_sleep(60)', [], { signal: controller.signal }),
        'cancelled',
      );
      const other = await open();
      await eventually(
        other,
        `select 1 from pg_stat_activity where pid = ${session.facts.pid} and state = 'active'`,
      );
      controller.abort();
      await slow;
      assert.equal((await session.query('select 1 as one')).rowCount, 1);
      assert.equal(session.lost.aborted, false);
      await failure(session.query('select 1', [], { signal: controller.signal }), 'cancelled');
      await other.close();
    });

    it('cancel() stops what runs and is harmless when nothing does', async () => {
      await session.cancel();
      const slow = failure(session.query('select pg_sleep(60)'), 'cancelled');
      const other = await open();
      await eventually(
        other,
        `select 1 from pg_stat_activity where pid = ${session.facts.pid} and state = 'active'`,
      );
      await session.cancel();
      await slow;
      await other.close();
    });

    it('commits, rolls back on failure, and rolls back a dry run', async () => {
      await session.script('create table if not exists kept(n int); truncate kept');
      assert.equal(
        await session.transaction(async () => {
          await session.query('insert into kept values (1)');
          return 'done';
        }),
        'done',
      );
      const broken = new Error('stop');
      await assert.rejects(
        session.transaction(async () => {
          await session.query('insert into kept values (2)');
          throw broken;
        }),
        broken,
      );
      await session.transaction(async () => void (await session.query('insert into kept values (3)')), {
        rollback: true,
      });
      assert.deepEqual((await session.query('select n from kept')).rows, [{ n: 1 }]);
    });

    it('sets the options of a transaction, and only of that one', async () => {
      const settings = `select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement,
        current_setting('transaction_isolation') as isolation, current_setting('transaction_read_only') as read_only`;
      const inside = await session.transaction(async () => (await session.query(settings)).rows, {
        readOnly: true,
        isolation: 'repeatable read',
        lockTimeoutMilliseconds: 500,
        statementTimeoutMilliseconds: 1500,
      });
      assert.deepEqual(inside, [
        { lock: '500ms', statement: '1500ms', isolation: 'repeatable read', read_only: 'on' },
      ]);
      const outside = (await session.query(settings)).rows;
      assert.deepEqual(outside, [
        { lock: '0', statement: '0', isolation: 'read committed', read_only: 'off' },
      ]);
    });

    it('does not call a transaction committed whose failed statement was swallowed', async () => {
      const swallowed = session.transaction(async () => {
        await session.query('select 1/0').catch(() => undefined);
      });
      assert.equal((await failure(swallowed, 'database-error')).details['committed'], 'no');
      assert.equal((await session.query('select 1')).rowCount, 1);
    });

    it('reports SQL that ends the transaction itself, and does not nest', async () => {
      const dryRun = session.transaction(() => session.script('commit'), { rollback: true });
      await failure(dryRun, 'database-error');
      await failure(
        session.transaction(() => session.script('commit')),
        'database-error',
      );
      await failure(
        session.transaction(() => session.transaction(async () => undefined)),
        'internal',
      );
    });

    it('an aborted transaction is rolled back before COMMIT', async () => {
      await session.script('create table if not exists aborted(n int)');
      const controller = new AbortController();
      const work = session.transaction(
        async () => {
          await session.query('insert into aborted values (1)');
          controller.abort();
        },
        { signal: controller.signal },
      );
      await failure(work, 'cancelled');
      assert.equal((await session.query('select * from aborted')).rowCount, 0);
    });

    it('gives lock-timeout when a lock is not free', async () => {
      await session.script('create table if not exists locked(n int)');
      const other = await open();
      await other.transaction(async () => {
        await other.query('lock table locked in access exclusive mode');
        const waiting = session.transaction(() => session.query('select * from locked'), {
          lockTimeoutMilliseconds: 20,
        });
        assert.equal((await failure(waiting, 'lock-timeout')).details['sqlstate'], '55P03');
      });
      await other.close();
    });

    it('notices that its backend was terminated while idle', async () => {
      const other = await open();
      const lost = new Promise((resolve) => session.lost.addEventListener('abort', resolve, { once: true }));
      await other.query('select pg_terminate_backend($1)', [session.facts.pid]);
      await lost;
      assert.ok(isSwitchbackError(session.lost.reason, 'connection-lost'));
      await failure(session.query('select 1'), 'connection-lost');
      await other.close();
    });

    it('notices that its backend was terminated in a statement, and in a transaction', async () => {
      const other = await open();
      await session.script('create table if not exists dropped(n int)');
      const work = failure(
        session.transaction(async () => {
          await session.query('insert into dropped values (1)');
          await session.query('select pg_sleep(60)');
        }),
        'connection-lost',
      );
      await eventually(
        other,
        `select 1 from pg_stat_activity where pid = ${session.facts.pid} and query like '%pg_sleep%'`,
      );
      await other.query('select pg_terminate_backend($1)', [session.facts.pid]);
      const error = await work;
      assert.equal(error.details['committed'], undefined);
      assert.equal(session.lost.aborted, true);
      assert.equal((await other.query('select * from dropped')).rowCount, 0);
      await other.close();
    });

    it('does not know the outcome of a COMMIT whose connection dropped', async () => {
      const other = await open();
      await session.script(`create table if not exists deferred(n int);
        create or replace function slow() returns trigger language plpgsql as 'begin perform pg_sleep(60); return null; end';
        create constraint trigger slow after insert on deferred deferrable initially deferred for each row execute function slow()`);
      const work = failure(
        session.transaction(() => session.query('insert into deferred values (1)')),
        'connection-lost',
      );
      await eventually(
        other,
        `select 1 from pg_stat_activity where pid = ${session.facts.pid} and query = 'commit'`,
      );
      await other.query('select pg_terminate_backend($1)', [session.facts.pid]);
      assert.equal((await work).details['committed'], 'unknown');
      await other.close();
    });

    it('close() ends a running statement on the server, can be called twice, and is no loss', async () => {
      const other = await open();
      const closing = await open();
      const slow = failure(closing.query('select pg_sleep(60)'), 'cancelled');
      await eventually(
        other,
        `select 1 from pg_stat_activity where pid = ${closing.facts.pid} and state = 'active'`,
      );
      await Promise.all([closing.close(), closing.close()]);
      await slow;
      assert.equal(closing.lost.aborted, false);
      await eventually(
        other,
        `select 1 where not exists (select from pg_stat_activity where pid = ${closing.facts.pid})`,
      );
      await other.close();
    });

    it('says what is wrong with a connection, and never the password', async () => {
      const secret = 'S3cret-pass!word';
      const attempts: [Partial<Connection>, ErrorCode][] = [
        [{}, 'authentication'],
        [{ port: 1 }, 'unreachable'],
        [{ host: 'no-such-host.invalid' }, 'unreachable'],
        [{ host: '/no/such/folder' }, 'unreachable'],
        [{ sslmode: 'require' }, 'tls-refused'],
        [{ user: 'no_such_user' }, 'authentication'],
      ];
      for (const [change, code] of attempts) {
        const error = await failure(openSession({ ...database.connection, ...change }, secret), code);
        assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(secret), inspect(error));
        assert.ok(error.sentence.length > 40, error.sentence);
      }
      await failure(open({ database: 'no_such_database' }), 'not-found');
      await failure(openSession(database.connection, null), 'authentication');
      await failure(openSession(database.connection, ''), 'authentication');
    });

    it('a connection attempt can be aborted', async () => {
      const aborted = AbortSignal.abort();
      await failure(openSession(database.connection, database.password, { signal: aborted }), 'cancelled');
    });

    it('a factory asks for the secret each time and names the database', async () => {
      let asked = 0;
      const factory = sessionFactory(database.connection, async () => {
        asked += 1;
        return database.password;
      });
      const first = await factory.open({ applicationName: 'switchback watcher' });
      const second = await factory.open();
      assert.equal(asked, 2);
      assert.match(factory.label, new RegExp(`^${database.connection.database} on 127\\.0\\.0\\.1:\\d+$`));
      const { rows } = await second.query(
        'select application_name as name from pg_stat_activity where pid = $1',
        [first.facts.pid],
      );
      assert.deepEqual(rows, [{ name: 'switchback watcher' }]);
      await Promise.all([first.close(), second.close()]);
    });
  });
}
