import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { readServerFacts } from '../../../src/assess/server-facts';
import type { TableLoad } from '../../../src/assess/load/load-facts';
import { readTableLoad } from '../../../src/assess/load/read-table-load';
import { openSession } from '../../../src/database/connect';
import type { Session } from '../../../src/database/session';
import { loadParser } from '../../../src/sql/parser';
import { testMajors, testServer, type TestDatabase } from '../../support/servers';

for (const major of testMajors) {
  describe(`the load of a table on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    const signal = new AbortController().signal;
    let session: Session;
    let database: TestDatabase;

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      const writer = await openSession(database.connection, database.password);
      await writer.script(`
        CREATE TABLE orders (id bigint, day int) PARTITION BY LIST (day);
        CREATE TABLE orders_1 PARTITION OF orders FOR VALUES IN (1);
        CREATE TABLE orders_2 PARTITION OF orders FOR VALUES IN (2);
        CREATE VIEW days AS SELECT day FROM orders;
        INSERT INTO orders SELECT i, 1 + i % 2 FROM generate_series(1, 100) i;
        UPDATE orders SET id = id + 1000 WHERE id <= 10;
        DELETE FROM orders WHERE id = 50;
        SELECT count(*) FROM orders;
      `);
      // A session hands in its counts when it ends; what ANALYZE counted before that would be added to.
      await writer.close();
      session = await openSession(database.connection, database.password);
      await session.script('VACUUM orders_1');
      await session.script('ANALYZE orders');
    });

    after(async () => {
      await session.close();
      await database.drop();
    });

    const load = async (name: string): Promise<TableLoad | null> =>
      readTableLoad(session, await loadParser(), { name: { schema: 'public', name }, column: 'day' }, signal);

    /** Counts are seen a moment later. */
    async function counted(): Promise<TableLoad> {
      for (;;) {
        const found = await load('orders');
        if (found && found.written.deleted > 0 && found.lastVacuum !== null) return found;
        await wait(100);
      }
    }

    it('counts what was read and written, of all partitions together', async () => {
      const found = await counted();
      assert.deepEqual(
        { inserted: found.written.inserted, updated: found.written.updated, deleted: found.written.deleted },
        { inserted: 100, updated: 10, deleted: 1 },
      );
      assert.ok(found.scans.sequential >= 4);
      assert.equal(found.rows.live, 99);
      assert.ok(found.lastAnalyze !== null && found.cached !== null && found.cached > 0);
      assert.deepEqual([found.vacuums, found.statements], [[], null]);
    });

    it('has none of a view', async () => assert.equal(await load('days'), null));

    it('sees a slot that nobody reads, and what is kept for it', async () => {
      await session.script(`SELECT pg_create_physical_replication_slot('switchback_test', true)`);
      try {
        const { slots } = await readServerFacts(session, signal);
        const slot = slots.find(({ name }) => name === 'switchback_test');
        assert.ok(slot && !slot.active && slot.keptBytes !== null && slot.keptBytes >= 0);
      } finally {
        await session.script(`SELECT pg_drop_replication_slot('switchback_test')`);
      }
    });
  });
}
