import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { isSwitchbackError } from '../../src/messages/error';
import { openShadow, type ShadowChoice, type ShadowOptions } from '../../src/shadow/open-shadow';
import { processLives } from '../../src/ports/process-lives';
import type { Shadow } from '../../src/shadow/shadow';
import { testServer, type TestServer } from '../support/servers';

const root = path.resolve(__dirname, '..', '..');

describe('a shadow database', function () {
  this.timeout(60_000);
  let cacheFolder: string;
  let server: TestServer;
  let options: ShadowOptions;
  let shadow: Shadow | null = null;

  before(async () => {
    assert.ok(
      existsSync(path.join(root, 'dist', 'pglite-host.js')),
      'dist/pglite-host.js is missing: run "node scripts/build.mjs"',
    );
    cacheFolder = await mkdtemp(path.join(os.tmpdir(), 'switchback-test-'));
    options = {
      assets: { distFolder: path.join(root, 'dist'), cacheFolder },
      binaries: { packageFolders: [root], searchPath: '' },
    };
    server = await testServer({ major: 18 });
  });
  afterEach(async () => {
    await shadow?.dispose();
    shadow = null;
  });
  after(() => rm(cacheFolder, { recursive: true, force: true }));

  function choices(): ShadowChoice[] {
    return [
      'embedded',
      'local',
      { connection: server.server.connection(), password: server.server.password },
    ];
  }

  async function tables(session: Session): Promise<string[]> {
    const { rows } = await session.query<{ name: string }>(
      "SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace",
    );
    return rows.map((row) => row.name);
  }

  async function scratchDatabases(): Promise<string[]> {
    const session = await openSession(server.server.connection(), server.server.password);
    try {
      const { rows } = await session.query<{ name: string }>(
        "SELECT datname::text AS name FROM pg_database WHERE datname LIKE 'switchback\\_shadow\\_%'",
      );
      return rows.map((row) => row.name);
    } finally {
      await session.close();
    }
  }

  for (const [index, kind] of (['embedded', 'local', 'server'] as const).entries()) {
    it(`${kind}: holds what is done in it, empties, and goes away`, async () => {
      shadow = await openShadow(choices()[index]!, options);
      assert.equal(shadow.kind, kind);
      assert.match(shadow.version, /^18\./);
      const session = await shadow.open();
      await session.script('CREATE TABLE t (a int); CREATE INDEX i ON t (a);');
      assert.deepEqual(await tables(session), ['t', 'i']);
      await session.close();
      const again = await shadow.open();
      assert.deepEqual(await tables(again), ['t', 'i']);
      await again.script('CREATE TABLE u (a int)');
      const empty = await shadow.reset();
      assert.deepEqual(await tables(empty), []);
      assert.ok(again.lost.aborted || again !== empty);
      await (await shadow.reset()).close();
      await shadow.dispose();
      await shadow.dispose();
      assert.deepEqual(await scratchDatabases(), []);
    });

    it(`${kind}: errors and values are those of a server session`, async () => {
      shadow = await openShadow(choices()[index]!, options);
      const session = await shadow.open();
      await assert.rejects(session.query('SELECT nothing FROM nowhere'), (error: unknown) => {
        assert.ok(isSwitchbackError(error, 'not-found'));
        assert.equal(error.details['sqlstate'], '42P01');
        assert.equal(error.details['position'], 21);
        return true;
      });
      const { rows } = await session.query(
        "SELECT 9007199254740993::bigint AS big, 1.50::numeric AS num, timestamp '2020-01-02 03:04:05.678901' AS at, true AS yes, '{1,2}'::int[] AS list, $1::jsonb AS doc, $2::text AS nothing",
        [{ a: 1 }, null],
      );
      assert.deepEqual(rows, [
        {
          big: '9007199254740993',
          num: '1.50',
          at: '2020-01-02 03:04:05.678901',
          yes: true,
          list: [1, 2],
          doc: { a: 1 },
          nothing: null,
        },
      ]);
      const inserted = await session.query('SELECT generate_series(1, 3)');
      assert.equal(inserted.rowCount, 3);
      await assert.rejects(
        session.transaction(async () => {
          await session.script('CREATE TABLE half (a int)');
          await session.script('SELECT 1/0');
        }),
        (error: unknown) =>
          isSwitchbackError(error, 'database-error') && error.details['sqlstate'] === '22012',
      );
      assert.deepEqual(await tables(session), []);
      await session.query('CREATE EXTENSION citext');
      await assert.rejects(
        session.script('BEGIN; CREATE TABLE x (a int); CREATE INDEX CONCURRENTLY ON x (a)'),
        (error: unknown) => isSwitchbackError(error) && error.details['sqlstate'] === '25001',
      );
      await session.script('ROLLBACK');
      await session.close();
    });

    it(`${kind}: stops a statement that runs too long, and a cancelled one`, async () => {
      shadow = await openShadow(choices()[index]!, { ...options, statementLimitMilliseconds: 300 });
      const endless = 'SELECT count(*) FROM generate_series(1, 2000000000)';
      await assert.rejects((await shadow.open()).script(endless), (error: unknown) => {
        assert.ok(isSwitchbackError(error));
        assert.equal(error.details['sqlstate'], '57014');
        return true;
      });
      const session = await shadow.reset();
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 50);
      await assert.rejects(session.script(endless, { signal: abort.signal }), (error: unknown) =>
        isSwitchbackError(error, 'cancelled'),
      );
      assert.deepEqual(await tables(await shadow.reset()), []);
    });
  }

  it('embedded: one session, said in a sentence', async () => {
    shadow = await openShadow('embedded', options);
    const session = await shadow.open();
    assert.equal(session.facts.engine, 'pglite');
    await assert.rejects(
      shadow.open(),
      (error: unknown) => isSwitchbackError(error, 'no-shadow') && error.sentence.includes('one session'),
    );
    await session.close();
    await (await shadow.open()).close();
  });

  it('embedded: a killed process is a lost session', async () => {
    shadow = await openShadow('embedded', options);
    const session = await shadow.open();
    const { rows } = await session.query<{ a: number }>('SELECT 1 AS a');
    assert.equal(rows[0]?.a, 1);
    await session.cancel();
    await shadow.dispose();
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(session.lost.aborted);
    await assert.rejects(session.query('SELECT 1'), (error: unknown) =>
      isSwitchbackError(error, 'connection-lost'),
    );
    await assert.rejects(shadow.open(), (error: unknown) => isSwitchbackError(error, 'no-shadow'));
  });

  it('embedded: says why when its files are missing', async () => {
    await assert.rejects(openShadow('embedded', { assets: { distFolder: cacheFolder } }), (error: unknown) =>
      isSwitchbackError(error, 'no-shadow'),
    );
  });

  it('local: takes the wanted major and forgets roles on reset', async () => {
    shadow = await openShadow('local', { ...options, major: 12, databaseName: 'shop' });
    assert.match(shadow.version, /^12\./);
    const session = await shadow.open();
    assert.equal(session.facts.database, 'shop');
    await session.script(
      'CREATE ROLE app; CREATE ROLE admin; GRANT app TO admin; CREATE TABLE t (a int); GRANT SELECT ON t TO app',
    );
    const empty = await shadow.reset();
    const { rows } = await empty.query("SELECT 1 FROM pg_roles WHERE rolname IN ('app', 'admin')");
    assert.deepEqual(rows, []);
  });

  it('local: takes the preferred major where there is it, else the newest', async () => {
    for (const [preferredMajor, expected] of [
      [12, /^12\./],
      [99, /^18\./],
    ] as const) {
      shadow = await openShadow('local', { ...options, preferredMajor });
      assert.match(shadow.version, expected);
      await shadow.dispose();
    }
  });

  it('local: is the database postgres where no program looks for that, and for migrations of one that is called so', async () => {
    const databases = async (of: Shadow): Promise<string[]> => {
      const session = await of.reset();
      const { rows } = await session.query<{ name: string }>(
        'SELECT datname::text AS name FROM pg_database WHERE NOT datistemplate ORDER BY 1',
      );
      await session.close();
      return rows.map(({ name }) => name);
    };
    for (const [choice, expected] of [
      [{ databaseName: 'shop', leavesPostgres: false }, ['shop']],
      [{ databaseName: 'shop' }, ['postgres', 'shop']],
      [{ databaseName: 'postgres' }, ['postgres']],
    ] as const) {
      const local = (shadow = await openShadow('local', { ...options, ...choice }));
      assert.deepEqual(await databases(local), expected);
      const session = await local.open();
      await session.script('CREATE TABLE t (a int)');
      await session.close();
      assert.deepEqual(await databases(local), expected, 'and again');
      await local.dispose();
    }
  });

  it('local: says so where there is no PostgreSQL', async () => {
    await assert.rejects(
      openShadow('local', { ...options, major: 99 }),
      (error: unknown) => isSwitchbackError(error, 'no-shadow') && error.sentence.includes('99'),
    );
  });

  it('server: refuses production and the database the migrations are for', async () => {
    const connection = server.server.connection();
    const password = server.server.password;
    for (const [choice, target] of [
      [{ connection: { ...connection, environment: 'production' as const }, password }, undefined],
      [{ connection, password }, connection],
    ] as const) {
      await assert.rejects(openShadow(choice, { ...options, target }), (error: unknown) =>
        isSwitchbackError(error, 'no-shadow'),
      );
    }
    assert.deepEqual(await scratchDatabases(), []);
  });

  it('server: drops what a dead process left, and nothing of a living one', async () => {
    const admin = await openSession(server.server.connection(), server.server.password);
    const now = Math.floor(Date.now() / 1000).toString(36);
    const dead = `switchback_shadow_${now}_00000001`;
    const living = `switchback_shadow_${now}_00000002`;
    const theirs = 'switchback_shadow_of_mine';
    try {
      for (const [name, pid] of [
        [dead, 2 ** 22 + 1],
        [living, process.pid],
      ] as const) {
        await admin.query(`CREATE DATABASE ${name}`);
        await admin.query(
          `COMMENT ON DATABASE ${name} IS 'switchback shadow ${JSON.stringify({ host: os.hostname(), pid })}'`,
        );
      }
      await admin.query(`CREATE DATABASE ${theirs}`);
      assert.equal(processLives(2 ** 22 + 1), false);
      shadow = await openShadow(
        { connection: server.server.connection(), password: server.server.password },
        options,
      );
      const left = await scratchDatabases();
      assert.equal(left.includes(dead), false);
      assert.ok(left.includes(living) && left.includes(theirs));
    } finally {
      for (const name of [dead, living, theirs]) await admin.query(`DROP DATABASE IF EXISTS ${name}`);
      await admin.close();
    }
  });
});
