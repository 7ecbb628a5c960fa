import assert from 'node:assert/strict';
import path from 'node:path';
import { applyMigration, markMigration, rollBackMigration } from '../../src/implement/apply-migration';
import type { ReleasedFile } from '../../src/implement/run-context';
import type { Layout } from '../../src/layouts/layout';
import { drizzle } from '../../src/layouts/drizzle';
import { prisma } from '../../src/layouts/prisma';
import { memoryFiles } from '../support/memory-files';
import { testMajors } from '../support/servers';
import { openBench, requestFor, value, type Bench } from './fixture';

const folder = path.resolve('/w/m');

/** The migrations of a folder of these files. */
async function released(layout: Layout, contents: Record<string, string>): Promise<ReleasedFile[]> {
  const files = memoryFiles(
    Object.fromEntries(Object.entries(contents).map(([name, text]) => [path.join(folder, name), text])),
  );
  const siblings = await layout.list(folder, files);
  return Promise.all(
    siblings.map(async (migration) => ({
      layout,
      migration,
      siblings,
      directory: 'm',
      up: await layout.script(migration, 'up', files),
      down: await layout.script(migration, 'down', files),
    })),
  );
}

for (const major of testMajors) {
  describe(`tools that know no way back, PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    async function on(work: (bench: Bench) => Promise<void>): Promise<void> {
      const bench = await openBench(major, 'create table t (id int)');
      try {
        await work(bench);
      } finally {
        await bench.drop();
      }
    }

    it('Prisma: applied and taken back, and nothing left of what failed in its transaction', () =>
      on(async (bench) => {
        const [one, two, three] = await released(prisma, {
          '1_one/migration.sql': 'alter table t add a int; alter table t add b int;',
          '1_one/down.sql': 'alter table t drop a; alter table t drop b;',
          '2_two/migration.sql': 'alter table t add c int; alter table t add a int;',
          '3_three/migration.sql': 'create index concurrently t_a on t (nothing);',
        });
        const rows = (): Promise<unknown> =>
          value(
            bench.look,
            `select coalesce(string_agg(concat_ws(' ', migration_name, applied_steps_count,
               case when finished_at is null then 'unfinished' end), ', ' order by started_at), '')
             from _prisma_migrations`,
          );
        await applyMigration(await requestFor(bench, one!));
        assert.equal(await rows(), '1_one 1');
        await assert.rejects(applyMigration(await requestFor(bench, two!)), /already exists/);
        assert.equal(await rows(), '1_one 1');
        await assert.rejects(applyMigration(await requestFor(bench, three!)), /does not exist/);
        assert.equal(await rows(), '1_one 1, 3_three 0 unfinished');
        await assert.rejects(applyMigration(await requestFor(bench, two!)), {
          code: 'invalid-input',
          message: /3_three began and did not finish/,
        });
        await markMigration(await requestFor(bench, three!), 'not-applied');
        assert.equal(await rows(), '1_one 1');
        await markMigration(await requestFor(bench, three!), 'applied');
        assert.equal(await rows(), '1_one 1, 3_three 0');
        await rollBackMigration(await requestFor(bench, one!));
        assert.equal(await rows(), '3_three 0');
        await assert.rejects(rollBackMigration(await requestFor(bench, three!)), { code: 'not-found' });
      }));

    it('Drizzle: in the order of the journal only, each with its row in its own transaction', () =>
      on(async (bench) => {
        const entry = (tag: string, when: number): object => ({
          idx: 0,
          version: '7',
          when,
          tag,
          breakpoints: true,
        });
        const [one, two] = await released(drizzle, {
          'meta/_journal.json': JSON.stringify({ entries: [entry('0000_one', 10), entry('0001_two', 20)] }),
          '0000_one.sql': 'alter table t add a int;\n--> statement-breakpoint\nalter table t add b int;',
          'down/0000_one.sql': 'alter table t drop a; alter table t drop b;',
          '0001_two.sql': 'alter table t add c int;\n--> statement-breakpoint\nalter table t add c int;',
        });
        const rows = (): Promise<unknown> =>
          value(
            bench.look,
            "select coalesce(string_agg(created_at::text, ','), '') from drizzle.__drizzle_migrations",
          );
        await assert.rejects(applyMigration(await requestFor(bench, two!)), {
          code: 'invalid-input',
          message: /10 comes first/,
        });
        await applyMigration(await requestFor(bench, one!));
        await assert.rejects(applyMigration(await requestFor(bench, two!)), /already exists/);
        assert.equal(await rows(), '10');
        await markMigration(await requestFor(bench, two!), 'applied');
        assert.equal(await rows(), '10,20');
        await assert.rejects(rollBackMigration(await requestFor(bench, one!)), { code: 'invalid-input' });
        await markMigration(await requestFor(bench, two!), 'not-applied');
        await rollBackMigration(await requestFor(bench, one!));
        assert.equal(await rows(), '');
        assert.equal(
          await value(
            bench.look,
            "select count(*) from pg_attribute where attrelid = 't'::regclass and attname in ('a', 'b')",
          ),
          '0',
        );
      }));
  });
}
