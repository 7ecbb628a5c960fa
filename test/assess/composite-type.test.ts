import assert from 'node:assert/strict';
import { assessmentOf } from '../plan/assessment';
import { withSchema } from './with-schema';

describe('a composite type that gets an attribute', function () {
  this.timeout(60_000);
  const session = withSchema(`CREATE SCHEMA app;
    CREATE TYPE app.free AS (a int);
    CREATE TYPE app.used AS (a int);
    CREATE TYPE app.outer AS (u app.used[]);
    CREATE TABLE app.orders (id int, "O" app.outer);
    CREATE TABLE app.typed OF app.free;
    CREATE TYPE app.sorted AS (a int);
    CREATE TABLE app.lists (s app.sorted);
    CREATE INDEX plain ON app.lists (s);
    CREATE TYPE app.counted AS (a int);
    CREATE TABLE app.hashes (id int, c app.counted, list app.counted[]);
    CREATE UNIQUE INDEX once ON app.hashes (id, c);
    CREATE INDEX inside ON app.hashes USING gin (list);
    CREATE INDEX hash ON app.hashes USING hash (c);
    CREATE TABLE app.parts (c app.counted) PARTITION BY HASH (c);
    CREATE FOREIGN DATA WRAPPER none;
    CREATE SERVER elsewhere FOREIGN DATA WRAPPER none;
    CREATE FOREIGN TABLE app.far (c app.counted) SERVER elsewhere;
    CREATE PUBLICATION sent FOR TABLE app.hashes`);

  const blockersOf = async (type: string, name: string, attribute = 'int'): Promise<string> => {
    const table = { schema: 'app', name: type };
    return (
      await assessmentOf(session(), { kind: 'add-attribute', table, name, type: attribute })
    ).blockers.join('\n');
  };

  it('is left alone where a table is of it, or something counts the attributes of what is stored', async () => {
    assert.match(await blockersOf('free', 'b'), /app\.typed was made OF app\.free/);
    const counted = await blockersOf('counted', 'b');
    assert.match(counted, /indexes hash .*: app\.hash, app\.inside, app\.once\./);
    assert.match(counted, /partitioned by a hash of app\.counted.*: app\.parts\./);
    assert.match(counted, /from another server.*: app\.far\./);
    assert.match(counted, /published.*: app\.hashes\./);
  });

  it('may be of columns, and of a B-tree of theirs', async () => {
    assert.equal(await blockersOf('used', 'b'), '');
    assert.equal(await blockersOf('sorted', 'b'), '');
    const table = { schema: 'app', name: 'sorted' };
    const change = { kind: 'add-attribute', table, name: 'b', type: 'int' } as const;
    assert.deepEqual((await assessmentOf(session(), change)).compositeType, {
      attributes: ['a integer'],
      routines: [],
      columns: ['app.lists.s'],
      sorted: ['app.plain'],
    });
  });

  it('does not have it, and it is of a type', async () => {
    await assert.rejects(blockersOf('free', 'a'), /has an attribute a already/);
    await assert.rejects(blockersOf('orders', 'a'), /no composite type app\.orders/);
    await assert.rejects(blockersOf('free', 'b', 'nothing'), /does not take the type nothing/);
    for (const text of ['int, 1', 'int; SELECT 1', 'int AS a WHERE true', 'int + 1'])
      await assert.rejects(blockersOf('free', 'b', text), /is no type/);
  });
});
