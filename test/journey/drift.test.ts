import assert from 'node:assert/strict';
import type { Difference } from '../../src/catalog/compare';
import { findDrift, hasDrift, type DriftChoices } from '../../src/journey/drift';
import { driftPage } from '../../src/workbench/drift-page';
import { testMajors } from '../support/servers';
import { assertSays, openJourney, type Journey } from './journey';

const golang = {
  'db/000001_items.up.sql':
    'create table items (id bigserial primary key, code text);\ncreate view coded as select id from items where code is not null and (id > 1 or id < 0);\n',
  'db/000001_items.down.sql': 'drop view coded; drop table items;\n',
  'db/000002_code.up.sql': 'create index items_code on items (code);\ngrant select on items to public;\n',
  'db/000002_code.down.sql': 'drop index items_code;\n',
  'db/000003_later.up.sql': 'create table later (id bigint primary key);\n',
  'db/000003_later.down.sql': 'drop table later;\n',
};
const applied = `create table schema_migrations (version bigint not null primary key, dirty boolean not null);
  insert into schema_migrations values (2, false);
  create table items (id bigserial primary key, code text);
  create view coded as select id from items where code is not null and (id > 1 or id < 0);
  create index items_code on items (code);
  create schema switchback; create table switchback.own (id integer);`;

for (const major of testMajors) {
  describe(`what a database is against its history (PostgreSQL ${major})`, function () {
    this.timeout(120_000);
    let journey: Journey;
    before(async () => {
      journey = await openJourney(major, applied, golang);
    });
    after(() => journey?.close());

    const drift = (choices: DriftChoices = {}) =>
      findDrift(journey.context, journey.database, { shadow: 'local', ...choices });
    const short = (differences: readonly Difference[]): string[] =>
      differences.map(
        ({ object, property, before, after }) => `${object}: ${property}: ${before} -> ${after}`,
      );

    it('finds none where the history leads there, whatever the tool and Switchback keep for themselves', async () => {
      const found = await drift();
      assert.deepEqual(found.differences, []);
      assert.deepEqual(found.notes, []);
      assert.equal(found.replayed, 2);
      assert.equal(found.historyTable, 'public.schema_migrations');
      assert.ok(found.shadow.version.startsWith(`${major}.`), found.shadow.version);
      assert.equal(hasDrift(found), false);
      assert.match(driftPage(found), /The database is what its history makes\\?\./);
    });

    it('leaves out how another version spells the same, and says so', async () => {
      const found = await drift({ shadow: 'embedded' });
      assert.deepEqual(short(found.differences), []);
      const sameMajor = found.shadow.version.startsWith(`${major}.`);
      assert.equal(found.notes.length, sameMajor ? 0 : 1);
      if (!sameMajor)
        assert.match(found.notes[0]!, new RegExp(`The database is PostgreSQL ${major}, the shadow`));
    });

    it('names every object that was made, changed or dropped by hand', async () => {
      await journey.look.script(
        `drop index items_code; alter table items add column note text default 'it''s';
         create function by_hand() returns integer language sql as 'select 1'; create table "Odd | one" (id integer)`,
      );
      const found = await drift();
      assert.deepEqual(short(found.differences), [
        'function public.by_hand(): exists: null -> yes',
        'table public."Odd | one": exists: null -> yes',
        "table public.items: column note: null -> text, default 'it''s'::text",
        'table public.items: index items_code: CREATE INDEX items_code ON public.items USING btree (code) -> null',
      ]);
      assert.equal(hasDrift(found), true);
      const page = driftPage(found);
      assert.match(page, /Drift\\: 3 objects are not as the history makes them/);
      assert.match(page, /Odd \\\| one/);
      assert.match(page, /\| table public\\.items \| column note \| not there \| text/);
      assert.match(page, /write a migration that makes the same/);
    });

    it('reads only, and says which file is missing and which folder is meant', async () => {
      await journey.look.script('update schema_migrations set version = 9');
      const found = await drift({ folder: 'db' });
      assert.equal(found.replayed, 3);
      assert.deepEqual(found.notes, [
        'Applied, and the folder has no such file: 9. What they made is not in the replay.',
      ]);
      assert.ok(short(found.differences).includes('table public.later: exists: yes -> null'));
      await assertSays(drift({ folder: 'elsewhere' }), 'not-found', 'elsewhere');
    });
  });
}
