import assert from 'node:assert/strict';
import { sessionFactory } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { golangMigrate } from '../../src/layouts/golang-migrate';
import type { Direction, LayoutExecution, Migration } from '../../src/layouts/layout';
import { plainPair } from '../../src/layouts/plain-pair';
import { testMajors, testServer, type TestDatabase } from '../support/servers';

const migration: Migration = {
  version: '7',
  name: 'seven',
  folder: '/m',
  layout: 'golang-migrate',
  upPath: '/m/7_seven.up.sql',
  downPath: '/m/7_seven.down.sql',
};

const context = {
  directory: 'db/migrations',
  by: 'somebody',
  sql: '',
  contentHash: 'abc',
  recordedHash: null,
  id: '',
};

for (const major of testMajors) {
  describe(`running as the tool does, on PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    let session: Session;

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await sessionFactory(database.connection, async () => database.password).open();
    });
    after(async () => {
      await session?.close();
      await database?.drop();
    });
    beforeEach(() =>
      session.script('drop table if exists schema_migrations; drop schema if exists switchback cascade'),
    );

    const run = async (execution: LayoutExecution): Promise<void> => {
      for (const sql of execution.prepare) await session.script(sql);
      for (const list of [execution.before, execution.record(12)]) {
        await session.transaction(async () => {
          for (const { sql, parameters } of list) await session.query(sql, parameters);
        });
      }
    };
    const rows = async (): Promise<unknown[]> =>
      (await session.query('select version, dirty from schema_migrations')).rows;
    const golang = (direction: Direction, previousVersion: string | null): LayoutExecution =>
      golangMigrate.execution(migration, direction, { ...context, previousVersion });

    it('keeps one row: dirty before, clean after, the version before on the way down', async () => {
      assert.equal((await golangMigrate.history('', session)).exists, false);
      const up = golang('up', '6');
      for (const sql of up.prepare) await session.script(sql);
      await session.transaction(async () => {
        for (const { sql, parameters } of up.before) await session.query(sql, parameters);
      });
      assert.equal((await golangMigrate.history('', session)).applied[0]!.dirty, true);
      await run(up);
      assert.deepEqual(await rows(), [{ version: '7', dirty: false }]);
      await run(golang('down', '6'));
      assert.deepEqual(await rows(), [{ version: '6', dirty: false }]);
      await run(golang('down', null));
      assert.deepEqual(await rows(), []);
      assert.deepEqual(await golangMigrate.history('', session), {
        exists: true,
        table: 'public.schema_migrations',
        applied: [],
        cumulative: true,
      });
    });

    it('touches no table of the same name that another tool keeps', async () => {
      await session.script(
        "create table schema_migrations (version varchar primary key); insert into schema_migrations values ('20240101')",
      );
      await assert.rejects(run(golang('up', '6')));
      await assert.rejects(golangMigrate.history('', session), { code: 'invalid-input' });
      assert.equal((await session.query('select version from schema_migrations')).rows.length, 1);
    });

    it("takes the tool's lock, under both names the tool may use", async () => {
      const { lock } = golang('up', null);
      const id = (name: string): string =>
        String((BigInt(crc32(`public\0schema_migrations\0${name}`)) * 1486364155n) % 2n ** 32n);
      const expected = [id(session.facts.database), id(`/${session.facts.database}`)].sort();
      const held = async (): Promise<string[]> => {
        const { rows: locks } = await session.query<{ id: string }>(
          `select ((classid::int8 << 32) + objid::int8)::text as id from pg_locks
           where locktype = 'advisory' and pid = pg_backend_pid() and objsubid = 1 order by 1`,
        );
        return locks.map((row) => row.id).sort();
      };
      await session.query(lock!.take);
      assert.deepEqual(await held(), expected);
      await session.query(lock!.release);
      assert.deepEqual(await held(), []);
    });

    it('writes and removes a row of the plain pair', async () => {
      assert.equal((await plainPair.history(context.directory, session)).exists, false);
      await session.script(
        `create schema switchback;
         create table switchback.migrations (directory text, version text, name text, content_hash text,
           applied_at timestamptz, applied_by text, milliseconds bigint, primary key (directory, version))`,
      );
      const plain = { ...migration, layout: 'plain' as const, version: '007' };
      await run(plainPair.execution(plain, 'up', { ...context, previousVersion: null }));
      const [applied] = (await plainPair.history(context.directory, session)).applied;
      assert.equal(applied!.version, '007');
      assert.equal(applied!.contentHash, 'abc');
      assert.equal(applied!.milliseconds, 12);
      assert.deepEqual((await plainPair.history('elsewhere', session)).applied, []);
      await run(plainPair.execution(plain, 'down', { ...context, previousVersion: null }));
      assert.deepEqual((await plainPair.history(context.directory, session)).applied, []);
    });
  });
}

/** CRC-32 (IEEE), written apart from the product's. */
function crc32(text: string): number {
  let crc = ~0;
  for (const byte of Buffer.from(text, 'utf8')) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}
