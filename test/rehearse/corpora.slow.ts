import assert from 'node:assert/strict';
import type { Shadow } from '../../src/shadow/shadow';
import { measuredCorpora, rehearseCorpus } from './corpora';
import { openTestShadow } from './pairs';

describe('rehearsing four histories with generated rows', function () {
  this.timeout(300_000);
  let shadow: Shadow;
  before(async () => {
    shadow = await openTestShadow('local');
  });
  after(() => shadow?.dispose());

  for (const name of Object.keys(measuredCorpora)) {
    it(`agrees with what was measured with pg_dump: ${name}`, async function () {
      const rehearsed = await rehearseCorpus(shadow, name, { rows: true });
      if (rehearsed === null) {
        console.log(`not run: the corpus ${name} is missing`);
        return this.skip();
      }
      assert.equal(rehearsed.migrations.length, rehearsed.measured);
      assert.deepEqual(rehearsed.disagreements, []);
      if (rehearsed.measured > 50) return;
      const without = await rehearseCorpus(shadow, name, { rows: false });
      assert.deepEqual(without?.disagreements, []);
    });
  }
});
