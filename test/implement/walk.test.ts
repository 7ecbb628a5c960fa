import assert from 'node:assert/strict';
import { testMajors } from '../support/servers';
import { openBench, value, type Bench } from './fixture';
import type { BackfillSpec, UpdateBackfill } from '../../src/plan/plan';
import {
  closePass,
  passEnded,
  walkBatch,
  walkStart,
  type WalkContext,
  type WalkPosition,
} from '../../src/implement/walk';
import { readWalkTables } from '../../src/implement/walk-table';

/** Tables whose key is of each kind, each with a counter `n` that is raised once per row. */
const keyed: { title: string; sql: string; table: string; columns: string[] }[] = [
  {
    title: 'bigint',
    table: 'k',
    columns: ['id'],
    sql: 'create table k (id bigint primary key, n int default 0); insert into k select g * 7 - 500 from generate_series(1, 997) g',
  },
  {
    title: 'uuid',
    table: 'k',
    columns: ['id'],
    sql: 'create table k (id uuid primary key, n int default 0); insert into k select md5(g::text)::uuid from generate_series(1, 500) g',
  },
  {
    title: 'composite of text with a collation, date and a quoted name',
    table: 'Ké"y',
    columns: ['Nam"e', 'day', 'Ünï'],
    sql: `create table "Ké""y" ("Nam""e" text collate "C" not null, day date not null, "Ünï" numeric(10, 2) not null, n int default 0, unique (day, "Nam""e", "Ünï"));
      insert into "Ké""y" select chr(65 + g % 5) || '''\\"', date '2020-01-31' + g % 7, g / 3.0 from generate_series(1, 400) g`,
  },
  {
    title: 'timestamptz',
    table: 'k',
    columns: ['at'],
    sql: "create table k (at timestamptz primary key, n int default 0); insert into k select timestamptz '2021-03-28 00:00:00+00' + g * interval '7 minutes 1.000003 seconds' from generate_series(1, 600) g",
  },
  {
    title: 'char(n) with spaces and double',
    table: 'k',
    columns: ['c', 'd'],
    sql: "create table k (c char(8) not null, d float8 not null, n int default 0, primary key (c, d)); insert into k select 'a ' || g % 9, g / 7.0 from generate_series(1, 300) g",
  },
  {
    title: 'an enum',
    table: 'k',
    columns: ['mood', 'id'],
    sql: "create type mood as enum ('sad', 'ok', 'happy'); create table k (mood mood, id int, n int default 0, primary key (mood, id)); insert into k select (enum_range(null::mood))[1 + g % 3], g from generate_series(1, 300) g",
  },
  {
    title: 'an empty table',
    table: 'k',
    columns: ['id'],
    sql: 'create table k (id bigint primary key, n int default 0)',
  },
  {
    title: 'a partitioned parent with subpartitions',
    table: 'k',
    columns: ['id'],
    sql: `create table k (id int primary key, n int default 0) partition by range (id);
      create table k1 partition of k for values from (0) to (100); create table k2 partition of k for values from (100) to (1000) partition by range (id);
      create table k2a partition of k2 for values from (100) to (101); create table k2b partition of k2 for values from (101) to (1000); create table k3 partition of k default;
      insert into k select generate_series(0, 1200)`,
  },
  {
    title: 'a partitioned parent without partitions',
    table: 'k',
    columns: ['id'],
    sql: 'create table k (id int primary key, n int default 0) partition by range (id)',
  },
  {
    title: 'a table with inheritance children',
    table: 'k',
    columns: ['id'],
    sql: 'create table k (id int primary key, n int default 0); create table child (primary key (id)) inherits (k); insert into k select generate_series(1, 50); insert into child select generate_series(20, 90)',
  },
];

function specOf(table: string, walk: BackfillSpec['walk'], pending: string | null): UpdateBackfill {
  return {
    table: { schema: 'public', name: table },
    assignments: [{ column: 'n', expression: 'n + 1' }],
    pending,
    walk,
    estimatedRows: 100,
  };
}

async function walkAll(
  bench: Bench,
  spec: BackfillSpec,
  units: number,
): Promise<{ batches: number; written: number }> {
  const context: WalkContext = {
    spec,
    tables: await readWalkTables(bench.look, spec),
    server: { major: bench.look.facts.major, blockBytes: 8192 },
  };
  let position: WalkPosition = walkStart;
  let written = 0;
  let batches = 0;
  for (; !position.finished; batches++) {
    assert.ok(batches < 5000, 'the walk does not end');
    // A position survives being stored: everything is JSON.
    position = JSON.parse(JSON.stringify(position)) as WalkPosition;
    if (passEnded(context, position)) {
      position = await closePass(bench.look, context, position);
      continue;
    }
    const batch = await walkBatch(bench.look, context, position, units);
    written += batch.written;
    position = batch.position;
  }
  return { batches, written };
}

for (const major of testMajors) {
  describe(`walking a table, PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    for (const table of keyed) {
      it(`does each row of ${table.title} exactly once`, async () => {
        const bench = await openBench(major, table.sql);
        try {
          await bench.look.query("set datestyle = 'SQL, DMY'");
          const name = `"${table.table.replaceAll('"', '""')}"`;
          const rows = Number(await value(bench.look, `select count(*) from ${name}`));
          const { written } = await walkAll(
            bench,
            specOf(table.table, { by: 'key', columns: table.columns }, null),
            37,
          );
          assert.equal(written, rows);
          assert.equal(Number(await value(bench.look, `select count(*) from ${name} where n <> 1`)), 0);
        } finally {
          await bench.drop();
        }
      });
    }

    it('does each row of a table without a key exactly once, by place', async () => {
      const bench = await openBench(
        major,
        "create table k (v text, n int); insert into k select repeat('x', g % 300) from generate_series(1, 3000) g; delete from k where length(v) % 7 = 0; analyze k",
      );
      try {
        const rows = Number(await value(bench.look, 'select count(*) from k'));
        const spec = {
          ...specOf('k', { by: 'ctid' as const }, 'n is null'),
          assignments: [{ column: 'n', expression: 'coalesce(n, 0) + 1' }],
        };
        const { written } = await walkAll(bench, spec, 3);
        assert.equal(written, rows);
        assert.equal(Number(await value(bench.look, 'select count(*) from k where n is distinct from 1')), 0);
      } finally {
        await bench.drop();
      }
    });

    it('says so when rows stay pending for ever', async () => {
      const bench = await openBench(
        major,
        'create table k (id int primary key, n int); insert into k select generate_series(1, 5)',
      );
      try {
        const spec = {
          ...specOf('k', { by: 'key' as const, columns: ['id'] }, 'n is null'),
          assignments: [{ column: 'n', expression: 'nullif(id, 3)' }],
        };
        await assert.rejects(
          walkAll(bench, { ...spec, assignments: [{ column: 'n', expression: 'null' }] }, 2),
          /still match "n is null"/,
        );
        assert.equal(Number(await value(bench.look, 'select count(*) from k where n is null')), 5);
      } finally {
        await bench.drop();
      }
    });

    it('refuses a key that is not unique, may be NULL, or does not exist', async () => {
      const bench = await openBench(
        major,
        'create table k (id int primary key, a int not null, b int unique, n int); create unique index on k (a) where a > 5; create unique index on k (a, id)',
      );
      try {
        for (const columns of [['a'], ['b'], ['nosuch']]) {
          await assert.rejects(readWalkTables(bench.look, specOf('k', { by: 'key', columns }, null)), {
            code: 'invalid-input',
          });
        }
        assert.equal(
          (await readWalkTables(bench.look, specOf('k', { by: 'key', columns: ['a', 'id'] }, null))).length,
          1,
        );
        await assert.rejects(readWalkTables(bench.look, specOf('other', { by: 'ctid' }, 'true')), {
          code: 'not-found',
        });
      } finally {
        await bench.drop();
      }
    });
  });
}
