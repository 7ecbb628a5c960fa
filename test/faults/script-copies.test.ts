import assert from 'node:assert/strict';
import { loadBackfill } from '../../src/database/backfill-rows';
import { installSchema } from '../../src/database/switchback-schema';
import type { BackfillSpec, CopyBackfill } from '../../src/plan/plan';
import { testMajors } from '../support/servers';
import { openBench, value, type Bench } from '../implement/fixture';
import { bareScripts, plainStep, type BareScripts } from '../implement/scripts/bare-scripts';
import { hasProgram } from '../implement/scripts/script-workspace';

const step = '01-backfill';
const walks: { title: string; walk: BackfillSpec['walk'] }[] = [
  { title: 'by key', walk: { by: 'key', columns: ['k"1'] } },
  { title: 'by place', walk: { by: 'ctid' } },
];

const table = `create table t ("k""1" int, "%s" text, n int, primary key ("k""1")) partition by range ("k""1");
  create table t_low partition of t for values from (0) to (150); create table t_rest partition of t default;
  insert into t select i, '100%' || i, i from generate_series(1, 400) i;
  create table "Co%py" ("k""1" int primary key, "%s" text, twice int); analyze t`;

for (const major of testMajors) {
  describe(`rows copied by scripts, PostgreSQL ${major} [psql]`, function () {
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

    for (const { title, walk } of walks) {
      it(`${title}: each is there as it is, once`, async () => {
        bench = await openBench(major, table);
        await installSchema(bench.look);
        const backfill: CopyBackfill = {
          write: 'copy',
          table: { schema: 'public', name: 't' },
          into: { schema: 'public', name: 'Co%py' },
          columns: [
            { column: 'k"1', expression: '"k""1"' },
            { column: '%s', expression: `"%s" || ' 50%'` },
            { column: 'twice', expression: 'n * 2' },
          ],
          conflict: ['k"1'],
          pending: null,
          walk,
          estimatedRows: 400,
        };
        scripts = await bareScripts(bench.database, [
          { ...plainStep, id: step, kind: 'backfill', phase: 'migrate', backfill },
        ]);
        const done = await scripts.run('migrate-forward.sh');
        assert.equal(done.exitCode, 0, done.out);
        assert.equal((await loadBackfill(bench.look, 'bare', step))?.state, 'done');
        const equal = `select count(*)::int from t join "Co%py" c using ("k""1") where c."%s" = t."%s" || ' 50%' and twice = n * 2`;
        assert.equal(await value(bench.look, equal), 400);
      });
    }
  });
}
