import assert from 'node:assert/strict';
import path from 'node:path';
import { applyMigration } from '../../src/implement/apply-migration';
import { unitsOf } from '../../src/implement/own-transactions';
import type { ReleasedFile } from '../../src/implement/run-context';
import { sqitch } from '../../src/layouts/sqitch';
import { loadParser } from '../../src/sql/parser';
import { memoryFiles } from '../support/memory-files';
import { testMajors } from '../support/servers';
import { openBench, requestFor, value, type Bench } from './fixture';

const folder = path.resolve('/w/m');

/** A file of one deploy script, as Sqitch has it: sent statement by statement. */
async function deploys(sql: string): Promise<ReleasedFile> {
  const files = memoryFiles({
    [path.join(folder, 'sqitch.plan')]: '%project=shop\n\none 2024-01-31T12:00:00Z A <a@b>\n',
    [path.join(folder, 'deploy/one.sql')]: sql,
  });
  const siblings = await sqitch.list(folder, files);
  const migration = siblings[0]!;
  const up = await sqitch.script(migration, 'up', files);
  return { layout: sqitch, migration, siblings, directory: 'm', up, down: null };
}

describe('the units of a text that is sent statement by statement', () => {
  const kinds = async (sql: string): Promise<string[]> => {
    const { statements } = (await loadParser()).parse(sql);
    return unitsOf(statements).map((unit) =>
      unit.kind === 'statement'
        ? unit.statement.text
        : `${unit.plain ? 'plain' : 'own'} ${unit.inside.length}`,
    );
  };

  it('are its transactions and the statements around them', async () => {
    assert.deepEqual(
      await kinds('select 1; begin; select 2; select 3; commit; select 4; start transaction; end;'),
      ['select 1', 'plain 2', 'select 4', 'plain 0'],
    );
    assert.deepEqual(await kinds('begin isolation level serializable; select 1; commit'), ['own 1']);
    assert.deepEqual(await kinds('begin; select 1; rollback; commit; select 2'), ['own 1', 'select 2']);
    assert.deepEqual(await kinds('begin; savepoint a; release a; begin; commit'), ['own 3']);
    assert.deepEqual(await kinds("begin; select 1; prepare transaction 'x'"), ['own 1']);
    await assert.rejects(kinds('select 1;\nbegin; select 2'), {
      message: /The BEGIN in line 2 has no COMMIT/,
    });
  });
});

for (const major of testMajors) {
  describe(`scripts with transactions of their own, PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    async function on(work: (bench: Bench) => Promise<void>): Promise<void> {
      const bench = await openBench(major, 'create table t (id int)');
      try {
        await work(bench);
      } finally {
        await bench.drop();
      }
    }
    const columns = (bench: Bench): Promise<string> =>
      value(
        bench.look,
        `select coalesce(string_agg(attname, ' ' order by attnum), '') from pg_attribute where attrelid = 't'::regclass and attnum > 0`,
      );
    const apply = async (bench: Bench, sql: string): Promise<unknown> =>
      applyMigration(await requestFor(bench, await deploys(sql)));

    it('keep each whole, and what refuses one outside of them', () =>
      on(async (bench) => {
        await assert.rejects(
          apply(bench, 'begin; alter table t add a int; alter table t add id int; commit;'),
          /already exists/,
        );
        assert.equal(await columns(bench), 'id');
        await assert.rejects(apply(bench, 'alter table t add b int;\nbegin; select 1'), /has no COMMIT/);
        assert.equal(await columns(bench), 'id', 'nothing is run before a BEGIN that nothing ends');
        await assert.rejects(
          apply(bench, 'begin isolation level serializable; alter table t add c int; select 1 / 0; commit;'),
          /division by zero/,
        );
        assert.equal(await columns(bench), 'id');
        await apply(
          bench,
          `begin; set local lock_timeout = '3s'; alter table t add d int; commit;
           create index concurrently t_d on t (d);
           begin isolation level serializable; alter table t add e int; commit;
           begin; alter table t add f int; rollback;`,
        );
        assert.equal(await columns(bench), 'id d e');
        assert.equal(
          await value(bench.look, "select count(*)::text from pg_indexes where indexname = 't_d'"),
          '1',
        );
        assert.equal(await value(bench.look, 'select string_agg(change, $$ $$) from sqitch.changes'), 'one');
      }));

    it('give way and try again where a lock is not free', () =>
      on(async (bench) => {
        await bench.look.script('begin; select * from t');
        const request = await requestFor(
          bench,
          await deploys('begin; alter table t add a int; alter table t add b int; commit;'),
        );
        let waits = 0;
        await applyMigration({
          ...request,
          onEvent: (event) => {
            if (event.kind !== 'lock-wait') return;
            waits += 1;
            if (waits === 1) void bench.look.script('commit');
          },
        });
        assert.ok(waits > 0);
        assert.equal(await columns(bench), 'id a b');
      }));
  });
}
