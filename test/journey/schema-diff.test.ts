import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeChange } from '../../src/assess/change';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import { diffSchemas, type SchemaDiff, type SchemaSide } from '../../src/journey/schema-diff';
import { testMajors } from '../support/servers';
import { withDatabase } from '../plan/database';
import { assertSays, openJourney, type Journey } from './journey';

const present = `create schema app;
  create type app.mood as enum ('good', 'bad');
  create table app.customers (id bigint primary key, name text, old_note text, size integer default 0, gone text);
  create table app.orders (id bigint primary key, customer bigint, total integer, key varchar(10));
  create table app.archive (id bigint primary key, at date);
  create index orders_key on app.orders (key);
  create index orders_total on app.orders (total);
  alter table app.orders add constraint positive check (total > 0);
  create view app.names as select id, name from app.customers;
  create function app.one() returns integer language sql as 'select 1';`;

const wanted = `create schema app;
  create type app.mood as enum ('good', 'bad');
  create table app.customers (id bigint primary key, name text not null, remark text, size bigint default 0,
    tier text not null, since date);
  create table app.refunds (id bigint primary key, "order" bigint not null, at date default now());
  create index on app.refunds (at);
  comment on column app.refunds.at is 'when it was asked for';
  create table app.orders (id bigint primary key, customer bigint references app.customers, total integer, key varchar(10) unique);
  alter table app.refunds add foreign key ("order") references app.orders;
  create table app.past (id bigint primary key, at date);
  create index orders_total on app.orders (total);
  create view app.names as select id, name, size from app.customers;
  create function app.one() returns integer language sql as 'select 2';`;

for (const major of testMajors) {
  describe(`the changes between two schemas (PostgreSQL ${major})`, function () {
    this.timeout(120_000);
    let journey: Journey;
    before(async () => {
      journey = await openJourney(major, present);
      await writeFile(path.join(journey.root, 'wanted.sql'), `\\restrict abc\n${wanted}\n\\unrestrict abc\n`);
    });
    after(() => journey?.close());

    const file = (): SchemaSide => ({
      kind: 'file',
      path: path.join(journey.root, 'wanted.sql'),
      label: 'wanted.sql',
    });
    const diff = (renames: string[] = []): Promise<SchemaDiff> =>
      diffSchemas(journey.context, { kind: 'database', database: journey.database }, file(), {
        renames,
        shadow: 'local',
      });
    const sentences = ({ changes }: SchemaDiff): string[] =>
      changes.map(({ change }) => describeChange(change));

    it('have a recipe each, and ask what may be a rename', async () => {
      const found = await diff();
      assert.deepEqual(
        found.questions.map(({ id }) => id),
        [
          'app.archive=past',
          'app.customers.gone=remark',
          'app.customers.gone=tier',
          'app.customers.old_note=remark',
          'app.customers.old_note=tier',
        ],
      );
      assert.deepEqual(sentences(found), [
        'Run SQL on app.one: CREATE OR REPLACE FUNCTION app.one() RETURNS integer LANGUA…',
        'Create the table app.past',
        'Create the table app.refunds',
        'Require a value in app.customers.name',
        'Change the type of app.customers.size to bigint',
        'Add the column remark to app.customers',
        'Add the column since to app.customers',
        'Add the required column tier to app.customers',
        'Make key unique in app.orders',
        'Let customer of app.orders refer to app.customers',
        'Replace the query of the view app.names',
        'Drop the constraint positive of app.orders',
        'Drop the index orders_key of app.orders',
        'Drop the table app.archive',
        'Drop the column gone of app.customers',
        'Drop the column old_note of app.customers',
      ]);
      assert.deepEqual(found.notes, []);
    });

    it('take a rename for one where somebody says so', async () => {
      const found = await diff(['app.customers.old_note=remark', 'app.archive=past']);
      assert.deepEqual(sentences(found).slice(0, 3), [
        'Rename app.archive to past',
        'Rename app.customers.old_note to remark',
        'Rename the constraint archive_pkey of app.past to past_pkey',
      ]);
      assert.deepEqual(
        sentences(found).filter((sentence) => /archive|past|old_note|remark/.test(sentence)),
        sentences(found).slice(0, 3),
      );
      const function_ = found.changes.find(({ change }) => change.kind === 'raw-sql')!.change;
      assert.match(function_.kind === 'raw-sql' ? function_.down! : '', /'select 1'|\$.*select 1/s);
    });

    it('lead there, one after the other', async () => {
      const { changes } = await diff(['app.customers.old_note=remark']);
      await withDatabase(major, async (session) => {
        await session.script(wanted);
        const expected = await readCatalog(session);
        await withDatabase(major, async (other) => {
          await other.script(present);
          for (const statement of changes.flatMap(({ statements }) => statements))
            await other.query(statement);
          const left = compareCatalogs(await readCatalog(other), expected);
          assert.deepEqual(
            left.filter(({ kind }) => kind !== 'order'),
            [],
          );
        });
      });
    });

    it('refuse a rename that is none, and a file that makes no schema', async () => {
      await assertSays(
        diff(['app.customers.name=nothing']),
        'not-found',
        /is no rename between these schemas/,
      );
    });
  });
}
