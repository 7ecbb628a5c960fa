import assert from 'node:assert/strict';
import type { MoveToDatabase } from '../../src/assess/changes/move-to-database';
import { databaseMoveBlockers } from '../../src/plan/pieces/move-to-database-blockers';
import { openBench, type Bench } from '../implement/fixture';
import { anotherDatabase, anotherServer } from '../recipes/another-database';
import { assessmentOf } from './assessment';

const change: MoveToDatabase = {
  kind: 'move-to-database',
  table: { schema: 'public', name: 't' },
  server: anotherServer,
  to: { schema: 'there', name: 't' },
};
const plain = "create table t (id int primary key, v text default 'a', state text);";

describe('what stops a table from going to another database', function () {
  this.timeout(60_000);
  let bench: Bench;
  afterEach(() => bench?.drop());

  const open = async (sql: string): Promise<void> => {
    bench = await openBench(18);
    for (const script of anotherDatabase('')) await bench.look.script(script);
    await bench.look.script(sql);
  };
  const blockers = async (wish: Partial<MoveToDatabase> = {}): Promise<string[]> => {
    const assessment = await assessmentOf(bench.look, { ...change, ...wish });
    return [...assessment.blockers, ...databaseMoveBlockers(assessment.table)];
  };
  const stops: { title: string; sql: string; says: RegExp }[] = [
    { title: 'no key', sql: 'create table t (id int)', says: /add-primary-key/ },
    {
      title: 'a key in a collation of its own',
      sql: 'create table t (id text collate "C" primary key)',
      says: /without a collation/,
    },
    {
      title: 'a key of a type of its own',
      sql: 'create domain d as int; create table t (id d primary key)',
      says: /types of PostgreSQL itself/,
    },
    {
      title: 'a generated column',
      sql: 'create table t (id int primary key, g int generated always as (id) stored)',
      says: /g of public\.t is generated/,
    },
    {
      title: 'a foreign key to it',
      sql: `${plain} create table r (t int constraint k references t)`,
      says: /foreign key k of public\.r/,
    },
    {
      title: 'a foreign key to itself',
      sql: 'create table t (id int primary key, up int constraint k references t)',
      says: /foreign key k of public\.t/,
    },
    { title: 'a view', sql: `${plain} create view s as select * from t`, says: /view public\.s reads/ },
    {
      title: 'a trigger',
      sql: `${plain} create function f() returns trigger language plpgsql as 'begin return new; end'; create trigger g before insert on t for each row execute function f()`,
      says: /trigger g of public\.t/,
    },
    { title: 'row security', sql: `${plain} alter table t enable row level security`, says: /row security/ },
    { title: 'a publication', sql: `${plain} create publication p for table t`, says: /publication p sends/ },
    {
      title: 'partitions',
      sql: 'create table t (id int primary key) partition by range (id)',
      says: /is partitioned/,
    },
    {
      title: 'a parent',
      sql: 'create table p (id int primary key) partition by range (id); create table t partition of p default',
      says: /is a partition of public\.p/,
    },
    {
      title: 'a routine bound to its rows',
      sql: `${plain} create function f(t) returns int language sql as 'select 1'`,
      says: /f\(.*\) is bound to public\.t/,
    },
    {
      title: 'an owner without a user mapping',
      sql: `${plain} do $$ begin if not exists (select from pg_roles where rolname = 'unmapped') then create role unmapped; end if; end $$; alter table t owner to unmapped;
        grant usage on foreign server "Else ""where""" to unmapped`,
      says: /unmapped has no user mapping/,
    },
    {
      title: 'a foreign table of the same one',
      sql: `${plain} create foreign table f (id int) server "Else ""where""" options (schema_name 'there', table_name 't')`,
      says: /f is a foreign table of there\.t already/,
    },
  ];
  for (const { title, sql, says } of stops)
    it(title, async () => {
      await open(sql);
      const found = await blockers();
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0]!, says);
      await bench.look.script('drop role if exists unmapped').catch(() => undefined);
    });

  it('a server that is missing, or not of postgres_fdw', async () => {
    await open(`${plain} create foreign data wrapper w; create server other foreign data wrapper w`);
    assert.match(
      (await blockers({ server: 'missing' })).join('\n'),
      /^There is no foreign server missing\. .*$/,
    );
    assert.match((await blockers({ server: 'other' })).join('\n'), /not one of postgres_fdw/);
    assert.deepEqual(await blockers(), []);
  });
});
