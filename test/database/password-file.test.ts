import assert from 'node:assert/strict';
import { access, readFile, stat } from 'node:fs/promises';
import * as fc from 'fast-check';
import { connectionFromParameters } from '../../src/database/connection-parameters';
import { lookUpPassword, withPasswordFile } from '../../src/database/password-file';
import { nodeFiles } from '../../src/ports/node-files';
import { failure } from './failure';

const text = fc
  .string({ minLength: 1, maxLength: 12 })
  .filter((one) => !/[*\r\n\0,]/.test(one) && one.trim() !== '' && !one.startsWith('#'));

describe('password file', () => {
  it('a written one is found again by its own reader, for any database of the server', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, text, text, async (host, user, dbname, password) => {
        const { connection } = connectionFromParameters({ host, user, dbname });
        const found = await withPasswordFile(connection, password, async (environment) => {
          assert.equal((await stat(environment.PGPASSFILE!)).mode & 0o777, 0o600);
          return lookUpPassword({ ...connection, database: 'another' }, environment, nodeFiles());
        });
        assert.equal(found, password);
      }),
      { numRuns: 60 },
    );
  });

  it('is removed afterwards, also when the work fails', async () => {
    const { connection } = connectionFromParameters({ host: '/tmp', user: 'app' });
    let path = '';
    const stop = new Error('stop');
    const work = withPasswordFile(connection, 'secret', async (environment) => {
      path = environment.PGPASSFILE!;
      assert.equal(await readFile(path, 'utf8'), '/tmp:5432:*:app:secret\nlocalhost:5432:*:app:secret\n');
      throw stop;
    });
    await assert.rejects(work, stop);
    await assert.rejects(access(path));
  });

  it('is not written without a password, nor with one it cannot hold', async () => {
    const { connection } = connectionFromParameters({ host: 'db', user: 'app' });
    assert.deepEqual(await withPasswordFile(connection, null, async (environment) => environment), {});
    await failure(
      withPasswordFile(connection, 'a\nb', async () => undefined),
      'invalid-input',
    );
  });
});
