import assert from 'node:assert/strict';
import path from 'node:path';
import { rehearseMigrations } from '../../src/journey/rehearse';
import { assertSays, openJourney, type Journey } from './journey';

const files = {
  'db/000001_items.up.sql': 'create table items (id bigserial primary key, code text);\n',
  'db/000001_items.down.sql': 'drop table items;\n',
  'db/000002_note.up.sql':
    'create index items_note on items (note);\ngrant select (note) on items to "Base reader";\n',
  'db/000002_note.down.sql': 'drop index items_note;\nrevoke select (note) on items from "Base reader";\n',
  'db/000003_bad.up.sql': 'alter table items add column more integer;\n',
  'db/000003_bad.down.sql': 'select 1;\n',
};

describe('rehearsing from the schema of the connected database', function () {
  this.timeout(120_000);
  let journey: Journey;
  before(async () => {
    journey = await openJourney(
      18,
      `create table schema_migrations (version bigint not null primary key, dirty boolean not null);
       insert into schema_migrations values (1, false);
       create table items (id bigserial primary key, code text, note text); create role "Base reader";
       grant insert on items to "Base reader"; alter table items enable row level security;
       create policy own on items to "Base reader" using (id > 0);
       alter default privileges in schema public grant select on tables to "Base reader";`,
      files,
    );
  });
  after(async () => {
    await journey?.look.script('drop owned by "Base reader"; drop role "Base reader"');
    await journey?.close();
  });

  const up = (name: string): string[] => [path.join(journey.root, 'db', `${name}.up.sql`)];

  it('gives a migration what was made by hand, which its history does not lead to', async () => {
    const shadow = 'local' as const;
    const replayed = await rehearseMigrations(journey.context, { files: up('000002_note'), shadow });
    assert.deepEqual(
      replayed.migrations.map(({ verdict }) => verdict),
      ['up-fails'],
    );
    const based = await rehearseMigrations(journey.context, { shadow, base: journey.database });
    assert.deepEqual(
      based.migrations.map(({ version, verdict }) => [version, verdict]),
      [
        ['2', 'exact'],
        ['3', 'differs'],
      ],
    );
    assert.deepEqual(based.base, { database: journey.database.sessions.label, notes: [] });
    assert.deepEqual((await journey.look.query('select version::int from schema_migrations')).rows, [
      { version: 1 },
    ]);
  });

  it('is what an error says of a history that cannot be replayed, but for a lacking extension', async () => {
    const { context, database } = journey;
    const files = up('000003_bad');
    await assertSays(
      rehearseMigrations(context, { files, shadow: 'local' }),
      'verification-failed',
      /2 note fails there: .*switchback rehearse --base database/,
    );
    const based = await rehearseMigrations(context, { files, shadow: 'local', base: database });
    assert.equal(based.migrations[0]!.verdict, 'differs');
    const before = await context.files.read(path.join(journey.root, 'db', '000001_items.up.sql'));
    try {
      await context.files.write(
        path.join(journey.root, 'db', '000001_items.up.sql'),
        'create extension postgis;\n',
      );
      await assertSays(
        rehearseMigrations(context, { files, shadow: 'local' }),
        'verification-failed',
        /1 items needs postgis, which it has not \(.*\)\. Use a server that has it as shadow\.$/,
      );
    } finally {
      await context.files.write(path.join(journey.root, 'db', '000001_items.up.sql'), before);
    }
  });

  it('refuses what the database has had', () =>
    assertSays(
      rehearseMigrations(journey.context, {
        files: up('000001_items'),
        shadow: 'local',
        base: journey.database,
      }),
      'already-done',
      'db',
    ));
});
