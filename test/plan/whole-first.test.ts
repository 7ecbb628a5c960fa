import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { wholeFirst } from '../../src/plan/pieces/whole-first';
import { dropTrigger } from '../../src/sql/row-trigger';
import { testServer, type TestDatabase } from '../support/servers';

const name = { schema: 'public', name: 'orders' };
const partitioning = {
  strategy: 'list' as const,
  key: 'LIST (day)',
  count: 1,
  leaves: [],
  defaultPartition: null,
};

describe('a trigger that is dropped from a partitioned table', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  const sessions: Session[] = [];

  before(async () => {
    database = await (await testServer({ major: 18 })).createDatabase();
    for (let each = 0; each < 3; each += 1)
      sessions.push(await openSession(database.connection, database.password));
    await sessions[0]!.script(`
      CREATE TABLE orders (id int, day int) PARTITION BY LIST (day);
      CREATE TABLE orders_1 PARTITION OF orders FOR VALUES IN (1);
      CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER watched BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION nothing();
    `);
  });

  after(async () => {
    for (const session of sessions) await session.close();
    await database.drop();
  });

  /** The locks on the partition while the statements wait for somebody who reads the table. */
  async function heldBelow(statements: readonly string[]): Promise<string[]> {
    const [reader, changer, watcher] = sessions as [Session, Session, Session];
    await reader.script('BEGIN; LOCK TABLE ONLY orders IN ACCESS SHARE MODE');
    const changing = changer.script(`BEGIN; ${statements.join('; ')}; ROLLBACK`);
    for (;;) {
      const { rows } = await watcher.query<{ mode: string; waits: boolean }>(
        `SELECT l.mode, EXISTS (SELECT FROM pg_locks w WHERE w.pid = $1 AND NOT w.granted) AS waits
           FROM pg_locks l WHERE l.pid = $1 AND l.granted AND l.relation = 'orders_1'::regclass
          UNION ALL SELECT '', EXISTS (SELECT FROM pg_locks w WHERE w.pid = $1 AND NOT w.granted)`,
        [changer.facts.pid],
      );
      if (rows.some(({ waits }) => waits)) {
        await reader.script('ROLLBACK');
        await changing;
        return rows.map(({ mode }) => mode).filter((mode) => mode !== '');
      }
      await wait(10);
    }
  }

  it('would lock its partitions before the table, and stands in the way of who reads them through it', async () => {
    assert.deepEqual(await heldBelow([dropTrigger(name, 'watched')]), ['AccessExclusiveLock']);
  });

  it('locks nothing of them while it waits for the table, where the whole is locked first', async () => {
    const statements = [...wholeFirst({ name, partitioning }), dropTrigger(name, 'watched')];
    assert.deepEqual(await heldBelow(statements), []);
  });

  it('needs nothing of the kind on a plain table', () => {
    assert.deepEqual(wholeFirst({ name, partitioning: null }), []);
  });
});
