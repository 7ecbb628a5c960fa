import assert from 'node:assert/strict';
import { compareWithDump } from './compare-with-dump';
import { startDumpServer, type DumpServer } from './dump-server';
import { mutationsOf } from './mutations';

/** One of so many changes; all of them are in pg-dump.slow.ts. */
const sample = 15;

describe('the catalog beside pg_dump', function () {
  this.timeout(180_000);
  let server: DumpServer | null = null;

  before(async () => {
    server = await startDumpServer();
  });
  after(async () => {
    await server?.stop();
  });

  it('differs after a change when, and only when, the text of pg_dump does: some changes', async function () {
    if (!server) return this.skip();
    const mutations = mutationsOf(server.major).filter((_, index) => index % sample === 0);
    const { disagreements } = await compareWithDump(server, mutations);
    assert.deepEqual(disagreements, []);
  });
});
