import assert from 'node:assert/strict';
import { openSession } from '../../src/database/connect';
import { stepsOf } from '../../src/plan/plan';
import { testMajors, testServer } from '../support/servers';
import { rollBackStep, runStep } from './execute';
import { planned } from './planned';
import { snapshotOf } from './snapshot';

describe('NOT NULL that comes back', function () {
  this.timeout(60_000);

  for (const major of testMajors)
    it(`comes back at the second attempt where a row without a value stopped the first, on PostgreSQL ${major}`, async () => {
      const database = await (await testServer({ major })).createDatabase();
      const session = await openSession(database.connection, database.password);
      try {
        await session.script(
          `create schema app; create table app.parcels (id int primary key, note text not null);
           insert into app.parcels values (1, 'one')`,
        );
        const before = await snapshotOf(session, 'app');
        const table = { schema: 'app', name: 'parcels' };
        const { plan } = await planned(session, { kind: 'drop-not-null', table, column: 'note' });
        for (const step of stepsOf(plan)) await runStep(session, step);
        await session.query('insert into app.parcels values (2, null)');
        const lift = stepsOf(plan).find(({ kind }) => kind === 'concurrent')!;
        await assert.rejects(rollBackStep(session, lift), /parcels/);
        await session.query('delete from app.parcels where id = 2');
        await rollBackStep(session, lift);
        assert.deepEqual(await snapshotOf(session, 'app'), before);
      } finally {
        await session.close();
        await database.drop();
      }
    });
});
