import assert from 'node:assert/strict';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { stepsOf, type Step } from '../../src/plan/plan';
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
        const back = stepsOf(plan).reverse();
        const stopped = await firstThatFails(session, back);
        await session.query('delete from app.parcels where id = 2');
        for (const step of back.slice(stopped)) await rollBackStep(session, step);
        assert.deepEqual(await snapshotOf(session, 'app'), before);
      } finally {
        await session.close();
        await database.drop();
      }
    });
});

/** The place of the step that the row stopped; those before it are taken back. */
async function firstThatFails(session: Session, back: readonly Step[]): Promise<number> {
  for (const [place, step] of back.entries()) {
    const failure = await rollBackStep(session, step).then(
      () => null,
      (error: unknown) => String(error),
    );
    if (failure === null) continue;
    assert.match(failure, /parcels/);
    return place;
  }
  return assert.fail('the row without a value stopped nothing');
}
