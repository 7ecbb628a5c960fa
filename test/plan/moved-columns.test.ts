import assert from 'node:assert/strict';
import { checkColumns } from '../../src/assess/check-input';
import { readTableFacts } from '../../src/catalog/read-table-facts';
import type { SingleChange } from '../../src/assess/change';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import { stepsOf, type Plan } from '../../src/plan/plan';
import { testMajors, testServer, type TestMajor } from '../support/servers';
import { runStep } from './execute';
import { planned } from './planned';

const [table, to] = ['profiles', 'users'].map((name) => ({ schema: 'app', name }));
const move: SingleChange = {
  kind: 'move-column',
  table: table!,
  columns: ['bio'],
  to: to!,
  constraint: null,
};
const merge: SingleChange = { kind: 'merge-tables', table: table!, to: to!, constraint: null };
const users = 'CREATE TABLE app.users (id int PRIMARY KEY, name text)';
const owner = 'user_id int NOT NULL UNIQUE REFERENCES app.users';

/** Opens any number of sessions of a database that has these tables. */
async function withSchema(
  sql: string,
  work: (open: () => Promise<Session>) => Promise<void>,
  major: TestMajor = testMajors.at(-1)!,
): Promise<void> {
  const server = await testServer({ major });
  const database = await server.createDatabase();
  const sessions: Session[] = [];
  const open = async (): Promise<Session> => {
    const session = await openSession(database.connection, database.password);
    sessions.push(session);
    return session;
  };
  try {
    await (await open()).script(`CREATE SCHEMA app; ${sql}`);
    await work(open);
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
    await database.drop();
  }
}

/** What stops it, each with tables that it stops. */
const stopped: [string, SingleChange, string, RegExp][] = [
  ['no foreign key', move, `${users}; CREATE TABLE app.profiles (bio text)`, /add-foreign-key.*move-rows/],
  [
    'two foreign keys',
    move,
    `${users}; CREATE TABLE app.profiles (${owner}, by_id int NOT NULL REFERENCES app.users, bio text)`,
    /profiles_by_id_fkey, profiles_user_id_fkey|profiles_user_id_fkey, profiles_by_id_fkey/,
  ],
  [
    'a key that may be empty',
    move,
    `${users}; CREATE TABLE app.profiles (user_id int UNIQUE REFERENCES app.users, bio text)`,
    /set-not-null/,
  ],
  [
    'a deferrable key',
    move,
    `${users}; CREATE TABLE app.profiles (${owner} DEFERRABLE, bio text)`,
    /set-deferrable/,
  ],
  [
    'a column of that name',
    move,
    `${users}; ALTER TABLE app.users ADD bio text; CREATE TABLE app.profiles (${owner}, bio text)`,
    /has a column bio already/,
  ],
  [
    'rows that do not agree',
    move,
    `${users}; INSERT INTO app.users VALUES (1); CREATE TABLE app.profiles (user_id int NOT NULL REFERENCES app.users, bio text); CREATE INDEX ON app.profiles (user_id); INSERT INTO app.profiles VALUES (1, 'a'), (1, NULL)`,
    /Make them agree/,
  ],
  [
    'several rows that no index finds',
    move,
    `${users}; CREATE TABLE app.profiles (user_id int NOT NULL REFERENCES app.users, bio text)`,
    /add-index/,
  ],
  [
    'a default for each row',
    move,
    `${users}; CREATE TABLE app.profiles (${owner}, bio text DEFAULT random()::text)`,
    /drop-default/,
  ],
  [
    'a CHECK that wants a value',
    move,
    `${users}; CREATE TABLE app.profiles (${owner}, bio text CHECK (bio IS NOT NULL))`,
    /refuses rows without values/,
  ],
  [
    'a key that deletes',
    move,
    `${users}; CREATE TABLE app.langs (id int PRIMARY KEY); CREATE TABLE app.profiles (${owner}, bio int REFERENCES app.langs ON DELETE CASCADE)`,
    /would delete the rows there/,
  ],
  [
    'a domain with constraints',
    move,
    `${users}; CREATE DOMAIN app.words AS text CHECK (VALUE <> ''); CREATE DOMAIN app.bios AS app.words; CREATE TABLE app.profiles (${owner}, bio app.bios)`,
    /change-column-type/,
  ],
  [
    'what is unique with a default',
    move,
    `${users}; CREATE TABLE app.profiles (${owner}, bio text DEFAULT 'x' UNIQUE)`,
    /would all have the same values/,
  ],
  [
    'several rows for one',
    merge,
    `${users}; CREATE TABLE app.profiles (user_id int NOT NULL REFERENCES app.users, bio text); CREATE INDEX ON app.profiles (user_id)`,
    /add-unique.*move-column.*move-rows/,
  ],
  [
    'a key that nobody would write',
    merge,
    `${users}; CREATE TABLE app.profiles (id int PRIMARY KEY, ${owner}, bio text)`,
    /change-primary-key/,
  ],
  [
    'a table that refers to it',
    merge,
    `${users}; CREATE TABLE app.profiles (${owner}, bio text); CREATE TABLE app.lines (id int REFERENCES app.profiles (user_id))`,
    /lines.* depends on app\.profiles/,
  ],
  [
    'a view of it',
    merge,
    `${users}; CREATE TABLE app.profiles (${owner}, bio text); CREATE VIEW app.v AS SELECT bio FROM app.profiles`,
    /app\.v depends on app\.profiles/,
  ],
  ['nothing but a key', merge, `${users}; CREATE TABLE app.profiles (${owner})`, /drop-table/],
];

async function upTo(session: Session, plan: Plan, slug: string): Promise<void> {
  for (const step of stepsOf(plan)) {
    if (step.id.endsWith(slug)) return;
    await runStep(session, step);
  }
}

/** Until another session waits for this one. */
async function blocked(session: Session): Promise<void> {
  for (;;) {
    const { rows } = await session.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
    if (rows.length > 0) return;
  }
}

describe('columns that go to the table theirs refers to', function () {
  this.timeout(60_000);

  for (const [what, change, sql, sentence] of stopped)
    it(`are stopped by ${what} (${change.kind})`, () =>
      withSchema(sql, async (open) => {
        const session = await open();
        await assert.rejects(async () => {
          checkColumns(change, await readTableFacts(session, table!));
          await planned(session, change);
        }, sentence);
      }));

  const rows = `${users}; CREATE TABLE app.profiles (id int PRIMARY KEY, ${owner}, bio text DEFAULT 'new', more text);
    INSERT INTO app.users SELECT i FROM generate_series(1, 8) i;
    INSERT INTO app.profiles SELECT i, i, 'v' || i FROM generate_series(1, 6) i`;

  for (const major of testMajors)
    it(`are filled with what is written while they wait, on PostgreSQL ${major}`, () =>
      withSchema(
        rows,
        async (open) => {
          const [filling, writing] = [await open(), await open()];
          const { plan } = await planned(filling, move);
          await upTo(filling, plan, 'fill-rows');
          await writing.query('BEGIN');
          await writing.query('UPDATE app.profiles SET bio = NULL WHERE id = 1');
          await writing.query("UPDATE app.profiles SET bio = 'w' WHERE id = 2");
          await writing.query('DELETE FROM app.profiles WHERE id = 3');
          await writing.query('UPDATE app.profiles SET user_id = 7 WHERE id = 4');
          const step = stepsOf(plan).find(({ id }) => id.endsWith('fill-rows'))!;
          const filled = runStep(filling, step);
          await blocked(writing);
          await writing.query('COMMIT');
          await filled;
          const { rows: found } = await filling.query(
            'SELECT u.bio, p.bio AS old FROM app.users u LEFT JOIN app.profiles p ON p.user_id = u.id ORDER BY u.id',
          );
          assert.deepEqual(
            found.map(({ bio, old }) => [bio, old]),
            [null, 'w', null, null, 'v5', 'v6', 'v4', null].map((value) => [value, value]),
          );
        },
        major,
      ));

  it('keep what new code has written when old code makes the row, and lose nothing that old code writes', () =>
    withSchema(rows, async (open) => {
      const session = await open();
      const { plan } = await planned(session, move);
      await upTo(session, plan, 'check-before-drop');
      const pair = async (id: number): Promise<unknown[]> => {
        const { rows: found } = await session.query(
          'SELECT u.bio, p.bio AS old FROM app.users u LEFT JOIN app.profiles p ON p.user_id = u.id WHERE u.id = $1',
          [id],
        );
        return Object.values(found[0]!);
      };
      await session.query("UPDATE app.users SET bio = 'n' WHERE id = 7");
      await session.query('INSERT INTO app.profiles (id, user_id) VALUES (7, 7)');
      assert.deepEqual(await pair(7), ['n', 'n']);
      await session.query("UPDATE app.users SET bio = 'n' WHERE id = 8");
      await session.query('INSERT INTO app.profiles (id, user_id, bio) VALUES (8, 8, NULL)');
      assert.deepEqual(await pair(8), [null, null]);
      await session.query(
        "INSERT INTO app.profiles (id, user_id, bio) VALUES (10, 1, 'new') ON CONFLICT (user_id) DO UPDATE SET bio = EXCLUDED.bio",
      );
      assert.deepEqual(await pair(1), ['new', 'new']);
      await session.query('TRUNCATE app.profiles');
      assert.deepEqual(await pair(2), [null, null]);
    }));

  it('make, change and take away the row of a table that becomes part of another one', () =>
    withSchema(
      `${users}; CREATE TABLE app.profiles (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ${owner}, bio text NOT NULL, level text NOT NULL DEFAULT 'low', more json);
       INSERT INTO app.users SELECT i FROM generate_series(1, 3) i; INSERT INTO app.profiles (user_id, bio) VALUES (1, 'v1')`,
      async (open) => {
        const session = await open();
        const { plan } = await planned(session, merge);
        await upTo(session, plan, 'check-before-drop');
        const row = async (id: number): Promise<unknown[]> => {
          const { rows: found } = await session.query(
            'SELECT bio, level, more FROM app.profiles WHERE user_id = $1',
            [id],
          );
          return found.map((each) => Object.values(each));
        };
        await session.query("UPDATE app.users SET more = '[1]' WHERE id = 1");
        assert.deepEqual(await row(1), [['v1', 'low', [1]]]);
        await session.query('UPDATE app.users SET bio = NULL, level = NULL, more = NULL WHERE id = 1');
        assert.deepEqual(await row(1), []);
        await session.query("UPDATE app.users SET bio = 'v2' WHERE id = 2");
        assert.deepEqual(await row(2), [['v2', 'low', null]]);
        await session.query(
          "INSERT INTO app.users (id, bio, level) VALUES (4, 'v4', 'high'), (5, NULL, 'low')",
        );
        assert.deepEqual(await row(4), [['v4', 'high', null]]);
        await session.query("INSERT INTO app.profiles (user_id, bio) VALUES (5, 'v5')");
        const { rows: both } = await session.query('SELECT bio, level FROM app.users ORDER BY id');
        assert.deepEqual(
          both.map(({ bio, level }) => [bio, level]),
          [
            [null, null],
            ['v2', 'low'],
            [null, null],
            ['v4', 'high'],
            ['v5', 'low'],
          ],
        );
      },
    ));
});
