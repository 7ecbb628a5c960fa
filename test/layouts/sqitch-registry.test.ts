import assert from 'node:assert/strict';
import path from 'node:path';
import type { Session } from '../../src/database/session';
import type { Direction, HistoryTable, Migration } from '../../src/layouts/layout';
import { migrationStatuses } from '../../src/layouts/migration-status';
import { sqitch } from '../../src/layouts/sqitch';
import { beforeInDatabase } from '../support/before-in-database';
import { memoryFiles } from '../support/memory-files';
import { testMajors } from '../support/servers';

const folder = path.resolve('/w/shop');
const files = memoryFiles({
  [path.join(folder, 'sqitch.conf')]: '[core]\nengine = pg\n[user]\nname = A\nemail = a@example.org\n',
  [path.join(folder, 'sqitch.plan')]: `%project=shop
%uri=https://example.org/shop

users 2024-01-31T12:00:00Z B <b@example.org> # The users
orders [users other:thing !other:old] 2024-01-31T12:00:01Z B <b@example.org>
@v1 2024-01-31T12:00:02Z C <c@example.org> # First
users [users@v1] 2024-01-31T12:00:03Z B <b@example.org> # Again
`,
  [path.join(folder, 'deploy/users@v1.sql')]: 'create table users (id int);\n',
  [path.join(folder, 'deploy/orders.sql')]: 'create table orders (id int);\n',
  [path.join(folder, 'deploy/users.sql')]: 'alter table users add column name text;\n',
});
/** The ids that Sqitch 1.3.1 gave, and what sha1sum says of the scripts. */
const ids = {
  users: '473a1580b612c8f679e7e5fb094d715d03a1d63b',
  orders: '4a0ddb7838c735e85151fef30fc739a2ac9837b1',
  again: 'cb3f98a90b97f346822591cade3899dc9e6fdfa8',
  tag: '4f7b15e1d7dc60615376fc8a03bf76aa272354b1',
};
const hashes = {
  users: 'daf010c72bd3c6928c7abb7f8fab4e1951bdd368',
  orders: '8ebbe18d445c0eabfe958384b0a82ad8b949eeb5',
  again: '792f2175dbd8495fb96502c42844b42157d0ae7b',
};

for (const major of testMajors) {
  describe(`the registry of sqitch, PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    let session: Session;
    beforeInDatabase(major, (opened) => (session = opened));

    /** Writes what belongs to a direction, without its SQL. */
    const write = async (migration: Migration, direction: Direction, table?: HistoryTable): Promise<void> => {
      const up = (await sqitch.script(migration, 'up', files))!;
      const execution = sqitch.execution(migration, direction, {
        directory: 'shop',
        previousVersion: null,
        by: 'somebody',
        sql: up.sql,
        contentHash: up.contentHash,
        recordedHash: sqitch.recordedHash(up),
        id: '',
        table,
      });
      for (const sql of execution.prepare) await session.query(sql);
      for (const list of [execution.before, execution.record(5)])
        await session.transaction(async () => {
          for (const { sql, parameters } of list) await session.query(sql, parameters);
        });
    };
    const planned = (): Promise<Migration[]> => sqitch.list(folder, files);
    const rows = async (table: string, order: string): Promise<unknown[]> => {
      const found = await session.query<{ row: object }>(
        `select to_jsonb(t) - 'committed_at' - 'created_at' - 'installed_at' as row from sqitch.${table} t order by ${order}`,
      );
      return found.rows.map(({ row }) => row);
    };
    const by = { committer_name: 'somebody', committer_email: 'a@example.org' };
    const planner = { planner_name: 'B', planner_email: 'b@example.org' };
    const at = (second: number): { planned_at: string } => ({
      planned_at: `2024-01-31T12:00:0${second}+00:00`,
    });

    before(() => session.script("set timezone = 'UTC'"));
    afterEach(() => session.script('drop schema if exists sqitch, meta cascade'));

    /** A deployed change of another project, which is required. */
    const another = async (): Promise<void> => {
      await session.script(`insert into sqitch.projects (project, creator_name, creator_email) values ('other', 'x', 'y');
        insert into sqitch.changes (change_id, change, project, committer_name, committer_email, planned_at, planner_name, planner_email)
        values ('${'f'.repeat(40)}', 'thing', 'other', 'x', 'y', now(), 'x', 'y')`);
    };

    it('has the rows that the tool writes', async () => {
      const [users, orders, again] = await planned();
      assert.equal((await sqitch.history('shop', session)).exists, false);
      await write(users!, 'up');
      await assert.rejects(write(orders!, 'up'), /requires "other:thing" to be deployed before "orders"/);
      await another();
      await write(orders!, 'up');
      await write(again!, 'up');
      assert.deepEqual(await rows('releases', '1'), [
        { version: 1.1, installer_name: 'somebody', installer_email: 'a@example.org' },
      ]);
      assert.deepEqual((await rows('projects', 'created_at')).slice(0, 1), [
        {
          project: 'shop',
          uri: 'https://example.org/shop',
          creator_name: 'somebody',
          creator_email: 'a@example.org',
        },
      ]);
      const own = { project: 'shop', ...by, ...planner };
      const changes = [
        {
          change_id: ids.users,
          script_hash: hashes.users,
          change: 'users',
          note: 'The users',
          ...own,
          ...at(0),
        },
        { change_id: ids.orders, script_hash: hashes.orders, change: 'orders', note: '', ...own, ...at(1) },
        { change_id: ids.again, script_hash: hashes.again, change: 'users', note: 'Again', ...own, ...at(3) },
      ];
      const stored = await rows('changes', 'committed_at');
      assert.deepEqual(
        stored.filter((row) => (row as { project: string }).project === 'shop'),
        changes,
      );
      const tag = { tag_id: ids.tag, tag: '@v1', project: 'shop', change_id: ids.orders, note: 'First' };
      const tags = [{ ...tag, ...by, planner_name: 'C', planner_email: 'c@example.org', ...at(2) }];
      assert.deepEqual(await rows('tags', '1'), tags);
      const dependencies = [
        { change_id: ids.again, type: 'require', dependency: 'users@v1', dependency_id: ids.users },
        { change_id: ids.orders, type: 'conflict', dependency: 'other:old', dependency_id: null },
        { change_id: ids.orders, type: 'require', dependency: 'other:thing', dependency_id: 'f'.repeat(40) },
        { change_id: ids.orders, type: 'require', dependency: 'users', dependency_id: ids.users },
      ];
      assert.deepEqual(await rows('dependencies', `change_id <> '${ids.again}', dependency`), dependencies);
      const event = (index: number, kind: string, lists: object): object => {
        const { script_hash: _, ...change } = changes[index]!;
        return { event: kind, ...change, requires: [], conflicts: [], tags: [], ...lists };
      };
      const ofOrders = { requires: ['users', 'other:thing'], conflicts: ['other:old'], tags: ['@v1'] };
      const deployed = [
        event(0, 'deploy', {}),
        event(1, 'deploy', ofOrders),
        event(2, 'deploy', { requires: ['users@v1'] }),
      ];
      assert.deepEqual(await rows('events', 'committed_at'), deployed);

      const history = await sqitch.history('shop', session);
      assert.deepEqual(
        history.applied.map(({ version, name, appliedBy, contentHash, project }) => [
          version,
          name,
          appliedBy,
          contentHash,
          project,
        ]),
        [
          [ids.users, 'users', 'somebody', hashes.users, 'shop'],
          ['f'.repeat(40), 'thing', 'x', null, 'other'],
          [ids.orders, 'orders', 'somebody', hashes.orders, 'shop'],
          [ids.again, 'users', 'somebody', hashes.again, 'shop'],
        ],
      );

      await assert.rejects(write(users!, 'down'), /Deployed changes require "users@v1"/);
      await write(again!, 'down');
      await write(orders!, 'down');
      assert.deepEqual(await rows('changes', `change_id = '${'f'.repeat(40)}'`), [
        changes[0],
        (stored as { project: string }[]).find(({ project }) => project === 'other'),
      ]);
      assert.deepEqual([await rows('tags', '1'), await rows('dependencies', '1')], [[], []]);
      assert.deepEqual(await rows('events', 'committed_at'), [
        ...deployed,
        event(2, 'revert', { requires: ['users@v1'] }),
        event(1, 'revert', ofOrders),
      ]);
    });

    it('tells in the order of the plan what is applied, and of its own project alone', async () => {
      const migrations = await planned();
      const states = async (): Promise<string[]> => {
        const up = new Map(
          await Promise.all(
            migrations.map(async (each) => [each.version, await sqitch.script(each, 'up', files)] as const),
          ),
        );
        const history = await sqitch.history('shop', session);
        return migrationStatuses({ migrations, history, layout: sqitch, up, down: up }).map(
          ({ name, state, flags }) => [name, state, ...flags].join(' '),
        );
      };
      const noDown = ' no-down';
      await write(migrations[0]!, 'up');
      await another();
      assert.deepEqual(await states(), [
        `users@v1 applied${noDown}`,
        `orders pending${noDown}`,
        `users pending${noDown}`,
      ]);
      await session.script(`update sqitch.changes set script_hash = 'x', change_id = '${ids.again}' where project = 'shop';
        insert into sqitch.changes select '${'0'.repeat(40)}', 'y', 'gone', project, note, committed_at, committer_name,
          committer_email, planned_at, planner_name, planner_email from sqitch.changes where project = 'shop'`);
      assert.deepEqual(await states(), [
        'gone missing',
        `users@v1 pending out-of-order${noDown}`,
        `orders pending out-of-order${noDown}`,
        `users applied edited${noDown}`,
      ]);
    });

    it('is kept where the configuration says, and nothing of another tool is touched', async () => {
      const [users] = await planned();
      const meta = { schema: 'meta', name: 'changes' };
      await write(users!, 'up', meta);
      assert.equal((await sqitch.history('shop', session)).exists, false);
      const history = await sqitch.history('shop', session, meta);
      assert.deepEqual([history.table, history.applied.length, history.inOrder], ['meta.changes', 1, true]);
      await session.script('create schema sqitch; create table sqitch.changes (version text)');
      await assert.rejects(sqitch.history('shop', session), {
        code: 'invalid-input',
        message: /not Sqitch's/,
      });
      await assert.rejects(write(users!, 'up'));
      await session.script('drop schema sqitch cascade; alter table meta.changes drop column script_hash');
      await assert.rejects(sqitch.history('shop', session, meta), { message: /sqitch upgrade/ });
    });

    it('is refused what the tool refuses: a URI that differs, a conflict, a text that is recorded already', async () => {
      const [users, orders] = await planned();
      await write(users!, 'up');
      await another();
      const changed = (planned: Partial<Migration['planned']>): Migration => ({
        ...orders!,
        planned: { ...orders!.planned!, requires: [], conflicts: [], ...planned },
      });
      await assert.rejects(write(changed({ uri: null }), 'up'), /another URI than the plan names/);
      await assert.rejects(write(changed({ project: 'shop2' }), 'up'), /URI of the project "shop2"/);
      const conflicts = [{ text: 'users', project: 'shop', change: 'users', tag: null, id: null }];
      await assert.rejects(write(changed({ conflicts }), 'up'), /"orders" conflicts with "users"/);
      await assert.rejects(write({ ...orders!, upPath: users!.upPath }, 'up'), /the very text of "orders"/);
      const taken = sqitch.execution({ ...orders!, planned: undefined }, 'up', {
        directory: '',
        previousVersion: null,
        by: 'x',
        sql: '',
        contentHash: '',
        recordedHash: null,
        id: '',
      });
      assert.throws(() => taken.record(0), { code: 'invalid-input', message: /not in sqitch\.plan/ });
    });

    it("takes the tool's lock", async () => {
      const [users] = await planned();
      const { lock } = sqitch.execution(users!, 'up', {
        directory: '',
        previousVersion: null,
        by: 'x',
        sql: '',
        contentHash: '',
        recordedHash: null,
        id: '',
      });
      const held = async (): Promise<unknown[]> =>
        (
          await session.query(
            `select ((classid::int8 << 32) + objid::int8)::text as id from pg_locks
             where locktype = 'advisory' and pid = pg_backend_pid()`,
          )
        ).rows;
      await session.query(lock!.take);
      assert.deepEqual(await held(), [{ id: '75474063' }]);
      await session.query(lock!.release);
      assert.deepEqual(await held(), []);
    });
  });
}
