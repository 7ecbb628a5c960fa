import assert from 'node:assert/strict';
import { runWithKills } from '../../bench/kill-run';
import { testMajors, testServer } from '../support/servers';

for (const major of testMajors) {
  describe(`a backfill that is killed again and again, PostgreSQL ${major}`, function () {
    this.timeout(180_000);

    it('changes each of 60,000 rows exactly once over 8 kills of process and backend', async () => {
      const server = await testServer({ major, durable: true });
      const database = await server.createDatabase();
      try {
        const result = await runWithKills(database, 60_000, 8, () => undefined);
        assert.equal(result.wrongRows, 0);
        assert.equal(result.wrongAudits, 0);
        assert.equal(result.audited, 60_000);
        const shares = result.kills.map((kill) => kill.share);
        assert.ok(Math.max(...shares) - Math.min(...shares) >= 0.75, shares.join(', '));
        assert.equal(new Set(result.kills.map((kill) => `${kill.target} ${kill.moment}`)).size, 8);
      } finally {
        await database.drop();
      }
    });
  });
}
