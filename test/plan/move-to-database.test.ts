import assert from 'node:assert/strict';
import type { MoveToDatabase } from '../../src/assess/changes/move-to-database';
import type { Session } from '../../src/database/session';
import { walkBatch, walkStart, type WalkedBatch } from '../../src/implement/walk';
import { readWalkTables } from '../../src/implement/walk-table';
import { stepsOf, type BackfillStep, type DeployStep, type Step } from '../../src/plan/plan';
import { openBench, value, type Bench } from '../implement/fixture';
import { anotherDatabase, anotherServer } from '../recipes/another-database';
import { testMajors, testSession, type TestMajor } from '../support/servers';
import { rollBackStep, runStep } from './execute';
import { planned } from './planned';

const change: MoveToDatabase = {
  kind: 'move-to-database',
  table: { schema: 'public', name: 't' },
  server: anotherServer,
  to: { schema: 'there', name: 't' },
};
const plain = "create table t (id int primary key, v text default 'a', state text);";

describe('a table that goes to another database', function () {
  this.timeout(60_000);
  let bench: Bench;
  let there: Session;
  afterEach(async () => {
    await there?.close();
    await bench?.drop();
  });

  const open = async (major: TestMajor, sql: string, ddl = ''): Promise<void> => {
    bench = await openBench(major);
    for (const script of anotherDatabase(ddl)) await bench.look.script(script);
    await bench.look.script(sql);
    there = await testSession(bench.database, { database: 'there' });
  };
  /** Runs the steps before the one of that slug; the other database has what the first of them says. */
  const runUntil = async (slug: string): Promise<Step[]> => {
    const { plan } = await planned(bench.look, change);
    const steps = stepsOf(plan);
    const at = steps.findIndex(({ id }) => id.endsWith(slug));
    await there.script((steps[0] as DeployStep).sample!.after);
    for (const step of steps.slice(0, at)) await runStep(bench.look, step);
    return steps;
  };

  it('is not made one with rows that are there', async () => {
    await open(
      18,
      plain,
      'create table there.t (id int primary key, v text, state text); insert into there.t values (7)',
    );
    const { plan } = await planned(bench.look, change);
    await assert.rejects(runStep(bench.look, stepsOf(plan)[1]!), /there\.t has rows already/);
    assert.equal(await value(there, 'select count(*)::int from there.t'), 1);
  });

  for (const major of testMajors) {
    it(`has no transaction refused that writes rows of others meanwhile, on PostgreSQL ${major}`, async () => {
      await open(major, `${plain} insert into t select i from generate_series(1, 9) i`);
      await runUntil('check-equal');
      const second = await testSession(bench.database);
      try {
        await bench.look.transaction(async () => {
          await bench.look.query("update t set v = 'one' where id = 1");
          await second.query("update t set v = 'two' where id = 2");
          await second.query('delete from t where id = 3');
          await second.query("insert into t values (10, 'two')");
          await bench.look.query("update t set v = v || ' one' where id in (2, 10)");
          await bench.look.query("insert into t values (3, 'again')");
          await bench.look.query('update t set id = 30 where id = 3');
        });
      } finally {
        await second.close();
      }
      const { rows } = await there.query(
        'select id, v from there.t where id in (1, 2, 3, 10, 30) order by id',
      );
      assert.deepEqual(rows, [
        { id: 1, v: 'one' },
        { id: 2, v: 'two one' },
        { id: 10, v: 'two one' },
        { id: 30, v: 'again' },
      ]);
    });

    it(`waits for who changes rows that are copied, and copies none as it was, on PostgreSQL ${major}`, async () => {
      await open(major, `${plain} insert into t select i from generate_series(1, 40) i`);
      const steps = await runUntil('copy-rows');
      const { backfill } = steps.find(({ kind }) => kind === 'backfill') as BackfillStep;
      const walker = await testSession(bench.database);
      try {
        const context = {
          spec: backfill,
          tables: await readWalkTables(walker, backfill),
          server: { major, blockBytes: 8192 },
        };
        let copied: Promise<WalkedBatch> | undefined;
        await bench.look.transaction(async () => {
          await bench.look.script(
            "update t set v = 'new' where id in (5, 20); delete from t where id = 6; update t set id = 107 where id = 7",
          );
          copied = walker.transaction(() => walkBatch(walker, context, walkStart, 100));
          await new Promise((resolve) => setTimeout(resolve, 150));
        });
        assert.equal((await copied!).written, 36);
      } finally {
        await walker.close();
      }
      await runStep(
        bench.look,
        steps.find(({ id }) => id.endsWith('check-equal'))!,
      );
      assert.equal(
        await value(there, "select string_agg(id::text, ' ' order by id) from there.t where v = 'new'"),
        '5 20',
      );
      assert.equal(await value(there, 'select count(*)::int from there.t'), 39);
    });

    it(`is emptied by TRUNCATE, and by nothing that is taken back, on PostgreSQL ${major}`, async () => {
      await open(major, `${plain} insert into t select i from generate_series(1, 9) i`);
      const steps = await runUntil('check-equal');
      const taken = bench.look.transaction(async () => {
        await bench.look.query('truncate t');
        throw new Error('taken back');
      });
      await assert.rejects(taken, /taken back/);
      assert.equal(await value(there, 'select count(*)::int from there.t'), 9);
      await bench.look.script('begin; truncate t; insert into t values (5); commit');
      assert.equal(await value(there, 'select count(*)::int from there.t'), 1);
      for (const step of steps.slice(0, 4).reverse()) await rollBackStep(bench.look, step);
      assert.equal(await value(there, 'select count(*)::int from there.t'), 0);
      assert.equal(await value(bench.look, 'select count(*)::int from t'), 1);
    });

    it(`is found to differ by a row alone and by a value, on PostgreSQL ${major}`, async () => {
      await open(major, `${plain} insert into t select i from generate_series(1, 9) i`);
      const steps = await runUntil('check-equal');
      const compare = steps.find(({ id }) => id.endsWith('check-equal'))!;
      await runStep(bench.look, compare);
      for (const [damage, repair] of [
        ['insert into there.t values (11)', 'delete from there.t where id = 11'],
        ['update there.t set v = null where id = 4', "update there.t set v = 'a' where id = 4"],
        ['delete from there.t where id = 4', "insert into there.t values (4, 'a')"],
      ] as const) {
        await there.script(damage);
        await assert.rejects(runStep(bench.look, compare), /rows that differ: 1 \((4|11)\)/, damage);
        await there.script(repair);
        await runStep(bench.look, compare);
      }
    });
  }

  it('has its constraints, indexes and numbers there, the deferrable ones after the copy', async () => {
    await open(
      18,
      `create table t (id int generated always as identity primary key, n serial, v varchar(9) not null default 'x',
         u int constraint u unique deferrable, constraint c check (v <> ''));
       alter table t add constraint loose check (n > 0) not valid;
       create index named on t (lower(v)) where n > 3; insert into t (u) values (1), (2)`,
    );
    const steps = await runUntil('check-equal');
    const released = steps.find(({ id }) => id.endsWith('read-there')) as DeployStep;
    const later = /ALTER TABLE [^;]*;/.exec(released.instructions)![0];
    await there.script(later);
    const { rows } = await there.query<{ it: string }>(
      `select pg_get_constraintdef(oid) as it from pg_constraint where conrelid = 'there.t'::regclass and contype <> 'n'
       union all select indexdef from pg_indexes where schemaname = 'there' and indexname = 'named' order by 1`,
    );
    assert.deepEqual(
      rows.map(({ it }) => it),
      [
        "CHECK (((v)::text <> ''::text))",
        'CREATE INDEX named ON there.t USING btree (lower((v)::text)) WHERE (n > 3)',
        'PRIMARY KEY (id)',
        'UNIQUE (u) DEFERRABLE INITIALLY DEFERRED',
      ],
    );
    await bench.look.script('update t set u = 3 - u');
    assert.equal(await value(there, "select string_agg(u::text, ' ' order by id) from there.t"), '2 1');
    const writing = steps.find(({ id }) => id.endsWith('write-there')) as DeployStep;
    for (const [statement] of writing.instructions.matchAll(/SELECT setval.*?;/g))
      await there.script(statement);
    await there.script('insert into there.t default values');
    assert.equal(await value(there, 'select max(id)::int from there.t'), 100_003);
  });

  for (const major of testMajors) {
    it(`is written by roles that cannot get in there themselves, on PostgreSQL ${major}`, async () => {
      await open(
        major,
        `do $$ begin
           if not exists (select from pg_roles where rolname = 'table_owner') then create role table_owner; create role table_writer; end if;
         end $$;
         create schema s; grant usage on schema s to table_writer; grant all on schema s to table_owner;
         create user mapping for table_owner server "Else ""where""" options (user 'there', password 'there');
         grant usage on foreign server "Else ""where""" to table_owner;
         create table s.t (id int generated always as identity primary key, n serial);
         alter table s.t owner to table_owner; grant select, insert, update, delete on s.t to table_writer;
         grant usage on sequence s.t_n_seq to table_writer; insert into s.t (n) values (70)`,
      );
      const moved = { ...change, table: { schema: 's', name: 't' } };
      const { plan } = await planned(bench.look, moved);
      await there.script((stepsOf(plan)[0] as DeployStep).sample!.after);
      const write = async (): Promise<void> => {
        await bench.look.script('set role table_writer');
        await bench.look.script(
          'insert into s.t default values; update s.t set n = n + 1; delete from s.t where id > 3',
        );
        await bench.look.script('reset role');
      };
      for (const step of stepsOf(plan)) {
        if (plan.phases[2]!.steps.includes(step)) break;
        await runStep(bench.look, step);
        await write();
      }
      assert.equal(await value(there, 'select count(*)::int from there.t'), 3);
      await bench.look.script(
        'drop schema s cascade; drop owned by table_owner, table_writer; drop role table_owner, table_writer',
      );
    });

    it(`may have nothing but its key, on PostgreSQL ${major}`, async () => {
      await open(major, 'create table t (id int primary key); insert into t select generate_series(1, 5)');
      await runUntil('check-equal');
      await bench.look.script(
        'insert into t values (6); update t set id = 7 where id = 1; delete from t where id = 2',
      );
      assert.equal(
        await value(there, "select string_agg(id::text, ' ' order by id) from there.t"),
        '3 4 5 6 7',
      );
    });
  }
});
