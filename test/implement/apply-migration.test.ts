import assert from 'node:assert/strict';
import { installSchema } from '../../src/database/switchback-schema';
import { applyMigration, rollBackMigration } from '../../src/implement/apply-migration';
import type { ReleasedFile } from '../../src/implement/run-context';
import type { LayoutId, MigrationScript } from '../../src/layouts/layout';
import { layoutById } from '../../src/layouts/layouts';
import { testMajors } from '../support/servers';
import { openBench, requestFor, value, type Bench } from './fixture';

function files(
  layout: LayoutId,
  pairs: [up: string, down: string | null][],
  transaction: MigrationScript['transaction'] = layout === 'plain' ? 'wrapped' : 'implicit',
): ReleasedFile[] {
  const siblings = pairs.map((_, index) => ({
    version: String(index + 1),
    name: `m${index + 1}`,
    folder: '/w/m',
    layout,
    upPath: '/w/m/up.sql',
    downPath: null,
  }));
  return pairs.map(([up, down], index) => ({
    layout: layoutById(layout),
    migration: siblings[index]!,
    siblings,
    directory: 'm',
    up: {
      path: '/w/m/up.sql',
      direction: 'up',
      sql: up,
      offset: 0,
      transaction,
      contentHash: 'u',
    },
    down:
      down === null
        ? null
        : {
            path: '/w/m/down.sql',
            direction: 'down',
            sql: down,
            offset: 0,
            transaction,
            contentHash: 'd',
          },
  }));
}

for (const major of testMajors) {
  describe(`applying one migration file, PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    async function on(work: (bench: Bench) => Promise<void>): Promise<void> {
      const bench = await openBench(major, 'create table t (id int)');
      try {
        await work(bench);
      } finally {
        await bench.drop();
      }
    }

    it('goes up and down with golang-migrate, in order only', () =>
      on(async (bench) => {
        const [one, two] = files('golang-migrate', [
          ['alter table t add a int; alter table t add b int', 'alter table t drop a; alter table t drop b'],
          ['create index concurrently t_a on t (a)', 'drop index concurrently t_a'],
        ]);
        await assert.rejects(applyMigration(await requestFor(bench, two!)), { code: 'invalid-input' });
        await assert.rejects(rollBackMigration(await requestFor(bench, one!)), { code: 'already-done' });
        assert.equal((await applyMigration(await requestFor(bench, one!))).version, '1');
        await assert.rejects(applyMigration(await requestFor(bench, one!)), { code: 'already-done' });
        await applyMigration(await requestFor(bench, two!));
        assert.equal(
          await value(bench.look, "select version || ' ' || dirty from schema_migrations"),
          '2 false',
        );
        await assert.rejects(rollBackMigration(await requestFor(bench, one!)), { code: 'invalid-input' });
        await rollBackMigration(await requestFor(bench, two!));
        await rollBackMigration(await requestFor(bench, one!));
        assert.equal(await value(bench.look, "select to_regclass('t_a')"), null);
        assert.equal(await value(bench.look, 'select count(*) from schema_migrations'), '0');
      }));

    it('writes the history of plain pairs with the migration, after consent only', () =>
      on(async (bench) => {
        const [one, two] = files('plain', [
          ['alter table t add a int', null],
          ['alter table t add a int', null],
        ]);
        await assert.rejects(applyMigration(await requestFor(bench, one!)), { code: 'no-consent' });
        await installSchema(bench.look);
        await applyMigration(await requestFor(bench, one!));
        await assert.rejects(applyMigration(await requestFor(bench, two!)), /already exists/);
        assert.equal(
          await value(bench.look, "select string_agg(version || applied_by, ',') from switchback.migrations"),
          '1tester',
        );
        await assert.rejects(rollBackMigration(await requestFor(bench, one!)), {
          code: 'not-found',
          message: /no down file/,
        });
      }));

    it('runs a file without a transaction statement by statement', () =>
      on(async (bench) => {
        await installSchema(bench.look);
        const [one] = files(
          'plain',
          [['alter table t add a int;\ncreate index concurrently t_a on t (a);\nvacuum t', null]],
          'none',
        );
        await applyMigration(await requestFor(bench, one!));
        assert.equal(
          await value<boolean>(
            bench.look,
            "select indisvalid from pg_index where indexrelid = 't_a'::regclass",
          ),
          true,
        );
      }));

    it('sends a file with its own BEGIN and COMMIT as it is, and leaves nothing open when that fails', () =>
      on(async (bench) => {
        const [one] = files('golang-migrate', [['begin; alter table t add a int; commit', null]]);
        await applyMigration(await requestFor(bench, one!));
        assert.equal(
          await value(
            bench.look,
            "select count(*) from pg_attribute where attrelid = 't'::regclass and attname = 'a'",
          ),
          '1',
        );
        const [, bad] = files('golang-migrate', [
          ['select 1', null],
          ['begin; alter table t add b int; select 1 / 0; commit', null],
        ]);
        await assert.rejects(applyMigration(await requestFor(bench, bad!)), /division by zero/);
        assert.equal(
          await value(
            bench.look,
            "select count(*) from pg_attribute where attrelid = 't'::regclass and attname = 'b'",
          ),
          '0',
        );
        assert.equal(
          await value(bench.look, "select version || ' ' || dirty from schema_migrations"),
          '2 true',
        );
      }));

    it('waits for the tool when it holds its own lock, and says so', () =>
      on(async (bench) => {
        const [one] = files('golang-migrate', [['alter table t add a int', null]]);
        const execution = one!.layout.execution(one!.migration, 'up', {
          directory: 'm',
          previousVersion: null,
          by: 'tool',
          sql: '',
          contentHash: '',
          recordedHash: null,
          id: '',
        });
        await bench.look.query(execution.lock!.take);
        await assert.rejects(applyMigration(await requestFor(bench, one!)), {
          code: 'locked-by-other',
          message: /golang-migrate is running/,
        });
        await bench.look.query(execution.lock!.release);
        await applyMigration(await requestFor(bench, one!));
      }));
  });
}
