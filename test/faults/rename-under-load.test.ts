import assert from 'node:assert/strict';
import { renameUnderLoad } from '../../bench/rename-run';
import { testMajors, testServer } from '../support/servers';

for (const major of testMajors) {
  describe(`renaming a column while old and new code write, PostgreSQL ${major}`, function () {
    this.timeout(180_000);

    it('loses no write, fails no statement, and ends with old and new equal on every row', async () => {
      const server = await testServer({ major });
      const database = await server.createDatabase();
      try {
        const result = await renameUnderLoad(database, 200, () => undefined);
        assert.deepEqual(result.failures, []);
        assert.equal(result.differing, 0);
        assert.equal(result.lost, 0);
        assert.ok(result.writtenRows > 100 && result.waits.samples > 10);
      } finally {
        await database.drop();
      }
    });
  });
}
