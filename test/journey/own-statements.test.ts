import assert from 'node:assert/strict';
import { ownStatements } from '../../src/journey/own-statements';
import type { SentSql } from '../../src/shadow/sent-statements';
import { loadParser } from '../../src/sql/parser';

const bookkeeping = [
  'create schema if not exists kept',
  'create table if not exists kept.done (name text)',
  'insert into done_lock (id) values ($1)',
];

async function own(sent: (string | Partial<SentSql>)[], program = ''): Promise<string> {
  const all = sent.map((each) => ({
    ...{ connection: 0, sql: '', parameters: [], failed: false },
    ...(typeof each === 'string' ? { sql: each } : each),
  }));
  return ownStatements(await loadParser(), all, { bookkeeping, program });
}

describe("a migration's own statements", () => {
  it('are those that are not of the tool: its tables, its looks at the catalog, its connection', async () => {
    const sent = [
      'create schema if not exists kept',
      'select version(); SET standard_conforming_strings=on; show server_version_num',
      "set client_min_messages to warning; set lock_timeout = '2s'",
      'select pg_advisory_lock(1)',
      "select c.relname from pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where relname = 'x'",
      'select table_name from information_schema.tables',
      'with d as (select * from kept.done) select * from d',
      'update done_lock set id = 1',
      'lock table kept.done in access exclusive mode',
      'create schema shop',
      "select setval('s', 4)",
      'select * from done join items using (name)',
      'create view v as select relname from pg_class',
      'create function f() returns int language sql as $$ select 1 $$',
      'drop table old',
      'drop table kept.done',
    ];
    assert.equal(
      await own(sent),
      `set lock_timeout = '2s';
create schema shop;
select setval('s', 4);
select * from done join items using (name);
create view v as select relname from pg_class;
create function f() returns int language sql as $$ select 1 $$;
drop table old;
`,
    );
    assert.equal(
      await own(['select version()'], "await db.query('select version()')"),
      'select version();\n',
    );
  });

  it('keep their transactions and no others, on every connection', async () => {
    const sent = [
      { sql: 'begin', connection: 1 },
      'BEGIN',
      { sql: 'insert into kept.done values ($1)', parameters: ['x'], connection: 1 },
      'savepoint a',
      { sql: 'create table t (a int)', failed: true },
      'rollback to savepoint a',
      'insert into t values (1)',
      { sql: 'commit', connection: 1 },
      'release savepoint a',
      'COMMIT;',
      'begin; select 1 from done; rollback',
      { sql: 'create index concurrently i on t (a)', connection: 1 },
    ];
    assert.equal(
      await own(sent),
      `BEGIN;
savepoint a;
rollback to savepoint a;
insert into t values (1);
release savepoint a;
COMMIT;
create index concurrently i on t (a);
`,
    );
  });

  it('keep what cannot be read, comments before them, and values in one line', async () => {
    const sent = [
      'not really sql',
      '-- why\n/* so */ drop table t; ;',
      { sql: 'insert into t values ($1, $2, $3)', parameters: ["it's\nhere; drop", null, undefined] },
    ];
    assert.equal(
      await own(sent),
      `not really sql;
-- why
/* so */ drop table t;
-- $1 = 'it''s here; drop'
-- $2 = NULL
-- $3 = ?
insert into t values ($1, $2, $3);
`,
    );
  });
});
