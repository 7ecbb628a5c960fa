import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openEmbeddedDatabase } from '../../src/journey/embedded';
import { isSwitchbackError } from '../../src/messages/error';
import { testContext } from '../support/journey-context';

describe('the embedded database', function () {
  this.timeout(120_000);
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-embedded-'));
    await chmod(folder, 0o755);
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  for (const engine of ['postgres', 'pglite'] as const) {
    it(`keeps its data and refuses a second owner (${engine})`, async () => {
      const context = testContext(path.resolve(__dirname, '..', '..'));
      const first = await openEmbeddedDatabase(context, { folder, engine });
      try {
        assert.equal(first.engine, engine);
        assert.equal(first.limits.length > 0, engine === 'pglite');
        await first.database.session.query('create table kept (n int)');
        await first.database.session.query('insert into kept values (1)');
        await assert.rejects(openEmbeddedDatabase(context, { folder, engine }), (error) =>
          isSwitchbackError(error, 'locked-by-other'),
        );
      } finally {
        await first.dispose();
      }
      const second = await openEmbeddedDatabase(context, { folder, engine });
      try {
        const { rows } = await second.database.session.query('select n from kept');
        assert.deepEqual(rows, [{ n: 1 }]);
      } finally {
        await second.dispose();
      }
    });
  }

  it('lets its users take turns on the one session of PGlite', async () => {
    const context = testContext(folder);
    const embedded = await openEmbeddedDatabase(context, { folder, engine: 'pglite' });
    const { database } = embedded;
    try {
      const other = await database.sessions.open();
      await database.session.query('create table turns (n int)');
      await Promise.all([
        database.session
          .transaction(async () => {
            await database.session.query('insert into turns values (1)');
            throw new Error('on purpose');
          })
          .catch(() => undefined),
        other.query('insert into turns values (2)'),
      ]);
      await other.close();
      const { rows } = await database.session.query('select n from turns');
      assert.deepEqual(rows, [{ n: 2 }]);
    } finally {
      await embedded.dispose();
    }
  });
});
