import assert from 'node:assert/strict';
import { readTableFacts } from '../../src/catalog/read-table-facts';
import { sampleBatch } from '../../src/implement/sample-batch';
import type { BackfillSpec } from '../../src/plan/plan';
import { withSchema } from '../assess/with-schema';

describe('a batch that is tried', () => {
  const session = withSchema(`CREATE SCHEMA app;
    CREATE TABLE app.orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text, twice int GENERATED ALWAYS AS (1) STORED);
    INSERT INTO app.orders (note) SELECT 'n' || i FROM generate_series(1, 5000) i;
    CREATE TABLE app.numbers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    INSERT INTO app.numbers DEFAULT VALUES;
    CREATE TABLE app.empty (id int PRIMARY KEY);
    CREATE TABLE app.parts (id int, k int) PARTITION BY HASH (id);
    CREATE TABLE app.part PARTITION OF app.parts FOR VALUES WITH (MODULUS 1, REMAINDER 0);
    INSERT INTO app.parts SELECT i, i FROM generate_series(1, 5000) i;
    ANALYZE`);
  const byKey: BackfillSpec['walk'] = { by: 'key', columns: ['id'] };

  async function tried(name: string, walk = byKey): Promise<Awaited<ReturnType<typeof sampleBatch>>> {
    const table = await readTableFacts(session(), { schema: 'app', name });
    return sampleBatch(session(), table, walk, 1000, new AbortController().signal);
  }

  it('says how long so many rows took and how much WAL they wrote, and leaves the rows as they are', async () => {
    const look = 'SELECT xmin::text, ctid::text, id, note FROM app.orders ORDER BY id';
    const { rows: before } = await session().query(look);
    const sample = await tried('orders');
    assert.equal(sample?.relation, 'app.orders');
    assert.equal(sample.rows, 1000);
    assert.ok(sample.milliseconds > 0);
    // A row that is written anew is some forty bytes of WAL at least.
    assert.ok(sample.walBytes > 40_000, String(sample.walBytes));
    assert.deepEqual((await session().query(look)).rows, before);
  });

  it('walks partitions by place, too', async () => {
    const sample = await tried('parts', { by: 'ctid' });
    assert.ok(sample && sample.rows > 1000 && sample.rows <= 5000, String(sample?.rows));
  });

  it('is none where there is nothing to write', async () => {
    assert.equal(await tried('empty'), null);
    assert.equal(await tried('numbers'), null);
  });
});
