import assert from 'node:assert/strict';
import { loadParser } from '../../../src/sql/parser';
import type { RawWish } from '../../../src/assess/raw/look-at-raw-sql';
import { rawSql } from '../../../src/assess/changes/raw-sql';
import type { ChangeFindings } from '../../../src/assess/change-facts';
import { readTableFacts } from '../../../src/catalog/read-table-facts';
import { isSwitchbackError } from '../../../src/messages/error';
import { testMajors } from '../../support/servers';
import { withDatabase } from '../../plan/database';

const newest = testMajors.at(-1)!;

async function look(wish: Partial<RawWish>, more = ''): Promise<ChangeFindings> {
  let found: ChangeFindings | null = null;
  await withDatabase(newest, async (session) => {
    await session.script(
      'CREATE SCHEMA app; CREATE TABLE app.t (id int PRIMARY KEY, o text); CREATE VIEW app.v AS SELECT id FROM app.t',
    );
    if (more !== '') await session.script(more);
    const named = { kind: 'raw-sql' as const, table: { schema: 'app', name: 't' } };
    found = await rawSql.look(
      { ...named, sql: '', down: null, proof: null, irreversible: false, ...wish },
      {
        session,
        parser: await loadParser(),
        table: await readTableFacts(session, { schema: 'app', name: 't' }),
        signal: new AbortController().signal,
      },
    );
  });
  return found!;
}

async function refusal(wish: Partial<RawWish>): Promise<{ code: string; sentence: string }> {
  try {
    await look(wish);
  } catch (error) {
    if (isSwitchbackError(error)) return { code: error.code, sentence: error.sentence };
    throw error;
  }
  return assert.fail('it was taken');
}

describe('SQL of somebody’s own', function () {
  this.timeout(60_000);

  it('shares a transaction where its statements are brief, and else goes one by one', async () => {
    const { rawSteps, blockers } = await look({
      sql: `CREATE TABLE app.a (id bigint PRIMARY KEY);
        CREATE VIEW app.b AS SELECT id FROM app.a;
        CREATE INDEX CONCURRENTLY i ON app.t (o);
        INSERT INTO app.a SELECT id FROM app.t;
        DROP VIEW app.v`,
      down: 'DELETE FROM app.a',
      proof: 'EXISTS (SELECT FROM app.a)',
    });
    assert.deepEqual(
      rawSteps?.map(({ statements, alone, leaves }) => [statements.length, alone, leaves]),
      [
        [2, false, false],
        [1, true, false],
        [1, false, false],
        [1, false, true],
      ],
    );
    assert.deepEqual(rawSteps?.[0]?.rollback, ['DROP VIEW app.b', 'DROP TABLE app.a']);
    assert.match(blockers.join('\n'), /^2 steps of it need how it is taken back .*"INSERT INTO/);
  });

  it('names what no recipe may leave unsaid', async () => {
    const { blockers } = await look({ sql: 'DELETE FROM app.t WHERE id = 0' });
    assert.equal(blockers.length, 2);
    assert.match(blockers[0]!, /how it is taken back \(--down\)/);
    assert.match(blockers[1]!, /a condition that is true when it is done \(--proof\)/);
  });

  it('gives what its own rules find as what stops it, with the way out', async () => {
    const { blockers } = await look({ sql: 'CREATE INDEX i ON app.t (o)' });
    assert.equal(blockers.length, 1);
    assert.match(blockers[0]!, /switchback:ignore index-not-concurrent/);
    const meant = await look({
      sql: '-- switchback:ignore index-not-concurrent The table is small.\nCREATE INDEX i ON app.t (o)',
    });
    assert.deepEqual(meant.blockers, []);
  });

  it('is asked for schemas', async () => {
    const { blockers } = await look({ sql: 'CREATE VIEW w AS SELECT id FROM app.t', down: 'DROP VIEW w' });
    assert.match(blockers[0]!, /without its schema/);
  });

  it('is refused where it cannot be read, holds no statement, or begins a transaction', async () => {
    assert.match((await refusal({ sql: 'CREATE VIEW' })).sentence, /^Line 1 cannot be read/);
    assert.match((await refusal({ sql: '-- nothing' })).sentence, /no statement/);
    assert.match((await refusal({ sql: 'BEGIN; DROP VIEW app.v; COMMIT' })).sentence, /Leave it out/);
    assert.match((await refusal({ sql: 'DROP VIEW app.v', down: 'CREATE' })).sentence, /cannot be read/);
    assert.match((await refusal({ sql: 'DROP VIEW app.v', proof: 'a, b' })).sentence, /no condition/);
  });

  it('is refused where all of it is there', async () => {
    assert.equal((await refusal({ sql: 'CREATE VIEW app.v AS SELECT id FROM app.t' })).code, 'already-done');
  });

  const function_ = 'CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql AS $$select 1$$;';
  const differing: [title: string, before: string, sql: string][] = [
    [
      'a function gets a right',
      function_,
      'CREATE OR REPLACE FUNCTION app.f(a int) RETURNS int LANGUAGE sql SECURITY DEFINER AS $$select 1$$',
    ],
    [
      'a function gets a setting',
      function_,
      'CREATE OR REPLACE FUNCTION app.f(a int) RETURNS int LANGUAGE sql SET search_path = app AS $$select 1$$',
    ],
    [
      'a function gets an overload',
      function_,
      'CREATE OR REPLACE FUNCTION app.f(a text) RETURNS int LANGUAGE sql AS $$select 1$$',
    ],
    ['a column gets a collation', '', 'ALTER TABLE app.t ALTER o TYPE text COLLATE "C"'],
    ['a column gets other values', '', 'ALTER TABLE app.t ALTER o TYPE text USING upper(o)'],
    [
      'a type is made anew',
      'CREATE TYPE app.e AS ENUM ();',
      "ALTER TYPE app.e RENAME TO e_old; CREATE TYPE app.e AS ENUM ('a')",
    ],
    ['a table is granted, too', '', 'CREATE TABLE IF NOT EXISTS app.t (); GRANT SELECT ON app.t TO PUBLIC'],
  ];
  for (const [title, before, text] of differing)
    it(`is not taken for done where ${title}`, async () => {
      const { rawSteps } = await look({ sql: text, down: 'SELECT 1', proof: 'true' }, before);
      assert.notEqual(rawSteps?.length, 0);
    });

  it('is taken for done where a function is there just so', async () => {
    const again = function_.replace('CREATE', 'CREATE OR REPLACE');
    await assert.rejects(look({ sql: again }, function_), { code: 'already-done' });
  });

  it('is not asked of what one statement takes away and the next one makes', async () => {
    const body = 'CREATE FUNCTION app.g() RETURNS trigger LANGUAGE plpgsql AS $$begin return new; end$$;';
    const trigger = 'CREATE TRIGGER tr BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.g()';
    for (const again of [
      `DROP TRIGGER tr ON app.t; ${trigger}`,
      'DROP VIEW app.v; CREATE VIEW app.v AS SELECT 1 AS id',
    ]) {
      const { blockers, rawSteps } = await look({ sql: again, down: 'SELECT 1' }, `${body}${trigger};`);
      assert.deepEqual(
        rawSteps?.flatMap(({ holds }) => holds),
        [],
        again,
      );
      assert.match(blockers.join('\n'), /\(--proof\)/);
    }
  });

  it('tells a renamed table by its new name where another takes its old one', async () => {
    const { rawSteps } = await look({
      sql: 'ALTER TABLE app.t RENAME TO t_old; CREATE TABLE app.t (id int)',
    });
    assert.deepEqual(
      rawSteps?.flatMap(({ holds }) => holds),
      [`to_regclass('"app"."t_old"') is not null`],
    );
  });

  it('goes after a release where code loses rows or rights', async () => {
    const { rawSteps } = await look({ sql: 'ALTER TABLE app.t ENABLE ROW LEVEL SECURITY', down: 'SELECT 1' });
    assert.equal(rawSteps?.[0]?.leaves, true);
  });

  const blocking: [sql: string, rule: string, before: string][] = [
    [
      'ALTER DOMAIN app.d ADD CONSTRAINT positive CHECK (value > 0)',
      'domain-constraint',
      'CREATE DOMAIN app.d AS int; CREATE TABLE app.u (d app.d)',
    ],
    ['ALTER TABLE ALL IN TABLESPACE pg_default SET TABLESPACE other', 'set-tablespace-or-access-method', ''],
    ['ALTER INDEX app.t_pkey SET TABLESPACE other', 'set-tablespace-or-access-method', ''],
    [
      'ALTER TABLE app.u ALTER g SET EXPRESSION AS (a + 2)',
      'stored-generated-column',
      'CREATE TABLE app.u (a int, g int GENERATED ALWAYS AS (a + 1) STORED)',
    ],
  ];
  for (const [text, rule, before] of blocking)
    it(`is stopped where it works under a lock: ${text}`, async () => {
      const { blockers } = await look({ sql: text, down: 'SELECT 1', proof: 'true' }, before);
      assert.match(blockers.join('\n'), new RegExp(`switchback:ignore ${rule}`));
    });

  it('is stopped where an index keeps results of a function that it replaces', async () => {
    const made = 'FUNCTION app.lower_of(a text) RETURNS text LANGUAGE sql IMMUTABLE AS $$select lower(a)$$';
    const before = `CREATE ${made}; CREATE INDEX kept ON app.t (app.lower_of(o))`;
    const other = `CREATE OR REPLACE ${made.replace('lower(a)', 'upper(a)')}`;
    const { blockers } = await look({ sql: other, down: 'SELECT 1' }, before);
    assert.match(blockers.join('\n'), /index app.kept keeps results of app.lower_of/);
    const unkept = await look({ sql: other, down: 'SELECT 1' }, `CREATE ${made}`);
    assert.deepEqual(unkept.blockers, []);
  });
});
