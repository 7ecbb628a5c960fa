import assert from 'node:assert/strict';
import { lockName } from '../../src/safety/forecast/describe-forecast';
import { conflictsWith } from '../../src/safety/forecast/lock-conflicts';
import { lockModes } from '../../src/safety/forecast';
import { isSwitchbackError } from '../../src/messages/error';
import { testSession, testMajors, testServer } from '../support/servers';

describe('which locks wait for which', () => {
  for (const major of testMajors) {
    it(`is what PostgreSQL ${major} does, for each pair`, async function () {
      this.timeout(60_000);
      const server = await testServer({ major });
      const database = await server.createDatabase();
      const holder = await testSession(database);
      const other = await testSession(database);
      try {
        await holder.query('create table t (a int)');
        for (const held of lockModes) {
          const waits = [];
          for (const wanted of lockModes) {
            await holder.query('begin');
            await holder.query(`lock table t in ${lockName(held)} mode`);
            await other.query('begin');
            const refused = await other.query(`lock table t in ${lockName(wanted)} mode nowait`).then(
              () => false,
              (error: unknown) => {
                assert.ok(isSwitchbackError(error) && error.details['sqlstate'] === '55P03', String(error));
                return true;
              },
            );
            await other.query('rollback');
            await holder.query('rollback');
            if (refused) waits.push(wanted);
          }
          assert.deepEqual(conflictsWith(held), waits, held);
        }
      } finally {
        await holder.close();
        await other.close();
        await database.drop();
      }
    });
  }
});
