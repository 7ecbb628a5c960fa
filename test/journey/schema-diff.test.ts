import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describeChange } from '../../src/assess/change';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import { invalidIndexes, notCompared } from '../../src/journey/not-compared';
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
      assert.deepEqual(found.notes, [notCompared()]);
      assert.deepEqual(found.differences, []);
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

    const between = async (from: string, to: string): Promise<SchemaDiff> => {
      const sides = ['from.sql', 'to.sql'].map((label): SchemaSide => {
        return { kind: 'file', path: path.join(journey.root, label), label };
      });
      await writeFile(path.join(journey.root, 'from.sql'), from);
      await writeFile(path.join(journey.root, 'to.sql'), to);
      return diffSchemas(journey.context, sides[0]!, sides[1]!, { shadow: 'local' });
    };

    it('add and remove values of an enum, one by one', async () => {
      const of = (labels: string): string =>
        `create type public.mood as enum (${labels}); create table public.t (id int primary key, m public.mood default 'b');`;
      const { changes, notes } = await between(of("'a', 'b'"), of("'x', 'b', 'it''s', 'c'"));
      assert.deepEqual(
        changes.map(({ change }) => describeChange(change)),
        [
          "Add the value 'x' to the enum of public.t.m",
          "Add the value 'it''s' to the enum of public.t.m",
          "Add the value 'c' to the enum of public.t.m",
          "Remove the value 'a' from the enum of public.t.m",
        ],
      );
      assert.deepEqual(notes, [notCompared()]);
    });

    it('never drop a table to make another one of its name', async () => {
      const rows = 'create table public.t (id int primary key, at date);';
      const none = await between(rows, 'create table public.t (id int, at date) partition by range (at);');
      assert.deepEqual(none.changes, []);
      assert.match(none.differences.join(), /dropping it would lose all rows/);
      const whole = await between(
        rows,
        `create table public.t (id int primary key, at date) partition by hash (id);
         create table public.t0 partition of public.t for values with (modulus 1, remainder 0);`,
      );
      assert.deepEqual(sentences(whole), ['Partition public.t by HASH (id)']);
      assert.deepEqual(whole.notes, [notCompared()]);
    });

    it('change a partitioned table once, and not each of its partitions', async () => {
      const parts = (type: string, more = ''): string =>
        `create table public.p (id int, at date, v ${type}) partition by range (at);
         create table public.p1 partition of public.p default; ${more}`;
      const { changes, notes } = await between(
        parts('int'),
        parts('bigint not null', 'create index pix on public.p (v);'),
      );
      assert.deepEqual(changes.map(({ change }) => describeChange(change)).sort(), [
        'Add an index on v to public.p',
        'Change the type of public.p.v to bigint',
        'Require a value in public.p.v',
      ]);
      assert.deepEqual(notes, [notCompared()]);
    });

    it('give SQL of its own a way back from where it leads', async () => {
      const base = 'create table public.t (id int primary key, a int); ';
      const { changes } = await between(
        base,
        `${base} alter table public.t enable row level security; create policy p on public.t using (a > 1);`,
      );
      const downs = changes.map(({ change }) => (change.kind === 'raw-sql' ? (change.down ?? '') : ''));
      assert.match(downs.join('\n'), /DISABLE ROW LEVEL SECURITY/);
    });

    it('rebuild views whose columns go, together with those over them', async () => {
      const views = (columns: string): string =>
        `create table public.t (id int primary key, a int, u int);
         create view public.v as select ${columns} from public.t;
         create view public.v2 as select * from public.v;
         create materialized view public.m as select ${columns} from public.t;`;
      const { changes, notes } = await between(views('id, a, u'), views('id, u'));
      assert.deepEqual(sentences({ changes } as SchemaDiff).sort(), [
        'Change the columns of the view public.v',
        'Change the columns of the view public.v2',
        'Replace the query of the materialized view public.m',
      ]);
      assert.deepEqual(notes, [notCompared()]);
    });

    it('keep an index and a key while another one of the same name is made', async () => {
      const { changes, notes } = await between(
        'create table public.t (id int constraint k primary key, a int not null); create index i on public.t (a);',
        'create table public.t (id int not null, a int constraint k primary key); create index i on public.t (id, a);',
      );
      assert.deepEqual(sentences({ changes } as SchemaDiff), [
        'Change the primary key of public.t to a',
        'Rename the index i of public.t to i_before',
        'Add an index on id, a to public.t',
        'Drop the index i_before of public.t',
      ]);
      assert.deepEqual(notes, [notCompared()]);
    });

    it('switch triggers of a new table when they are there', async () => {
      const { notes } = await between(
        'create schema app;',
        `create schema app; create table app.t (id int);
         create function app.f() returns trigger language plpgsql as 'begin return new; end';
         create trigger one before insert on app.t for each row execute function app.f();
         alter table app.t enable replica trigger one;`,
      );
      assert.deepEqual(notes, [notCompared()]);
    });

    it('tell indexes that are not valid', () => {
      const table = { properties: {}, columnOrder: [], parts: { 'index i': { valid: 'no' } } };
      const told = invalidIndexes({ major, objects: { 'table app.t': table } }, 'shop');
      assert.match(told.join(), /The index app\.i of app\.t is not valid in shop/);
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
