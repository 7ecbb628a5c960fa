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
    CREATE TABLE app.typed OF app.free`);

  const blockersOf = async (type: string, name: string, attribute = 'int'): Promise<string> => {
    const table = { schema: 'app', name: type };
    return (
      await assessmentOf(session(), { kind: 'add-attribute', table, name, type: attribute })
    ).blockers.join('\n');
  };

  it('is left alone where a column or a table is of it', async () => {
    assert.match(await blockersOf('used', 'b'), /values of: app\.orders\."O"/);
    assert.match(await blockersOf('free', 'b'), /app\.typed was made OF app\.free/);
  });

  it('does not have it, and it is of a type', async () => {
    await assert.rejects(blockersOf('free', 'a'), /has an attribute a already/);
    await assert.rejects(blockersOf('orders', 'a'), /no composite type app\.orders/);
    await assert.rejects(blockersOf('free', 'b', 'nothing'), /does not take the type nothing/);
    for (const text of ['int, 1', 'int; SELECT 1', 'int AS a WHERE true', 'int + 1'])
      await assert.rejects(blockersOf('free', 'b', text), /is no type/);
  });
});
