import assert from 'node:assert/strict';
import { reachOf, type Reach } from '../../src/safety/reach';
import { loadParser, type SqlParser } from '../../src/sql/parser';

const reaching: [Reach, string][] = [
  ['machine', "copy t to program 'sh'"],
  ['machine', "copy t from '/etc/passwd'"],
  ['machine', "load 'x'"],
  ['machine', "create subscription s connection 'host=x' publication p"],
  ['machine', "create tablespace s location '/tmp/x'"],
  ['machine', 'create user mapping for a server b'],
  ['machine', 'import foreign schema a from server b into c'],
  ['machine', "create foreign table t (a int) server s options (program 'x')"],
  ['machine', "select dblink_exec('host=x', 'drop table t')"],
  ['machine', "with a as (select pg_catalog.pg_read_file('x')) insert into t select * from a"],
  ['machine', "do $$ begin copy t to program 'sh'; end $$"],
  ['machine', "do $$ begin if true then perform lo_export(1, '/tmp/x'); end if; end $$"],
  ['machine', "do $$ begin execute format('alter role %I set x = 1', current_user); end $$"],
  ['server', 'alter system set work_mem = 1'],
  ['server', 'alter database shop set x.y = 1'],
  ['server', 'alter database shop owner to a'],
  ['server', 'alter database shop rename to b'],
  ['server', 'drop database shop'],
  ['server', 'grant connect on database shop to a'],
  ['server', "comment on database shop is 'x'"],
  ['server', 'create role a'],
  ['server', "alter user a password 'x'"],
  ['server', 'alter role a rename to b'],
  ['server', 'grant a to b'],
  ['server', 'drop owned by a'],
  ['server', 'select pg_terminate_backend(pid) from pg_stat_activity'],
  ['server', 'do $$ begin drop role a; end $$'],
];

const staying = [
  'copy t from stdin',
  'create table t (a int)',
  'create extension pg_trgm',
  'grant select on t to a',
  'alter table t owner to a',
  'alter default privileges grant select on tables to a',
  "comment on table t is 'role database copy to program'",
  "insert into t values ('alter system set x = 1')",
  'create function f() returns void language sql as $$ select pg_reload_conf() $$',
  "do $$ begin if not exists (select from pg_roles where rolname = 'a') then create role a; end if; end $$",
  "do $$ begin execute format('create table %I (a int)', 'x'); end $$",
];

describe('how far a statement reaches', () => {
  let parser: SqlParser;

  before(async () => {
    parser = await loadParser();
  });

  function reach(sql: string): Reach | null {
    const { statements, problems } = parser.parse(sql);
    assert.deepEqual([statements.length, problems], [1, []], sql);
    return reachOf(statements[0]!);
  }

  for (const [to, sql] of reaching) it(`${to}: ${sql}`, () => assert.equal(reach(sql), to));
  for (const sql of staying) it(`inside: ${sql}`, () => assert.equal(reach(sql), null));
});
