import assert from 'node:assert/strict';
import type { Shadow } from '../../src/shadow/shadow';
import { measuredCorpora, rehearseCorpus } from './corpora';
import { openTestShadow } from './pairs';

describe('rehearsing four histories in the embedded shadow', function () {
  this.timeout(900_000);
  let shadow: Shadow;
  before(async () => {
    shadow = await openTestShadow('embedded');
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
    });
  }
});
