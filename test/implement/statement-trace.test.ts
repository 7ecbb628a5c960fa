import assert from 'node:assert/strict';
import { readScriptTrace, type TraceState } from '../../src/implement/statement-trace';
import { judgeTrace } from '../../src/implement/trace-verdict';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testMajors } from '../support/servers';
import { openBench, type Bench } from './fixture';

/** What each needs first, and the statement. */
const statements: [string, string][] = [
  ['', 'create table "Odd name" (id int)'],
  ['', 'create table t (id int)'],
  ['create table t (id int)', 'create index t_id on t (id)'],
  ['create table t (id int)', 'create index concurrently t_id on t (id)'],
  ['create table t (id int); create index t_id on t (id)', 'drop index concurrently t_id'],
  ['create table t (id int); create index t_id on t (id)', 'alter index t_id rename to t_id_index'],
  ['', 'create view v as select 1'],
  ['', 'create materialized view v as select 1 as one'],
  ['', 'create table t as select 1 as one'],
  ['', 'create sequence s'],
  ['', "create type mood as enum ('good')"],
  ["create type mood as enum ('good')", "alter type mood add value 'bad'"],
  ["create type mood as enum ('good')", 'drop type mood'],
  ['', 'create type pair as (a int, b int)'],
  ['', 'create type span as range (subtype = int)'],
  ['', 'create domain word as text'],
  ['create domain word as text', 'drop domain word'],
  ['', 'create schema "Other"'],
  ['create schema other', 'drop schema other'],
  ['create schema other', 'create table other.t (id int)'],
  ['', 'create extension pg_trgm'],
  ['', "create function f(a int, out b int) language sql as 'select a'"],
  [
    "create function f() returns int language sql as 'select 1'",
    "create or replace function f() returns int language sql as 'select 2'",
  ],
  ["create function f(int) returns int language sql as 'select 1'", 'drop function f(int)'],
  ["create procedure p() language sql as 'select 1'", 'drop procedure p'],
  [
    "create table t (id int); create function g() returns trigger language plpgsql as 'begin return new; end'",
    'create trigger watch before insert on t for each row execute function g()',
  ],
  [
    "create table t (id int); create function g() returns trigger language plpgsql as 'begin return new; end'; create trigger watch before insert on t for each row execute function g()",
    'drop trigger watch on t',
  ],
  ['create table t (id int)', 'create policy own on t using (true)'],
  ['create table t (id int); create policy own on t using (true)', 'drop policy own on t'],
  ['create table t (id int)', 'create rule quiet as on delete to t do instead nothing'],
  ['create table t (id int)', 'alter table t add column note text, add column more text'],
  ['create table t (id int, note text)', 'alter table t drop column note'],
  ['create table t (id int, note text)', 'alter table t rename column note to remark'],
  [
    'create table t (id int, constraint positive check (id > 0))',
    'alter table t rename constraint positive to above',
  ],
  ['create table t (id int)', 'alter table t rename to u'],
  ['create table t (id int)', 'drop table t'],
  ['create table t (id int)', 'alter table t add constraint positive check (id > 0) not valid'],
  [
    'create table t (id int, constraint positive check (id > 0)); alter table t drop constraint positive; alter table t add constraint positive check (id > 0) not valid',
    'alter table t validate constraint positive',
  ],
  ['create table t (id int, constraint positive check (id > 0))', 'alter table t drop constraint positive'],
  ['create table t (id int not null)', 'alter table t add primary key (id)'],
  ['create table t (id int)', 'alter table t alter id set not null'],
  ['create table t (id int not null)', 'alter table t alter id drop not null'],
  ['create table t (id int default 1)', 'alter table t alter id drop default'],
  ['create table t (id int)', 'alter table t alter id type bigint'],
  ['create table t (id int)', 'alter table t alter id type text[] using array[id::text]'],
  ['create table t (id int)', 'alter table t enable row level security'],
  [
    'create table p (id int) partition by list (id); create table one (id int)',
    'alter table p attach partition one for values in (1)',
  ],
  [
    'create table p (id int) partition by list (id); create table one partition of p for values in (1)',
    'alter table p detach partition one',
  ],
];

for (const major of testMajors) {
  describe(`what statements left, PostgreSQL ${major}`, function () {
    this.timeout(120_000);
    let bench: Bench;
    let parser: SqlParser;

    before(async () => {
      bench = await openBench(major);
      parser = await loadParser();
    });
    after(() => bench?.drop());

    const empty = async (): Promise<void> =>
      bench.look.script(
        'drop schema if exists other, "Other" cascade; drop schema public cascade; create schema public',
      );
    const states = async (sql: string): Promise<TraceState[]> => {
      const { statements: traced } = await readScriptTrace(bench.look, parser, { sql });
      return traced.map(({ state }) => state);
    };

    it('is missing before and there after, for each kind', async () => {
      for (const [first, statement] of statements) {
        await empty();
        await bench.look.script(first || 'select 1');
        assert.deepEqual(await states(statement), ['missing'], `before: ${statement}`);
        await bench.look.script(statement);
        assert.deepEqual(await states(statement), ['there'], `after: ${statement}`);
      }
    });

    it('does not say what the catalog does not tell', async () => {
      await empty();
      await bench.look.script('create table t (id int default 1); create view v as select 1');
      for (const [sql, expected] of [
        ['insert into t values (1)', 'unknown'],
        ['update t set id = 2', 'unknown'],
        ['select setval(null, 1)', 'unknown'],
        ['do $$ begin null; end $$', 'unknown'],
        ['create or replace view v as select 1', 'unknown'],
        ['alter table t alter id set default 2', 'unknown'],
        ['create index on t (id)', 'unknown'],
        ["set lock_timeout = '5s'", 'nothing'],
        ['select 1', 'nothing'],
        // Each undoes what the other does: neither can be told.
        ['create table u (id int); drop table u', 'unknown,unknown'],
        ['alter table t add note text; alter table t drop note', 'unknown,unknown'],
        // Names are looked for elsewhere then.
        ['set search_path to other; create table t (id int)', 'nothing,unknown'],
      ] as const) {
        assert.equal(String(await states(sql)), expected, sql);
      }
    });

    it('tells an index that is left invalid, and one action of two', async () => {
      await empty();
      await bench.look.script('create table t (id int, note text); insert into t values (1), (1)');
      await assert.rejects(bench.look.script('create unique index concurrently t_id on t (id)'));
      const sql = 'create unique index concurrently t_id on t (id); alter table t add a int, drop note';
      assert.deepEqual(await states(sql), ['half-made', 'missing']);
      await bench.look.script('alter table t drop note');
      assert.deepEqual(await states(sql), ['half-made', 'partly']);
      const trace = await readScriptTrace(bench.look, parser, { sql });
      assert.equal(trace.statements[0]!.cure, 'drop index concurrently if exists public.t_id');
    });

    it('judges a script that broke off by the order of its statements', async () => {
      await empty();
      await bench.look.script('create table a (id int); create table c (id int)');
      const verdict = async (sql: string): Promise<string> => {
        const judged = judgeTrace(await readScriptTrace(bench.look, parser, { sql }));
        return judged.kind === 'rest-missing' ? `rest from ${judged.from}` : judged.kind;
      };
      const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => `create table ${name} (id int);`);
      const row = 'insert into a values (1);';
      const comment = "comment on table a is 'x';";
      for (const [sql, expected] of [
        [`${a}${c}`, 'all-there'],
        [`${b}${d}`, 'nothing-there'],
        [`${b}${row}`, 'nothing-there'],
        [`set lock_timeout = 0; ${a}${b}${d}`, 'rest from 2'],
        [`${row}${a}${b}`, 'rest from 2'],
        [`${a}${comment}${b}`, 'rest from 1'],
        [`${a}${comment}`, 'rest from 1'],
        [`${a}${b}${row}`, 'rest from 1'],
        // The row may be what failed.
        [`${a}${row}${b}`, 'mixed'],
        [`${a}${row}`, 'not-known'],
        [`${row}${b}`, 'not-known'],
        [row, 'not-known'],
        // Nobody's tool did that.
        [`${a}${b}${c}`, 'mixed'],
      ] as const) {
        assert.equal(await verdict(sql), expected, sql);
      }
    });
  });
}
