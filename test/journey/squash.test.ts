import assert from 'node:assert/strict';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { squashMigrations, type Squash, type SquashChoices } from '../../src/journey/squash';
import { layoutOf, migrationFolders, readStatus } from '../../src/journey/migrations';
import type { JourneyContext } from '../../src/journey/workspace';
import { testContext } from '../support/journey-context';
import { testServer, testSession } from '../support/servers';
import { assertSays } from './journey';

const ups = [
  `create table kinds (id serial primary key, name text not null unique, note text default 'it''s');
   insert into kinds (name) values ('a'), ('b;c'), ('c');`,
  `create table items (id bigint generated always as identity primary key, kind integer not null references kinds, twice integer generated always as (7 * 2) stored);
   insert into items (kind) select id from kinds; create view seen as select * from items;`,
  `create function stamp() returns trigger language plpgsql as $$ begin new.kind := 1; return new; end $$;
   create trigger stamp before insert on items for each row execute function stamp(); alter table kinds add extra integer; drop view seen;`,
  `create table later (id integer);`,
];

describe('squashing migrations', function () {
  this.timeout(120_000);
  let root: string;
  let context: JourneyContext;

  beforeEach(async () => {
    root = await mkdtemp(path.join(os.tmpdir(), 'switchback-squash-'));
    context = testContext(root);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function have(files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(root, name)), { recursive: true });
      await writeFile(path.join(root, name), text);
    }
  }
  const squash = (choices: Partial<SquashChoices> = {}): Promise<Squash> =>
    squashMigrations(context, { to: '3', shadow: 'local', ...choices });
  const isThere = (name: string): Promise<boolean> =>
    access(path.join(root, name)).then(
      () => true,
      () => false,
    );

  const golang = (texts: readonly string[]): Record<string, string> =>
    Object.fromEntries(
      texts.flatMap((text, index) => [
        [`db/00000${index + 1}_m.up.sql`, text],
        [`db/00000${index + 1}_m.down.sql`, 'select 1;\n'],
      ]),
    );

  it('makes one of them, rows, counters and all, and leaves everything where it is until it is told', async () => {
    await have(golang(ups));
    const found = await squash();
    assert.deepEqual(found.differences, []);
    assert.equal(found.rows, 6);
    assert.equal(found.path, 'db/000003_m.up.sql');
    assert.equal(found.written, false);
    assert.equal(found.moved.length, 6);
    assert.deepEqual(found.existing.sql, []);
    assert.match(found.existing.sentence, /need nothing: golang-migrate keeps the latest version only/);
    assert.equal(await readFile(path.join(root, 'db/000003_m.up.sql'), 'utf8'), ups[2]);
    assert.match(found.text, /INSERT INTO public\.kinds [^;]*\n {4}\('1', 'a', 'it''s', NULL\)/);
    assert.match(found.text, /setval\('public\.items_id_seq', 3, true\)/);

    const written = await squash({ write: true });
    assert.equal(written.written, true);
    const [folder] = await migrationFolders(context);
    assert.deepEqual(
      folder!.migrations.map(({ version }) => version),
      ['3', '4'],
    );
    assert.equal(await readFile(path.join(root, 'db/000003_m.up.sql'), 'utf8'), written.text);
    assert.equal(await isThere('.switchback/squashed/3/db/000003_m.down.sql'), true);
    assert.equal(
      await readFile(path.join(root, '.switchback/squashed/3/db/000003_m.up.sql'), 'utf8'),
      ups[2],
    );
    assert.equal(await isThere('db/000001_m.up.sql'), false);
  });

  it('shows what a tool with a row for each migration is to have in its history, and that works', async () => {
    await have(Object.fromEntries(ups.map((up, index) => [`db/V${index + 1}__m.sql`, `${up}\n`])));
    const { existing, differences, tool } = await squash();
    assert.equal(tool, 'Flyway');
    assert.deepEqual(differences, []);
    const database = await (await testServer({ major: 18 })).createDatabase();
    const session = await testSession(database);
    const [folder] = await migrationFolders(context);
    const layout = layoutOf(folder!);
    for (const migration of folder!.migrations) {
      const execution = layout.execution(migration, 'up', {
        directory: 'db',
        previousVersion: null,
        by: 'tester',
        sql: '',
        contentHash: '',
        recordedHash: '1',
        id: '1',
      });
      for (const sql of execution.prepare) await session.script(sql);
      for (const { sql, parameters } of execution.record(1)) await session.query(sql, parameters);
    }
    await session.transaction(async () => {
      for (const sql of existing.sql) await session.script(sql);
    });
    await squash({ write: true });
    const [status] = await readStatus(context, session);
    assert.deepEqual(
      status!.statuses.map(({ version, state, flags }) => [version, state, flags.includes('edited')]),
      [
        ['3', 'applied', false],
        // Recorded with no checksum of its own above.
        ['4', 'applied', true],
      ],
    );
    await session.close();
    await database.drop();
  });

  it('says what it leaves out, and refuses what one file cannot stand for', async () => {
    await have(
      golang(['create table t (a integer);', 'insert into t select generate_series(1, 1001);', ups[3]!]),
    );
    const many = await squash({ to: '2' });
    assert.equal(many.rows, null);
    assert.deepEqual(many.notes, [
      'The history writes 1001 rows, more than the 1000 that one migration is given: they are not in it, and were not compared.',
    ]);
    assert.doesNotMatch(many.text, /INSERT/);
    await assertSays(squash({ to: '1' }), 'already-done', '1');
    await assertSays(squash({ to: '77' }), 'not-found', '77');
  });

  it('never writes what is not the same, or what does not work', async () => {
    const moving =
      'create aggregate total (integer) (sfunc = int4pl, stype = integer, msfunc = int4pl, minvfunc = int4mi, mstype = integer);';
    await have(golang([moving, 'select 1;', ups[3]!]));
    const { differences, written } = await squash({ to: '2', write: true });
    assert.deepEqual(
      differences.map(({ object, property, after }) => [object, property, after]),
      ['moving inverse', 'moving state type', 'moving transition'].map((property) => [
        'aggregate public.total(integer)',
        property,
        null,
      ]),
    );
    assert.equal(written, false);
    const odd =
      'create operator class odd for type int4 using btree as operator 1 <, function 1 btint4cmp(int4, int4);';
    await have(golang([odd, 'create table t (a integer); create index i on t (a odd);', ups[3]!]));
    await assertSays(squash({ to: '2', write: true }), 'verification-failed', 'odd');
    assert.equal(await isThere('db/000001_m.up.sql'), true);
  });
});
