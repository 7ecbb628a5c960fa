import assert from 'node:assert/strict';
import type { Change } from '../../src/assess/change';
import { assessmentOf } from '../plan/assessment';
import { withSchema } from './with-schema';

const replace = (definition: string, name = 'f', types: string | null = null): Change => ({
  kind: 'replace-function',
  table: { schema: 'app', name },
  definition,
  arguments: types,
});

describe('a function that is replaced', function () {
  this.timeout(60_000);
  const session = withSchema(`CREATE SCHEMA app;
    CREATE TABLE app.orders (id int PRIMARY KEY, n int, CHECK (n > 0));
    CREATE FUNCTION app.f(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT a + 1';
    CREATE FUNCTION app.g(a int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN app.f(a); END';
    CREATE INDEX of_g ON app.orders (app.g(n));
    CREATE TABLE app.parts (id int) PARTITION BY RANGE (app.f(id));
    CREATE TABLE app.kept (n int, m int GENERATED ALWAYS AS (app.f(n)) STORED);
    CREATE FUNCTION app.h(a int, b int DEFAULT 1) RETURNS SETOF int LANGUAGE sql AS 'SELECT a';
    CREATE FUNCTION app.h(a text) RETURNS text LANGUAGE sql AS 'SELECT a';
    CREATE AGGREGATE app.most (int) (SFUNC = int4larger, STYPE = int)`);

  const blockersOf = async (change: Change): Promise<string> =>
    (await assessmentOf(session(), change)).blockers.join('\n');

  it('is left alone where an index, a generated column or a partition key keeps what it gave', async () => {
    const blockers = await blockersOf(
      replace("CREATE FUNCTION app.f(a int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 2'"),
    );
    assert.match(blockers, /index app\.of_g keeps results of app\.f\(integer\)/);
    assert.match(blockers, /column m of table app\.kept keeps/);
    assert.match(blockers, /table app\.parts keeps/);
  });

  it('keeps its result, and calls are not decided by types', async () => {
    const h = (head: string, types: string | null = null): Promise<string> =>
      blockersOf(replace(`CREATE FUNCTION ${head} LANGUAGE sql AS 'SELECT 1'`, 'h', types));
    assert.match(await h('app.h(a int, b int DEFAULT 2) RETURNS int'), /it returns SETOF integer/);
    assert.match(
      await h('app.h(x int, b int) RETURNS SETOF int'),
      /1 of its arguments can be left out; .*called a/,
    );
    assert.match(await h('app.h(a bigint) RETURNS int', 'integer, integer'), /decided by types/);
    assert.equal(await h('app.h2(a bigint) RETURNS int', 'text'), '');
    await assert.rejects(h('app.h(a bigint) RETURNS int'), /--arguments/);
    await assert.rejects(h('app.h(a bigint) RETURNS int', 'point'), /No function takes these/);
    await assert.rejects(h('app.h2(a nothing) RETURNS int', 'text'), /knows no type/);
    await assert.rejects(h('app.h(text) RETURNS text', 'int, int'), /There is a app.h\(text\) already/);
  });

  it('has to be another definition of one that is there', async () => {
    await assert.rejects(
      blockersOf(
        replace(
          'create function app.g(a integer) returns int language plpgsql immutable as $$BEGIN RETURN app.f(a); END$$',
          'g',
        ),
      ),
      /has that definition already/,
    );
    await assert.rejects(
      blockersOf(replace("CREATE FUNCTION app.gone() RETURNS int LANGUAGE sql AS ''", 'gone')),
      /There is no function app.gone/,
    );
    for (const text of ['SELECT 1', 'CREATE FUNCTION f() RETURNS int LANGUAGE sql', 'CREATE FUNC'])
      await assert.rejects(blockersOf(replace(text)), /is not one function|in which schema|cannot be read/);
    const aggregate = "CREATE FUNCTION app.most2(int) RETURNS int LANGUAGE sql AS 'SELECT 1'";
    assert.match(await blockersOf(replace(aggregate, 'most')), /is an aggregate/);
  });
});
