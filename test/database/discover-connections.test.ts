import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FoundConnection } from '../../src/database/connection';
import { formatConnectionUrl } from '../../src/database/connection-url';
import { discoverConnections } from '../../src/database/discover-connections';
import { nodeFiles } from '../../src/ports/node-files';

describe('connections found', () => {
  const files = nodeFiles();
  let root: string;
  let home: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'switchback-found-'));
    home = await mkdtemp(join(tmpdir(), 'switchback-home-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
    await rm(home, { recursive: true, force: true });
  });

  const problems: string[] = [];
  const discover = (environment: NodeJS.ProcessEnv = {}): Promise<FoundConnection[]> => {
    problems.length = 0;
    return discoverConnections({
      root,
      files,
      environment: { HOME: home, ...environment },
      onProblem: (one) => problems.push(one),
    });
  };
  const short = (found: FoundConnection[]): [string, string, string | null][] =>
    found.map((one) => [one.source, formatConnectionUrl(one.connection).replace(/\?.*/, ''), one.password]);
  const passwordFile = async (text: string, mode = 0o600): Promise<void> => {
    await files.write(join(home, '.pgpass'), text);
    await chmod(join(home, '.pgpass'), mode);
  };

  it('nothing where there is nothing', async () => {
    assert.deepEqual(await discover(), []);
  });

  it('in .env files, also in a folder, with variables expanded and examples left out', async () => {
    await files.write(join(root, '.gitignore'), '.env*\n');
    await files.write(
      join(root, '.env'),
      'DB_PASS="p#1;x"\nREPORT_URL=postgres://r@db/reports\nDATABASE_URL=postgres://app:${DB_PASS}@db/shop\nSITE=https://x.org\n',
    );
    await files.write(join(root, '.env.production'), 'DATABASE_URL=postgresql://app@live/shop\n');
    await files.write(join(root, '.env.example'), 'DATABASE_URL=postgresql://you@host/db\n');
    await files.write(
      join(root, 'api', '.env'),
      'PGHOST=127.0.0.1\nPGDATABASE=api\nPGUSER=api\nPGPASSWORD=secret\n',
    );
    await files.write(join(root, 'node_modules', '.env'), 'DATABASE_URL=postgresql://never@host/db\n');
    const found = await discover();
    assert.deepEqual(short(found), [
      ['.env, DATABASE_URL', 'postgresql://app@db:5432/shop', 'p#1;x'],
      ['.env, REPORT_URL', 'postgresql://r@db:5432/reports', null],
      ['.env.production, DATABASE_URL', 'postgresql://app@live:5432/shop', null],
      ['api/.env, PGHOST, PGDATABASE', 'postgresql://api@127.0.0.1:5432/api', 'secret'],
    ]);
    assert.deepEqual(
      found.map((one) => one.connection.environment),
      ['development', 'development', 'production', 'development'],
    );
    assert.ok(found.every((one) => one.origin === 'workspace'));
  });

  it('in the process environment first, each database once', async () => {
    await files.write(join(root, '.env'), 'DATABASE_URL=postgres://app@db/shop\n');
    const found = await discover({
      DATABASE_URL: 'postgres://app:one@db/shop',
      PGDATABASE: 'other',
      PGUSER: 'app',
      PGPORT: '5433',
    });
    assert.deepEqual(short(found), [
      ['environment, DATABASE_URL', 'postgresql://app@db:5432/shop', 'one'],
      ['environment, PGDATABASE', 'postgresql://app@localhost:5433/other', null],
    ]);
    assert.deepEqual(
      found.map((one) => one.origin),
      ['environment', 'environment'],
    );
  });

  it('in a service file, whose passwords may hold ; and #, and PGSERVICE wins over PG*', async () => {
    await files.write(
      join(home, '.pg_service.conf'),
      '# mine\n[shop.live]\nhost=db\ndbname=shop\nuser=app\npassword=a;b#c"d\n\n[bad]\nport=none\n',
    );
    const found = await discover({ PGSERVICE: 'shop.live', PGHOST: 'elsewhere', PGUSER: 'me' });
    assert.deepEqual(short(found), [
      ['environment, PGSERVICE, PGHOST', 'postgresql://app@db:5432/shop', 'a;b#c"d'],
    ]);
    assert.match(problems.join(), /\[bad\].*"none" is not a port/);
    assert.deepEqual(short(await discover()), [
      ['service file, [shop.live]', 'postgresql://app@db:5432/shop', 'a;b#c"d'],
    ]);
  });

  it('in the password file, which also gives the passwords of the others', async () => {
    await passwordFile('*:*:*:anyone:x\nlocalhost:*:shop:app:p\\:q\\\\\ndb:5433:*:dba:secret:with:colons\n');
    const found = await discover({ DATABASE_URL: 'postgres://app@localhost:6000/shop' });
    assert.deepEqual(short(found), [
      ['environment, DATABASE_URL', 'postgresql://app@localhost:6000/shop', 'p:q\\'],
      ['.pgpass', 'postgresql://app@localhost:5432/shop', 'p:q\\'],
      ['.pgpass', 'postgresql://dba@db:5433/postgres', 'secret:with:colons'],
    ]);
  });

  it('a password file that others may read is not used, and the user is told', async () => {
    await passwordFile('db:5432:shop:app:secret\n', 0o644);
    assert.deepEqual(await discover(), []);
    assert.match(problems.join(), /chmod 600/);
    assert.ok(!problems.join().includes('secret'));
  });

  it('what cannot be read is passed over and told, without its password', async () => {
    await files.write(
      join(root, '.env'),
      'ONE_URL=postgres://app:s3cret@db:99999/shop\nTWO_URL=postgres://app@db/shop\n',
    );
    assert.equal((await discover()).length, 1);
    assert.match(problems.join(), /ONE_URL was passed over/);
    assert.ok(!problems.join().includes('s3cret'));
  });
});
