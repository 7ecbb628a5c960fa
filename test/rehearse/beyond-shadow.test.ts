import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { isSwitchbackError } from '../../src/messages/error';
import { silentProgress } from '../../src/ports/progress';
import { measureScript } from '../../src/rehearse/measure/measure-script';
import { replayedState } from '../../src/rehearse/measure/measure-state';
import type { MeasuredScript } from '../../src/rehearse/measure/measured-forecast';
import type { ReplayedScript } from '../../src/rehearse/shadow-run';
import { openShadow, type ShadowOptions } from '../../src/shadow/open-shadow';
import type { Shadow } from '../../src/shadow/shadow';
import { loadParser, type SqlParser } from '../../src/sql/parser';
import { testServer, type TestServer } from '../support/servers';

const root = path.resolve(__dirname, '../..');
const trace = path.join(os.tmpdir(), `switchback-beyond-${process.pid}`);

describe('what a shadow database on a server leaves alone', function () {
  this.timeout(120_000);
  let server: TestServer;
  let admin: Session;
  let options: ShadowOptions;
  let parser: SqlParser;
  let shadow: Shadow | null = null;

  before(async () => {
    parser = await loadParser();
    server = await testServer({ major: 18 });
    admin = await openSession(server.server.connection(), server.server.password);
    options = {
      assets: { distFolder: path.join(root, 'dist') },
      binaries: { packageFolders: [root], searchPath: '' },
    };
    await admin.script('create role beyond_shadow');
  });
  afterEach(async () => {
    await shadow?.dispose();
    shadow = null;
    await rm(trace, { force: true });
  });
  after(async () => {
    await admin.script('drop role beyond_shadow');
    await admin.close();
  });

  async function measure(
    sql: string,
    before: ReplayedScript[] = [],
    signal = new AbortController().signal,
  ): Promise<MeasuredScript> {
    const choice = { connection: server.server.connection(), password: server.server.password };
    shadow = await openShadow(choice, { ...options, signal });
    return measureScript({
      state: replayedState(shadow, { prepare: [], before }, { watchdogMilliseconds: 60_000, signal }),
      statements: parser.parse(sql).statements,
      direction: 'up',
      transaction: 'none',
      parser,
      progress: silentProgress(),
      signal,
    });
  }

  async function roleSettings(): Promise<unknown> {
    const { rows } = await admin.query(
      `select rolname::text, rolcanlogin, rolconfig::text from pg_roles where rolname like 'beyond%' order by 1`,
    );
    return rows;
  }

  async function scratchDatabases(): Promise<number> {
    const { rowCount } = await admin.query(
      `select from pg_database where datname like 'switchback\\_shadow\\_%'`,
    );
    return rowCount;
  }

  it('runs no program, writes no file, changes no role and no other database', async () => {
    const before = await roleSettings();
    const result = await measure(`
      create table t (a int);
      copy t to program 'touch ${trace}';
      do $$ begin copy t to program 'touch ${trace}'; end $$;
      copy t to '${trace}';
      alter role beyond_shadow login;
      create role beyond_other;
      comment on database postgres is 'touched';
      alter database postgres set work_mem = '9MB';
      insert into t values (1);`);
    assert.deepEqual(
      result.statements.map(({ measured, notes }) => measured !== null || notes[0]),
      [true, ...Array<string>(7).fill('Not run: it reaches beyond the shadow database.'), true],
    );
    assert.equal(existsSync(trace), false);
    assert.deepEqual(await roleSettings(), before);
  });

  it('replays no history that reaches beyond', async () => {
    const before = await roleSettings();
    const history = [
      { sql: 'select 1;\nalter role beyond_shadow login', transaction: 'implicit', label: '1' },
    ] as const;
    await assert.rejects(measure('select 1', [...history]), (error: unknown) => {
      assert.ok(isSwitchbackError(error, 'verification-failed'));
      assert.match(error.sentence, /Line 2 reaches beyond the shadow database/);
      return true;
    });
    assert.deepEqual(await roleSettings(), before);
  });

  it('runs nothing that psql or the migration tool would fill in first', async () => {
    const result = await measure(
      'create table t (a int);\n\\set x t\ndrop table :x;\ndrop table ${schema}.t;',
    );
    assert.deepEqual(
      result.statements.map(({ error, notes }) => error ?? notes[0] ?? 'ran'),
      [
        'ran',
        'Not run: The placeholder :x is not filled in.',
        'Not run: The placeholder ${schema} is not filled in.',
      ],
    );
  });

  it('leaves no scratch database behind when it is cancelled', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1500);
    await assert.rejects(measure('select pg_sleep(30)', [], controller.signal));
    await shadow?.dispose();
    assert.equal(await scratchDatabases(), 0);
  });

  it('refuses the server of a production database, and the target, by another name too', async () => {
    const { readServerIdentity } = await import('../../src/database/server-identity');
    const connection = server.server.connection();
    const serverIdentity = await readServerIdentity(admin);
    const elsewhere = { ...connection, host: 'other.example', port: 1, serverIdentity };
    const choice = { connection, password: server.server.password };
    for (const target of [
      { ...elsewhere, database: 'shop', environment: 'production' as const },
      { ...elsewhere, environment: 'development' as const },
      { ...connection, database: 'shop', environment: 'production' as const },
    ]) {
      await assert.rejects(openShadow(choice, { ...options, target }), (error: unknown) =>
        isSwitchbackError(error, 'no-shadow'),
      );
    }
    shadow = await openShadow(choice, {
      ...options,
      target: { ...elsewhere, database: 'shop', environment: 'development' },
    });
    assert.equal(await scratchDatabases(), 1);
  });
});
