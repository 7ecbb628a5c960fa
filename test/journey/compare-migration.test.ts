import assert from 'node:assert/strict';
import path from 'node:path';
import { compareMigrations, type FolderComparison } from '../../src/journey/compare-migration';
import { testMajors } from '../support/servers';
import { assertSays, openJourney, type Journey } from './journey';

const golang = {
  'db/000001_items.up.sql': 'create table items (id bigint primary key, code text);\n',
  'db/000001_items.down.sql': 'drop table items;\n',
  'db/000002_code.up.sql':
    'create index items_code on items (code);\nalter table items add column note text;\n',
  'db/000002_code.down.sql': 'drop index items_code;\nalter table items drop column note;\n',
  'db/000003_remark.up.sql': 'alter table items rename column note to remark;\n',
  'db/000003_remark.down.sql': 'alter table items rename column remark to note;\n',
  'db/000004_rows.up.sql': 'update items set code = id::text;\n',
  'db/000004_rows.down.sql': 'update items set code = null;\n',
  'db/000005_labels.up.sql':
    'create table labels (id bigint primary key);\ncreate index labels_id on labels (id);\n',
  'db/000005_labels.down.sql': 'drop table labels;\n',
  'db/000006_later.up.sql': 'create table later (id bigint primary key);\n',
  'db/000006_later.down.sql': 'drop table later;\n',
};

for (const major of testMajors) {
  describe(`a folder against the database (PostgreSQL ${major})`, function () {
    this.timeout(60_000);
    let journey: Journey;
    afterEach(() => journey?.close());

    const compare = (target: { file: string } | { folder: string }): Promise<FolderComparison> =>
      compareMigrations(journey.context, journey.database.session, target);
    const verdicts = ({ migrations }: FolderComparison): Record<string, string> =>
      Object.fromEntries(migrations.map(({ version, verdict }) => [version, verdict]));
    const at = (...names: string[]): string => path.join(journey.root, ...names);

    it('says of each migration whether its effect is there, and who changed it again', async () => {
      journey = await openJourney(
        major,
        `create table schema_migrations (version bigint not null primary key, dirty boolean not null);
         insert into schema_migrations values (4, false); create table labels (id bigint primary key);`,
        golang,
      );
      await journey.look.script(
        'create table items (id bigint primary key, code text, remark text); create index items_code on items (code)',
      );
      const all = await compare({ folder: at('db') });
      assert.equal(all.historyTable, 'public.schema_migrations');
      assert.deepEqual(verdicts(all), {
        1: 'agrees',
        2: 'agrees',
        3: 'agrees',
        4: 'not-told',
        5: 'effect-in-part',
        6: 'agrees',
      });
      const added = all.migrations[1]!.statements[1]!;
      assert.deepEqual([added.state, added.changedBy], ['missing', '3 remark']);
      assert.deepEqual(
        all.migrations.map(({ ownRow }) => ownRow),
        [false, false, false, true, false, false],
      );

      await journey.look.script('drop index items_code');
      const one = await compare({ file: at('db', '000002_code.down.sql') });
      assert.deepEqual(verdicts(one), { 2: 'effect-missing' });
      assert.deepEqual(
        one.migrations[0]!.statements.map(({ state, changedBy }) => [state, changedBy]),
        [
          ['missing', null],
          ['missing', '3 remark'],
        ],
      );
      await journey.look.script('create table later (id bigint primary key)');
      assert.deepEqual(verdicts(await compare({ file: at('db', '000006_later.up.sql') })), {
        6: 'effect-there',
      });
      await assertSays(
        compare({ file: at('db', 'none.sql') }),
        'not-found',
        'no migration of this workspace',
      );
    });

    it('shows the checksums, and rows without a file', async () => {
      journey = await openJourney(major, 'create table t (id int, a int)', {
        'flyway.conf': 'flyway.locations=filesystem:sql\n',
        'sql/V1__one.sql': 'alter table t add a int;\n',
      });
      await journey.look.script(`create table flyway_schema_history (installed_rank int not null primary key,
        version varchar(50), description varchar(200) not null, type varchar(20) not null,
        script varchar(1000) not null, checksum integer, installed_by varchar(100) not null,
        installed_on timestamp not null default now(), execution_time integer not null, success boolean not null);
        insert into flyway_schema_history values
          (1, '1', 'one', 'SQL', 'V1__one.sql', 5, 'ann', '2026-01-02 03:04:05', 38, true),
          (2, '2', 'two', 'SQL', 'V2__two.sql', 6, 'ann', '2026-01-02 03:04:06', 1, true)`);
      const { migrations } = await compare({ folder: at('sql') });
      assert.deepEqual(
        migrations.map(({ version, verdict }) => [version, verdict]),
        [
          ['1', 'edited'],
          ['2', 'no-file'],
        ],
      );
      const [first] = migrations;
      assert.equal(first!.checksum.kind, 'differs');
      assert.equal(first!.checksum.kind === 'differs' && first!.checksum.recorded, '5');
      assert.equal(first!.row?.appliedBy, 'ann');
      assert.equal(first!.row?.milliseconds, 38);
      assert.equal(first!.statements[0]!.state, 'there');
    });

    it('looks where the tool looks: in the schema that its settings name', async () => {
      journey = await openJourney(major, 'create schema app', {
        'flyway.conf': 'flyway.locations=filesystem:sql\nflyway.schemas=app\n',
        'sql/V1__one.sql': 'create table one (id int);\n',
      });
      await journey.look
        .script(`create table app.flyway_schema_history (installed_rank int not null primary key,
        version varchar(50), description varchar(200) not null, type varchar(20) not null,
        script varchar(1000) not null, checksum integer, installed_by varchar(100) not null,
        installed_on timestamp not null default now(), execution_time integer not null, success boolean not null);
        insert into app.flyway_schema_history values (1, '1', 'one', 'SQL', 'V1__one.sql', null, 'ann', now(), 38, true);
        create table public.one (id int)`);
      assert.deepEqual(verdicts(await compare({ folder: at('sql') })), { 1: 'agrees' });
      await journey.look.script('drop table public.one');
      assert.deepEqual(verdicts(await compare({ folder: at('sql') })), { 1: 'effect-missing' });
      await journey.look.script('create table app.one (id int)');
      const found = await compare({ folder: at('sql') });
      assert.deepEqual(verdicts(found), { 1: 'agrees' });
      assert.equal(found.historyTable, 'app.flyway_schema_history');
    });
  });
}
