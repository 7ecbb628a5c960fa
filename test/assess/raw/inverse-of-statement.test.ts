import assert from 'node:assert/strict';
import { inverseOfStatement } from '../../../src/assess/raw/inverse-of-statement';
import { loadParser, type SqlParser } from '../../../src/sql/parser';
import { testMajors } from '../../support/servers';
import { withDatabase } from '../../plan/database';
import { snapshotOf } from '../../plan/snapshot';

const schema = `CREATE SCHEMA app; CREATE TABLE app.t (id int PRIMARY KEY, o text, p int CONSTRAINT positive CHECK (p > 0));
  CREATE SEQUENCE app.s; CREATE VIEW app.v AS SELECT id FROM app.t; CREATE INDEX i ON app.t (o);
  CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'`;

const taken = [
  'CREATE TABLE app.n (id int PRIMARY KEY REFERENCES app.t)',
  'CREATE TABLE app."N n" AS SELECT 1 AS one',
  'CREATE MATERIALIZED VIEW app.n AS SELECT id FROM app.t',
  'CREATE VIEW app.n AS SELECT id FROM app.t',
  'CREATE SEQUENCE app.n',
  'CREATE STATISTICS app.n ON o, p FROM app.t',
  `CREATE TYPE app.n AS ENUM ('a')`,
  'CREATE TYPE app.n AS (a int)',
  'CREATE TYPE app.n AS RANGE (subtype = int)',
  'CREATE DOMAIN app.n AS int CHECK (value > 0)',
  'CREATE UNIQUE INDEX "N" ON app.t (o)',
  'CREATE INDEX CONCURRENTLY n ON app.t (o)',
  'CREATE TRIGGER n BEFORE UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.f()',
  'CREATE POLICY n ON app.t USING (true)',
  'CREATE RULE n AS ON DELETE TO app.t DO INSTEAD NOTHING',
  'ALTER TABLE app.t ADD COLUMN n int, ADD CONSTRAINT m CHECK (p < 9)',
  'ALTER TABLE app.t RENAME TO "N"',
  'ALTER TABLE app.t RENAME COLUMN o TO "N"',
  'ALTER TABLE app.t RENAME CONSTRAINT positive TO "N"',
  'ALTER VIEW app.v RENAME TO n',
  'ALTER INDEX app.i RENAME TO n',
  'ALTER SEQUENCE app.s RENAME TO n',
];

const untold = [
  'CREATE TABLE n (id int)',
  'CREATE TABLE IF NOT EXISTS app.n (id int)',
  'CREATE OR REPLACE VIEW app.v AS SELECT id FROM app.t',
  'CREATE INDEX ON app.t (o)',
  'CREATE FUNCTION app.g() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
  'ALTER TABLE app.t ADD COLUMN IF NOT EXISTS n int',
  'ALTER TABLE app.t ADD CHECK (p < 9)',
  'ALTER TABLE app.t ADD COLUMN n int, DROP COLUMN o',
  'ALTER TABLE app.t ALTER COLUMN o SET NOT NULL',
  'ALTER TABLE app.t VALIDATE CONSTRAINT positive',
  `ALTER TYPE app.e ADD VALUE 'b'`,
  'DROP VIEW app.v',
  'UPDATE app.t SET o = NULL',
  'COMMENT ON TABLE app.t IS NULL',
];

describe('the way back of one statement', function () {
  this.timeout(60_000);
  let parser: SqlParser;

  before(async () => {
    parser = await loadParser();
  });

  const inverse = (text: string): string | null => inverseOfStatement(parser.parse(text).statements[0]!);

  for (const major of [testMajors[0]!, testMajors.at(-1)!]) {
    it(`leads to the schema before, on PostgreSQL ${major}`, () =>
      withDatabase(major, async (session) => {
        await session.script(schema);
        const expected = await snapshotOf(session, 'app');
        for (const statement of taken) {
          const back = inverse(statement);
          assert.ok(back !== null, statement);
          await session.query(statement);
          assert.notDeepEqual(await snapshotOf(session, 'app'), expected, statement);
          await session.query(back);
          assert.deepEqual(await snapshotOf(session, 'app'), expected, back);
        }
      }));
  }

  it('is not made up where the text does not tell what was there', () => {
    for (const statement of untold) assert.equal(inverse(statement), null, statement);
  });
});
