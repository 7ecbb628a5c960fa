import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { applyMigration, rollBackMigration } from '../../src/implement/apply-migration';
import { detectLayouts } from '../../src/layouts/detect-layouts';
import type { Migration } from '../../src/layouts/layout';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { sealComposed } from '../../src/layouts/seal-composed';
import { sqitch } from '../../src/layouts/sqitch';
import { nodeFiles } from '../../src/ports/node-files';
import { openBenchOn, requestFor, type Bench } from '../implement/fixture';
import { testServer } from '../support/servers';
import { isInstalled, outputOf } from './programs';

/** Versions that psql and DBD::Pg of Debian speak to. */
for (const major of [12, 18] as const) {
  describe(`the real Sqitch, PostgreSQL ${major} [sqitch]`, function () {
    this.timeout(180_000);
    const disk = nodeFiles();
    let root: string;
    let bench: Bench;
    let session: Session;
    let tool: (...args: string[]) => Promise<string>;

    before(async function () {
      if (!isInstalled('sqitch')) return this.skip();
      const database = await (await testServer({ major })).createDatabase();
      bench = await openBenchOn(database);
      session = await openSession(database.connection, database.password);
      root = await mkdtemp(path.join(tmpdir(), 'switchback-sqitch-'));
      const { host, port, user, database: name } = database.connection;
      const target = `db:pg://${user}@${host}:${port}/${name}`;
      const env = { PGPASSWORD: database.password, TZ: 'UTC', SQITCH_USER_CONFIG: path.join(root, 'none') };
      tool = (...args) => outputOf('sqitch', args, { cwd: root, env });
      await tool('init', 'shop', '--uri', 'https://example.org/shop', '--engine', 'pg', '--target', target);
      await tool('config', 'user.name', 'tester');
      await tool('config', 'user.email', 'tester@example.org');
    });
    after(async () => {
      await session?.close();
      await bench?.drop();
      if (root) await rm(root, { recursive: true, force: true });
    });

    const add = async (name: string, up: string, down: string, ...args: string[]): Promise<void> => {
      await tool('add', name, '-n', `Adds ${name}`, ...args);
      await script('deploy', name, up);
      await script('revert', name, down);
    };
    const script = (folder: string, name: string, sql: string): Promise<void> =>
      writeFile(path.join(root, folder, `${name}.sql`), `-- ${name}\nBEGIN;\n${sql}\nCOMMIT;\n`);
    const list = (): Promise<Migration[]> => sqitch.list(root, disk);
    const releasedAs = async (name: string) => {
      const siblings = await list();
      const migration = siblings.findLast((each) => each.name === name)!;
      const [up, down] = await Promise.all([
        sqitch.script(migration, 'up', disk),
        sqitch.script(migration, 'down', disk),
      ]);
      return requestFor(bench, { layout: sqitch, migration, siblings, directory: '.', up, down });
    };
    const apply = async (name: string): Promise<unknown> => applyMigration(await releasedAs(name));
    const rollBack = async (name: string): Promise<unknown> => rollBackMigration(await releasedAs(name));
    const states = async (): Promise<string[]> => {
      const history = await sqitch.history('.', session);
      const none = new Map<string, null>();
      const up = new Map(
        await Promise.all(
          (await list()).map(async (each) => [each.version, await sqitch.script(each, 'up', disk)] as const),
        ),
      );
      return migrationStatuses({ migrations: await list(), history, layout: sqitch, up, down: none }).map(
        ({ name, state, flags }) => [name, state, ...flags.filter((flag) => flag !== 'no-down')].join(' '),
      );
    };
    const status = (): Promise<string> => tool('status');
    /** Everything in the registry but the times at which it was written. */
    const registry = async (): Promise<unknown> => {
      const tables = ['releases', 'projects', 'changes', 'tags', 'dependencies', 'events'];
      const at = (table: string): string =>
        table === 'dependencies'
          ? ''
          : ` order by ${{ releases: 'installed_at', projects: 'created_at' }[table] ?? 'committed_at'}`;
      const all = await Promise.all(
        tables.map(async (table) => (await session.query(`select * from sqitch.${table}${at(table)}`)).rows),
      );
      const text = JSON.stringify(all, (key, value: unknown) =>
        ['committed_at', 'installed_at', 'created_at'].includes(key) ? 'then' : value,
      );
      return JSON.parse(text) as unknown;
    };

    it('deploys half, Switchback the rest and one back, and the tool agrees and carries on', async () => {
      await add('users', 'create table users (id int primary key);', 'drop table users;');
      await add('parts/orders', 'create table orders (id int);', 'drop table orders;', '-r', 'users');
      await tool('tag', 'v1.0', '-n', 'First');
      await add(
        'prices',
        'create table prices (id int);',
        'drop table prices;',
        '-r',
        'users@v1.0',
        '-x',
        'other:old',
      );
      await tool('tag', 'v1.1', '-n', 'Second');
      await tool('rework', 'users', '-n', 'Again');
      await script('deploy', 'users', 'alter table users add column name text;');
      await script('revert', 'users', 'alter table users drop column name;');
      await tool('deploy', '--to-change', 'parts/orders');

      const [found] = await detectLayouts({ root, folders: [], exclude: [], files: disk });
      assert.deepEqual([found?.layout.id, found?.folder], ['sqitch', root]);
      assert.deepEqual(await states(), [
        'users@v1.1 applied',
        'parts/orders applied',
        'prices pending',
        'users pending',
      ]);

      await assert.rejects(apply('users'), /comes first/);
      await apply('prices');
      await apply('users');
      assert.match(await status(), /Change:\s+\w+\n# Name: +users\n[^]*Nothing to deploy \(up-to-date\)/);
      assert.match(await tool('verify'), /Verify successful/);
      assert.match(await tool('check'), /Check successful/);
      const bySwitchback = await registry();

      await rollBack('users');
      assert.match(await status(), /# Name: +prices\n# Tag: +@v1\.1\n[^]*Undeployed change:\s+\* users/);
      assert.match(await tool('log', '--max-count', '1'), /Revert [0-9a-f]{40}\nName: +users\n/);

      // What the tool itself writes, from nothing, is what Switchback has written behind it.
      const { rows: ours } = await session.query('select * from sqitch.events where event = $1', ['revert']);
      await tool('revert', '-y');
      assert.deepEqual(await states(), [
        'users@v1.1 pending',
        'parts/orders pending',
        'prices pending',
        'users pending',
      ]);
      await session.script('drop schema sqitch cascade');
      await tool('deploy');
      assert.deepEqual(await registry(), bySwitchback);
      await tool('revert', '-y', '--to-change', 'prices');
      const { rows: theirs } = await session.query('select * from sqitch.events where event = $1', [
        'revert',
      ]);
      const timeless = (rows: unknown[]): unknown[] =>
        rows.map((row) => ({ ...(row as object), committed_at: null }));
      assert.deepEqual(timeless(ours), timeless(theirs));
    });

    it('makes the registry as the tool does, and the tool goes on in it', async () => {
      const shape = async (): Promise<unknown> => {
        const columns = await session.query(
          `select table_name, column_name, data_type, is_nullable, column_default
           from information_schema.columns where table_schema = 'sqitch' order by 1, ordinal_position`,
        );
        const constraints = await session.query(
          `select conrelid::regclass::text as relation, conname, pg_get_constraintdef(oid) as definition
           from pg_constraint where connamespace = 'sqitch'::regnamespace and contype <> 'n' order by 1, 2`,
        );
        return [columns.rows, constraints.rows];
      };
      await tool('revert', '-y');
      const byTool = await shape();
      await session.script('drop schema sqitch cascade');
      for (const name of ['users@v1.1', 'parts/orders', 'prices']) await apply(name);
      assert.deepEqual(await shape(), byTool);
      const bySwitchback = await registry();
      assert.match(await status(), /Undeployed change:\s+\* users/);
      await tool('revert', '-y');
      await session.script('drop schema sqitch cascade');
      await tool('deploy', '--to-change', '@v1.1');
      assert.deepEqual(await registry(), bySwitchback);
      await tool('deploy');
      assert.match(await status(), /up-to-date/);
    });

    it('takes a composed change as one of its own', async () => {
      const request = {
        folder: root,
        name: 'Add an index',
        up: 'create index concurrently on orders (id);',
        down: 'drop index concurrently orders_id_idx;',
        transactional: false,
        now: new Date('2030-01-01T00:00:00Z'),
      };
      const composed = sqitch.compose(request, await list());
      const sealed = await sealComposed(sqitch, composed, disk);
      for (const file of [...sealed.files, ...sealed.beside]) await disk.write(file.path, file.text);
      const last = (await list()).at(-1)!;
      assert.deepEqual(
        [last.version, last.upPath, last.downPath],
        [sealed.files[0]!.version, ...sealed.files.map((file) => file.path)],
      );
      const line = (await readFile(path.join(root, 'sqitch.plan'), 'utf8')).split('\n').at(-2)!;
      assert.equal(line, 'add_an_index 2030-01-01T00:00:00Z tester <tester@example.org> # Add an index');
      assert.match(await status(), /Undeployed change:\s+\* add_an_index/);
      await apply('add_an_index');
      assert.match(await status(), new RegExp(`# Change: +${last.version}\n[^]*up-to-date`));
      await tool('revert', '-y', '--to-change', '@HEAD^');
      await tool('deploy', '--verify');
      assert.match(await status(), /up-to-date/);
      assert.equal((await states()).at(-1), 'add_an_index applied');
      await rollBack('add_an_index');
      assert.match(await status(), /Undeployed change:\s+\* add_an_index/);
    });
  });
}
