import assert from 'node:assert/strict';
import { readGateReadings } from '../../src/implement/gate-readings';
import { testMajors } from '../support/servers';
import { openBench, value } from './fixture';
import { samplePlan, sampleTable } from './plan-fixture';

const others = `create table app.parts (id int primary key) partition by range (id);
create table app.part partition of app.parts for values from (0) to (1000);
insert into app.parts select generate_series(1, 500);
create table app.referred (id int primary key); insert into app.referred select generate_series(1, 5000);`;

for (const major of testMajors) {
  describe(`readings for gates on PostgreSQL ${major}`, function () {
    this.timeout(60_000);

    it('have the size of all tables whose rows are written, each once', async () => {
      const bench = await openBench(major, `${sampleTable}; ${others}`);
      try {
        const plan = samplePlan();
        const fill = plan.phases[1]!.steps[0]!;
        assert.ok(fill.kind === 'backfill');
        for (const name of ['parts', 'part', 'not_there'])
          plan.phases[1]!.steps.push({
            ...fill,
            id: name,
            backfill: { ...fill.backfill, table: { schema: 'app', name } },
          });
        const forecast = { work: 'catalog', holdMilliseconds: null, phrase: '' } as const;
        fill.forecast = { ...forecast, lock: 'ShareRowExclusiveLock', relation: 'app.referred' };
        const { neededBytes } = await readGateReadings(bench.look, plan);
        const sizes = ['app.items', 'app.part'].map((name) => `pg_total_relation_size('${name}')`);
        assert.equal(neededBytes, Number(await value(bench.look, `select (${sizes.join(' + ')})::text`)));
      } finally {
        await bench.drop();
      }
    });
  });
}
