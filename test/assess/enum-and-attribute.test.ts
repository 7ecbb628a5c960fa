import assert from 'node:assert/strict';
import type { SingleChange } from '../../src/assess/change';
import { recipes } from '../../src/plan/recipes/index';
import type { Recipe } from '../../src/plan/recipe';
import { assessmentOf } from '../plan/assessment';
import { withSchema } from './with-schema';

const table = { schema: 'app', name: 'orders' };

describe('an enum that loses a value or its columns, and a composite type that loses an attribute', function () {
  this.timeout(60_000);
  const session = withSchema(`CREATE SCHEMA app;
    CREATE TYPE app.free AS ENUM ('a', 'b', 'c');
    CREATE TYPE app.shared AS ENUM ('a', 'b', 'c');
    CREATE TYPE app.part AS ENUM ('a', 'b', 'c');
    CREATE TABLE app.orders (id int PRIMARY KEY, free app.free DEFAULT 'c' CHECK (free < 'b'), shared app.shared,
      CONSTRAINT spelled CHECK (free IN ('a', 'c')));
    CREATE DOMAIN app.d AS app.shared;
    CREATE TABLE app.other (list app.shared[], d app.d);
    CREATE FUNCTION app.f(app.shared) RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE VIEW app.spells AS SELECT id FROM app.orders WHERE free::text = 'c';
    CREATE FUNCTION app.g() RETURNS text LANGUAGE plpgsql AS $$BEGIN RETURN 'c'; END$$;
    CREATE TABLE app.parts (id int, part app.part DEFAULT 'a') PARTITION BY RANGE (id);
    CREATE TABLE app.part1 PARTITION OF app.parts DEFAULT;
    ALTER TABLE app.part1 ALTER part SET DEFAULT 'b', ADD CONSTRAINT own CHECK (part <> 'c');
    CREATE INDEX own_index ON app.part1 (part);
    INSERT INTO app.orders (id, free, shared) VALUES (1, 'a', 'c');
    CREATE TYPE app.pair AS (a int, b int);
    CREATE TABLE app.pairs (id int, p app.pair);
    CREATE INDEX pairs_p ON app.pairs (p);
    CREATE VIEW app.firsts AS SELECT (p).a FROM app.pairs;
    CREATE TYPE app.typed AS (a int);
    CREATE TABLE app.rows OF app.typed;
    CREATE FUNCTION app.c(app.pair) RETURNS int LANGUAGE sql AS 'SELECT 1'`);

  const blockersOf = async (change: SingleChange): Promise<string> => {
    const assessment = await assessmentOf(session(), change);
    const recipe = recipes.find(({ id }) => id === change.kind) as Recipe;
    return [...assessment.blockers, ...recipe.blockers(change, assessment)].join('\n');
  };
  const without = (column: string, value: string, instead: string | null = null): Promise<string> =>
    blockersOf({ kind: 'remove-enum-value', table, column, value, instead });
  const pair = { schema: 'app', name: 'pair' };

  it('keeps a value that others need, that a row has, or that a check or a default names', async () => {
    const shared = await without('shared', 'c');
    for (const other of [/column list of table app\.other/, /type app\.d/, /function app\.f\(app\.shared\)/])
      assert.match(shared, other);
    assert.match(shared, /in 1 place/);
    assert.doesNotMatch(await without('shared', 'b'), /places/);
    const free = await without('free', 'c');
    assert.match(free, /CHECK spelled names 'c'/);
    assert.match(free, /'c' is the default of free/);
    assert.match(free, /views hold free .*app\.spells/);
    assert.doesNotMatch(await without('free', 'c', 'a'), /is the default/);
    await assert.rejects(without('free', 'x'), /has no value 'x'/);
    await assert.rejects(without('free', 'c', 'x'), /has no value 'x'/);
    await assert.rejects(without('free', 'c', 'c'), /instead of 'c'/);
  });

  it('leaves partitions what they have of their own', async () => {
    const parts = { schema: 'app', name: 'parts' };
    const blockers = await blockersOf({ kind: 'enum-to-table', table: parts, column: 'part', to: 'kinds' });
    assert.match(blockers, /another default of part than app\.parts.*app\.part1/);
    assert.match(blockers, /of their own on part.*constraint own on table app\.part1.*index app\.own_index/);
  });

  it('is not made a table where a check asks for its order', async () => {
    const to = (name: string): Promise<string> =>
      blockersOf({ kind: 'enum-to-table', table, column: 'free', to: name });
    const blockers = await to('kinds');
    assert.match(blockers, /CHECK orders_free_check compares by order/);
    assert.doesNotMatch(blockers, /CHECK spelled/);
    await assert.rejects(to('pairs'), /table or type app\.pairs already/);
  });

  it('says what spells a value as text', async () => {
    const change = {
      kind: 'rename-enum-value',
      table,
      column: 'free',
      value: 'c',
      to: 'd',
      atOnce: false,
    } as const;
    const { valueTexts } = await assessmentOf(session(), change);
    assert.deepEqual(
      valueTexts?.map((text) => text.replaceAll('app.', '')),
      ['function g()', 'view spells'],
    );
    await assert.rejects(blockersOf({ ...change, to: 'a' }), /has both values/);
    await assert.rejects(blockersOf({ ...change, value: 'd', to: 'c' }), /Nothing has to be done/);
    await assert.rejects(blockersOf({ ...change, value: 'x' }), /has no value 'x'/);
  });

  it('keeps an attribute that a view reads, and one that an index counts', async () => {
    const blockers = await blockersOf({ kind: 'drop-attribute', table: pair, name: 'a' });
    assert.match(blockers, /These use a of app\.pair.*view app\.firsts/);
    assert.match(blockers, /keep values of app\.pair.*app\.pairs_p/);
    const typed = { schema: 'app', name: 'typed' };
    assert.match(
      await blockersOf({ kind: 'drop-attribute', table: typed, name: 'a' }),
      /app\.rows was made OF/,
    );
    await assert.rejects(
      blockersOf({ kind: 'drop-attribute', table: pair, name: 'x' }),
      /has no attribute x/,
    );
  });

  it('renames an attribute where no function stands in the way', async () => {
    const to = (name: string, attribute = 'a'): Promise<string> =>
      blockersOf({ kind: 'rename-attribute', table: pair, name: attribute, to: name });
    assert.equal(await to('d'), '');
    assert.match(await to('c'), /There is a function app\.c that takes app\.pair/);
    await assert.rejects(to('b'), /has an attribute b already/);
    await assert.rejects(to('b', 'x'), /Nothing has to be done/);
    await assert.rejects(to('d', 'x'), /has no attribute x/);
  });
});
