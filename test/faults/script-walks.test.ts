import assert from 'node:assert/strict';
import { loadBackfill } from '../../src/database/backfill-rows';
import { acquireFence } from '../../src/database/fence';
import { openSession } from '../../src/database/connect';
import { installSchema } from '../../src/database/switchback-schema';
import { runBackfill } from '../../src/implement/backfill';
import { backfillStore } from '../../src/implement/backfill-store';
import { createRunControl } from '../../src/implement/run-control';
import type { BackfillSpec } from '../../src/plan/plan';
import { testMajors } from '../support/servers';
import { openBench, value, type Bench } from '../implement/fixture';
import { bareScripts, plainStep, type BareScripts } from '../implement/scripts/bare-scripts';
import { hasProgram } from '../implement/scripts/script-workspace';

const step = '01-backfill';
const rows = 400;

interface Walk {
  title: string;
  /** Makes `t`, with its key filled from 1 to 400 in `i`, a column n and a check on it. */
  table: string;
  walk: BackfillSpec['walk'];
  pending?: string;
  /** Done while the walk is stopped. */
  meanwhile?: string;
  rowsLeft?: number;
}

/** A table of one key column whose values come from the number of the row. */
function keyed(type: string, expression: string): Pick<Walk, 'table' | 'walk'> {
  return {
    table: `create table t (k ${type} primary key, i int not null, n int not null default 0);
      insert into t (k, i) select ${expression}, i from generate_series(1, ${rows}) i;`,
    walk: { by: 'key', columns: ['k'] },
  };
}

const partitions = `create table t (i int not null, n int not null default 0, primary key (i)) partition by range (i);
  create table t_low partition of t for values from (0) to (100);
  create table t_none partition of t for values from (1000) to (2000);
  create table t_middle partition of t for values from (100) to (300);
  create table t_gone partition of t for values from (3000) to (4000);
  create table t_high partition of t for values from (300) to (1000);
  insert into t (i) select generate_series(1, ${rows});`;

const walks: Walk[] = [
  {
    title: 'a composite key',
    table: `create table t ("a b" text not null, "C""d" int not null, i int not null, n int not null default 0, primary key ("a b", "C""d"));
      insert into t select 'g' || i % 7, i, i from generate_series(1, ${rows}) i;`,
    walk: { by: 'key', columns: ['a b', 'C"d'] },
  },
  {
    title: 'texts of all kinds',
    ...keyed(
      'text',
      `(array['', ' ', 'Z', 'a', 'ä', '_', '\\', '''', '"', E'\\n', '%s', '{}', '\u{1F600}', 'ß', 'null', '$1'])[i % 16 + 1] || case when i <= 16 then '' else i::text end`,
    ),
  },
  { title: 'days', ...keyed('date', `case i when 1 then '-infinity' else date '2024-01-25' + i end`) },
  {
    title: 'instants',
    ...keyed('timestamptz', `timestamptz '2024-10-27 00:00:00.000001+00' + i * interval '11 minutes'`),
  },
  { title: 'a domain of days', ...keyed('day', `(date '2024-01-25' + i)::day`) },
  { title: 'uuids', ...keyed('uuid', 'md5(i::text)::uuid') },
  { title: 'numerics', ...keyed('numeric', `i / 7.0 - 20`) },
  { title: 'doubles', ...keyed('double precision', `i / 7.0::double precision`) },
  { title: 'intervals', ...keyed('interval', `i * interval '1 day -7 minutes' - interval '3 months'`) },
  {
    title: 'partitions, one empty and one dropped on the way',
    table: partitions,
    walk: { by: 'key', columns: ['i'] },
    meanwhile: 'drop table t_gone',
  },
  {
    title: 'no key',
    table: `create table t (i int not null, n int not null default 0, filler text);
      insert into t (i, filler) select i, repeat('x', 900) from generate_series(1, ${rows}) i;`,
    walk: { by: 'ctid' },
    pending: 'n = 0',
  },
];

for (const major of testMajors) {
  describe(`backfills begun by scripts or by the editor and finished by the other, PostgreSQL ${major} [psql]`, function () {
    this.timeout(120_000);
    let bench: Bench;
    let scripts: BareScripts;

    before(async function () {
      if (!(await hasProgram('psql'))) this.skip();
    });
    afterEach(async () => {
      await scripts?.dispose();
      await bench?.drop();
    });

    for (const walk of walks) {
      for (const first of ['script', 'editor'] as const) {
        it(`walk ${walk.title}; begun by the ${first}`, async () => {
          await prepare(walk);
          const [begin, finish] = first === 'script' ? [byScript, byEditor] : [byEditor, byScript];
          const spec = specOf(walk);
          const stopped = await begin(spec);
          assert.notEqual(stopped.exitCode, 0, stopped.out);
          assert.match(stopped.out, /stuck/);
          const row = await loadBackfill(bench.look, 'bare', step);
          assert.equal(row?.state, 'failed');
          assert.ok(row.rowsDone < rows);
          await bench.look.script(`alter table t drop constraint stuck; ${walk.meanwhile ?? ''}`);
          const done = await finish(spec);
          assert.equal(done.exitCode, 0, done.out);
          const counts = await value(
            bench.look,
            `select string_agg(distinct n::text, ',') || ':' || count(*) from t`,
          );
          assert.equal(counts, `1:${rows}`);
          assert.equal((await loadBackfill(bench.look, 'bare', step))?.state, 'done');
        });
      }
    }

    async function prepare(walk: Walk): Promise<void> {
      bench = await openBench(
        major,
        `create domain day as date; ${walk.table} alter table t add constraint stuck check (n = 0 or i <> 270); analyze t`,
      );
      const name = bench.database.connection.database;
      await bench.look.script(
        [
          "datestyle = 'SQL, DMY'",
          "intervalstyle = 'sql_standard'",
          'extra_float_digits = 0',
          "timezone = 'Europe/Berlin'",
        ]
          .map((setting) => `alter database "${name}" set ${setting}`)
          .join(';'),
      );
      await installSchema(bench.look);
      scripts = await bareScripts(bench.database, [
        { ...plainStep, id: step, kind: 'backfill', phase: 'migrate', backfill: specOf(walk) },
      ]);
    }

    function specOf(walk: Walk): BackfillSpec {
      return {
        table: { schema: 'public', name: 't' },
        assignments: [{ column: 'n', expression: 'n + 1' }],
        pending: walk.pending ?? null,
        walk: walk.walk,
        estimatedRows: rows,
      };
    }

    const byScript = () => scripts.run('migrate-forward.sh');

    async function byEditor(spec: BackfillSpec): Promise<{ exitCode: number; out: string }> {
      const session = await openSession(bench.database.connection, bench.database.password);
      try {
        const fence = await acquireFence(session, 'bare', 'editor');
        await runBackfill({
          sessions: bench.sessions,
          session,
          stepId: step,
          spec,
          options: { batchMilliseconds: 50, batchRows: 10, vacuumShare: 0, lockTimeoutMilliseconds: 200 },
          store: backfillStore('bare', step, fence),
          control: createRunControl(),
          onEvent: () => undefined,
          clock: bench.clock,
          signal: new AbortController().signal,
        });
        return { exitCode: 0, out: '' };
      } catch (error) {
        return { exitCode: 1, out: String(error) };
      } finally {
        await session.close();
      }
    }
  });
}
