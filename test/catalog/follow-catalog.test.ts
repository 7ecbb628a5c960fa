import assert from 'node:assert/strict';
import { followCatalog, type FollowedCatalog } from '../../src/catalog/follow-catalog';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { Session } from '../../src/database/session';
import { testMajors, testServer, testSession, type TestDatabase } from '../support/servers';

const schema = `
  CREATE ROLE followed_one; CREATE ROLE followed_two;
  CREATE SCHEMA app; CREATE SCHEMA other;
  CREATE TYPE app.mood AS ENUM ('good', 'bad');
  CREATE TYPE app.pair AS (a int, b text);
  CREATE TABLE app.users (id int PRIMARY KEY, name text NOT NULL, mood app.mood DEFAULT 'good', pair app.pair);
  CREATE TABLE app.orders (id int PRIMARY KEY, owner int REFERENCES app.users, n int CHECK (n > 0));
  CREATE VIEW app.both AS SELECT * FROM app.users JOIN app.orders USING (id);
  CREATE RULE keep AS ON DELETE TO app.orders DO ALSO UPDATE app.users SET name = 'gone' WHERE id = OLD.owner;
  CREATE POLICY own ON app.orders USING (EXISTS (SELECT FROM app.users u JOIN app.both b USING (id) WHERE u.name = current_user));
  CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
  CREATE TRIGGER touch BEFORE UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION app.touch();
  CREATE TABLE app.events (kind int, at date) PARTITION BY RANGE (at);
  CREATE INDEX events_at ON app.events (at);
  CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
  CREATE TABLE app.events_2 (kind int, at date);
  CREATE TABLE app.owned (id serial PRIMARY KEY);
  ALTER TABLE app.owned OWNER TO followed_one;
  GRANT SELECT ON app.users TO followed_one;
`;

/** Each is committed by itself; what one leaves is what the next begins with. */
const steps: readonly { sql: string; since?: number }[] = [
  { sql: 'ALTER TABLE app.users RENAME TO people' },
  { sql: 'ALTER TABLE app.people RENAME COLUMN name TO title' },
  { sql: 'ALTER TABLE app.people SET SCHEMA other' },
  { sql: 'ALTER SCHEMA other RENAME TO elsewhere' },
  { sql: `ALTER TYPE app.mood RENAME VALUE 'good' TO 'fine'` },
  { sql: `ALTER TYPE app.mood ADD VALUE 'middling' BEFORE 'bad'` },
  { sql: 'ALTER TYPE app.mood RENAME TO temper' },
  { sql: 'ALTER TYPE app.pair RENAME ATTRIBUTE a TO c' },
  { sql: 'ALTER TYPE app.pair RENAME TO couple' },
  { sql: 'GRANT USAGE ON TYPE app.couple TO followed_one' },
  { sql: 'ALTER FUNCTION app.touch() RENAME TO touched' },
  { sql: 'ALTER TABLE elsewhere.people ADD COLUMN n int' },
  { sql: 'ALTER TABLE app.orders ADD COLUMN title text, ADD COLUMN temper int' },
  { sql: 'ALTER INDEX app.events_at RENAME TO events_by_day' },
  {
    sql: `ALTER TABLE app.events ATTACH PARTITION app.events_2 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')`,
  },
  { sql: 'CREATE TRIGGER seen AFTER INSERT ON app.events FOR EACH ROW EXECUTE FUNCTION app.touched()' },
  { sql: 'ALTER TABLE app.events DISABLE TRIGGER seen' },
  { sql: 'ALTER TABLE app.events DETACH PARTITION app.events_1' },
  { sql: 'ALTER TABLE app.events RENAME TO happenings' },
  { sql: 'CREATE EXTENSION citext' },
  { sql: 'ALTER EXTENSION citext ADD TABLE app.events_1' },
  { sql: 'ALTER EXTENSION citext DROP TABLE app.events_1' },
  { sql: 'ALTER EXTENSION citext ADD FUNCTION app.touched()' },
  { sql: 'ALTER EXTENSION citext DROP FUNCTION app.touched()' },
  { sql: 'DROP EXTENSION citext' },
  { sql: 'ALTER TABLE app.owned ALTER COLUMN id TYPE bigint; ALTER SEQUENCE app.owned_id_seq OWNED BY NONE' },
  { sql: 'REASSIGN OWNED BY followed_one TO followed_two' },
  { sql: 'ALTER ROLE followed_two RENAME TO followed_three' },
  { sql: 'DROP OWNED BY followed_one' },
  { sql: 'DROP OWNED BY followed_three' },
  { sql: 'TRUNCATE app.orders' },
  { sql: 'INSERT INTO app.orders VALUES (1)' },
  { sql: 'VACUUM' },
  {
    sql: 'CREATE FUNCTION app.sure() RETURNS SETOF app.both BEGIN ATOMIC SELECT * FROM app.both; END',
    since: 14,
  },
  { sql: 'ALTER TABLE elsewhere.people ADD COLUMN more int' },
  { sql: 'DROP SCHEMA elsewhere CASCADE' },
  { sql: 'DROP SCHEMA app CASCADE' },
];

for (const major of testMajors) {
  describe(`following the catalog (${major})`, function () {
    this.timeout(60_000);
    let database: TestDatabase;
    let session: Session;

    before(async () => {
      database = await (await testServer({ major })).createDatabase();
      session = await testSession(database);
      await session.script(schema);
    });
    after(async () => {
      await session.script('DROP ROLE followed_one, followed_three');
      await session.close();
      await database.drop();
    });

    it('reads the same as reading all does, after each change and after none', async () => {
      let followed: FollowedCatalog = await followCatalog(session, null);
      for (const { sql } of steps.filter(({ since = 0 }) => since <= major)) {
        await session.script(sql);
        followed = await followCatalog(session, followed);
        assert.deepEqual(followed.catalog, await readCatalog(session), sql);
      }
    });
  });
}
