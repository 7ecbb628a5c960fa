import assert from 'node:assert/strict';
import path from 'node:path';
import { readDatabaseOption } from '../../src/cli/connection-options';
import type { OptionValues } from '../../src/cli/verb';
import type { Connection } from '../../src/database/connection';
import { memoryFiles } from '../support/memory-files';

describe('the database of the command line', () => {
  const bank = 'postgres://app:x@db.prod.bank/shop';
  const plain = 'postgres://app:x@db.bank/shop';

  async function read(values: OptionValues, environment: NodeJS.ProcessEnv = {}): Promise<Connection> {
    const home = path.resolve('/home/nobody');
    const named = await readDatabaseOption(
      values,
      { HOME: home, ...environment },
      memoryFiles({ [path.join(home, 'w', 'note.txt')]: '' }),
      path.join(home, 'w'),
    );
    return named!.connection;
  }
  const environmentOf = async (...of: Parameters<typeof read>): Promise<string> =>
    (await read(...of)).environment;

  it('has its environment guessed from its names, wherever it is named', async () => {
    assert.equal(await environmentOf({}, { DATABASE_URL: bank }), 'production');
    assert.equal(await environmentOf({ 'database-url': bank }), 'production');
    assert.equal(await environmentOf({ 'database-url': 'env:SHOP_URL' }, { SHOP_URL: bank }), 'production');
    assert.equal(await environmentOf({ 'database-url': 'env:PROD_URL' }, { PROD_URL: plain }), 'production');
    assert.equal(
      await environmentOf({ 'database-url': 'env:STAGING_URL' }, { STAGING_URL: plain }),
      'staging',
    );
    assert.equal(await environmentOf({ 'database-url': 'env:SHOP_URL' }, { SHOP_URL: plain }), 'development');
    assert.equal(await environmentOf({ 'database-url': plain }), 'development');
  });

  it('has the environment that is said, whatever its names are', async () => {
    const said = { environment: 'development', 'database-url': bank };
    assert.equal(await environmentOf(said), 'development');
    assert.equal(
      await environmentOf({ environment: 'production', 'database-url': 'env:SHOP_URL' }, { SHOP_URL: plain }),
      'production',
    );
  });

  it('is none of a variable that nobody named', async () => {
    const environment = { PGHOST: 'localhost', PGDATABASE: 'shop', REPORT_URL: 'postgres://app@reports/all' };
    assert.equal((await read({}, environment)).host, 'localhost');
  });
});
