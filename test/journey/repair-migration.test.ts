import assert from 'node:assert/strict';
import path from 'node:path';
import type { Repair } from '../../src/implement/repair-file';
import {
  inspectMigration,
  offeredRepair,
  repairMigration,
  type RepairReport,
} from '../../src/journey/repair-migration';
import { applyMigration } from '../../src/journey/apply-file';
import { readStatus } from '../../src/journey/migrations';
import type { AppliedOutcome } from '../../src/journey/outcomes';
import { testContext } from '../support/journey-context';
import { testMajors } from '../support/servers';
import { assertSays, openJourney, type Journey } from './journey';

const parts = [
  'create table parts (id bigint primary key, code text);',
  'create unique index concurrently parts_code on parts (code);',
  'create table labels (id bigint primary key);',
];

const golang = {
  'db/000001_items.up.sql': 'create table items (id bigint primary key);\n',
  'db/000001_items.down.sql': 'drop table items;\n',
  'db/000002_parts.up.sql': `set lock_timeout = '2s';\n${parts.join('\n')}\n`,
  'db/000002_parts.down.sql': 'drop table labels;\ndrop table parts;\n',
  'db/000003_price.up.sql': 'alter table items add column price int;\n',
  'db/000003_price.down.sql': 'alter table items drop column price;\n',
};

const history =
  'create table schema_migrations (version bigint not null primary key, dirty boolean not null);';

for (const major of testMajors) {
  describe(`the repair of a migration that broke off (PostgreSQL ${major})`, function () {
    this.timeout(120_000);
    let journey: Journey;
    afterEach(() => journey?.close());

    const open = async (sql: string, files: Record<string, string>): Promise<void> => {
      journey = await openJourney(major, sql, files);
    };
    const at = (file: string): string => path.join(journey.root, ...file.split('/'));
    const inspect = (file: string): Promise<RepairReport> =>
      inspectMigration(journey.context, journey.database, at(file));
    const states = (report: RepairReport): string =>
      report.runs
        .map(
          (run) => `${run.direction} ${run.version}: ${run.statements.map(({ state }) => state).join(', ')}`,
        )
        .join('; ');
    const offers = (report: RepairReport): string[] =>
      report.runs.flatMap((run) => run.offers.map(({ repair }) => `${repair} ${run.version}`));
    const repair = async (file: string, how: Repair): Promise<AppliedOutcome | null> => {
      const { run, offer } = offeredRepair(await inspect(file), how);
      return repairMigration(journey.context, journey.database, run, offer);
    };
    const row = async (): Promise<unknown> =>
      (await journey.look.query("select version || ' ' || dirty as row from schema_migrations")).rows[0];
    const statesOfAll = async (): Promise<string> => {
      const [folder] = await readStatus(journey.context, journey.database.session);
      return folder!.statuses.map(({ state }) => state).join(', ');
    };

    it('golang-migrate, dirty after the second of three statements: the rest is run, the invalid index made anew', async () => {
      // As with x-multi-statement: each by itself, and the mark stays where one fails.
      await open(
        `${history} insert into schema_migrations values (2, true);
        create table items (id bigint primary key);`,
        golang,
      );
      await journey.look.script(parts[0]!);
      await journey.look.script("insert into parts values (1, 'a'), (2, 'a')");
      await assert.rejects(journey.look.script(parts[1]!), /could not create unique index/);

      const report = await inspect('db/000002_parts.up.sql');
      assert.equal(report.mark, 'began');
      assert.equal(states(report), 'up 2: nothing, there, half-made, missing');
      assert.deepEqual(report.runs[0]!.verdict, { kind: 'rest-missing', from: 2 });
      assert.deepEqual(offers(report), ['run-rest 2']);
      assert.match(report.runs[0]!.offers[0]!.detail, /line 3.*drop index concurrently.*line 4/);
      await assertSays(
        repair('db/000002_parts.up.sql', 'mark-applied'),
        'invalid-input',
        'speaks against that',
        'by hand',
      );
      assert.deepEqual(await row(), { row: '2 true' }, 'looking touches nothing');

      // A no leaves all as it is, and so does what fails once more.
      const no = testContext(journey.root, { answer: false });
      const offered = offeredRepair(report, 'run-rest');
      assert.equal(await repairMigration(no, journey.database, offered.run, offered.offer), null);
      await assert.rejects(repair('db/000002_parts.up.sql', 'run-rest'), /could not create unique index/);
      assert.deepEqual(await row(), { row: '2 true' });

      await journey.look.script("update parts set code = 'b' where id = 2");
      // The invalid index went when it failed again: the report in hand is older than that, and still true.
      assert.deepEqual((await repair('db/000002_parts.up.sql', 'run-rest'))?.version, '2');
      assert.deepEqual(await row(), { row: '2 false' });
      const { rows } = await journey.look.query(
        `select indisvalid, to_regclass('labels')::text as labels from pg_index
         where indexrelid = 'parts_code'::regclass`,
      );
      assert.deepEqual(rows, [{ indisvalid: true, labels: 'labels' }]);
      assert.equal(await statesOfAll(), 'applied, applied, pending');
      await applyMigration(journey.context, journey.database, at('db/000003_price.up.sql'));
      await assertSays(inspect('db/000003_price.up.sql'), 'already-done', 'nothing to repair');
    });

    it('golang-migrate: all there is marked as applied, nothing there as not applied', async () => {
      await open(
        `${history} insert into schema_migrations values (2, true);
        create table items (id bigint primary key);`,
        golang,
      );
      const nothing = await inspect('db/000002_parts.up.sql');
      assert.deepEqual(nothing.runs[0]!.verdict, { kind: 'nothing-there' });
      assert.deepEqual(offers(nothing), ['mark-not-applied 2']);
      await repair('db/000002_parts.up.sql', 'mark-not-applied');
      assert.deepEqual(await row(), { row: '1 false' });

      for (const statement of parts) await journey.look.script(statement);
      await journey.look.script('update schema_migrations set version = 2, dirty = true');
      const all = await inspect('db/000002_parts.up.sql');
      assert.deepEqual(offers(all), ['mark-applied 2']);
      await journey.look.script('drop table labels');
      const { run, offer } = offeredRepair(all, 'mark-applied');
      await assertSays(
        repairMigration(journey.context, journey.database, run, offer),
        'invalid-input',
        'has changed since you looked',
        'look again',
      );
      assert.deepEqual(await row(), { row: '2 true' });
      await journey.look.script(parts[2]!);
      await repair('db/000002_parts.up.sql', 'mark-applied');
      assert.deepEqual(await row(), { row: '2 false' });
    });

    it('golang-migrate: a mark that taking back the next one left, and the first one', async () => {
      await open(
        `${history} insert into schema_migrations values (1, true);
        create table items (id bigint primary key);`,
        golang,
      );
      for (const statement of parts) await journey.look.script(statement);
      // 2 is whole: its down did nothing, and the mark stands at 1.
      const whole = await inspect('db/000001_items.up.sql');
      assert.equal(states(whole), 'down 2: missing, missing');
      assert.deepEqual(offers(whole), ['mark-applied 2']);
      await journey.look.script('drop table labels');
      const half = await inspect('db/000001_items.up.sql');
      assert.equal(states(half), 'down 2: there, missing');
      assert.deepEqual(offers(half), ['run-rest 2']);
      await repair('db/000001_items.up.sql', 'run-rest');
      assert.deepEqual(await row(), { row: '1 false' });
      assert.equal(await statesOfAll(), 'applied, pending, pending');

      // Below all versions: the first one was being taken back.
      await journey.look.script('update schema_migrations set version = -1, dirty = true');
      const first = await inspect('db/000001_items.up.sql');
      assert.equal(first.mark, 'began-down');
      assert.deepEqual(offers(first), ['mark-applied 1']);
      await repair('db/000001_items.up.sql', 'mark-applied');
      assert.deepEqual(await row(), { row: '1 false' });
    });

    it('Prisma and Flyway: rows that did not finish', async () => {
      const up = 'alter table t add a int;\nalter table t add b int;\n';
      await open('create table t (id int)', {
        'prisma/schema.prisma': 'datasource db { provider = "postgresql" }\n',
        'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
        'prisma/migrations/20260101000000_one/migration.sql': up,
      });
      const prisma = 'prisma/migrations/20260101000000_one/migration.sql';
      await journey.look.script(`create table _prisma_migrations (id varchar(36) primary key not null,
        checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null, logs text,
        rolled_back_at timestamptz, started_at timestamptz not null default now(),
        applied_steps_count integer not null default 0);
        insert into _prisma_migrations (id, checksum, migration_name) values ('1', 'x', '20260101000000_one')`);
      assert.equal(await statesOfAll(), 'failed');
      assert.deepEqual(offers(await inspect(prisma)), ['mark-not-applied 20260101000000_one']);
      await repair(prisma, 'mark-not-applied');
      assert.equal(await statesOfAll(), 'pending');
      await journey.look.script(
        "insert into _prisma_migrations (id, checksum, migration_name) values ('2', 'x', '20260101000000_one'); alter table t add a int",
      );
      assert.deepEqual(offers(await inspect(prisma)), ['run-rest 20260101000000_one']);
      await repair(prisma, 'run-rest');
      assert.equal(await statesOfAll(), 'applied');
      await journey.close();

      await open('create table t (id int)', {
        'flyway.conf': 'flyway.locations=filesystem:sql\n',
        'sql/V1__one.sql': up,
      });
      await journey.look.script(`create table flyway_schema_history (installed_rank int not null primary key,
        version varchar(50), description varchar(200) not null, type varchar(20) not null,
        script varchar(1000) not null, checksum integer, installed_by varchar(100) not null,
        installed_on timestamp not null default now(), execution_time integer not null, success boolean not null);
        insert into flyway_schema_history values (1, '1', 'one', 'SQL', 'V1__one.sql', 0, 'x', now(), 3, false);
        alter table t add a int; alter table t add b int`);
      assert.equal(await statesOfAll(), 'failed');
      assert.deepEqual(offers(await inspect('sql/V1__one.sql')), ['mark-applied 1']);
      await repair('sql/V1__one.sql', 'mark-applied');
      assert.equal(await statesOfAll(), 'applied');
    });

    it('sqlx: a row that says it did not succeed', async () => {
      await open('create table t (id int, a int)', {
        'Cargo.toml': '[dependencies]\nsqlx = "0.8"\n',
        'migrations/20260101000000_one.sql':
          '-- no-transaction\nalter table t add a int;\nalter table t add b int;\n',
      });
      const file = 'migrations/20260101000000_one.sql';
      await journey.look
        .script(`create table _sqlx_migrations (version bigint primary key, description text not null,
        installed_on timestamptz not null default now(), success boolean not null, checksum bytea not null,
        execution_time bigint not null);
        insert into _sqlx_migrations values (20260101000000, 'one', now(), false, '\\x00', -1)`);
      assert.equal(await statesOfAll(), 'failed');
      assert.deepEqual(offers(await inspect(file)), ['run-rest 20260101000000']);
      await repair(file, 'run-rest');
      assert.equal(await statesOfAll(), 'applied');
      const { rows } = await journey.look.query('select version::text, success from _sqlx_migrations');
      assert.deepEqual(rows, [{ version: '20260101000000', success: true }]);
    });

    it('goose, which marks nothing: what was left on the way is found, and the row is written after the rest', async () => {
      await open('create table t (id int)', {
        'db/20260101000000_one.sql':
          '-- +goose NO TRANSACTION\n-- +goose Up\ncreate index concurrently t_id on t (id);\nalter table t add a int;\n\n-- +goose Down\nalter table t drop a;\ndrop index t_id;\n',
      });
      const file = 'db/20260101000000_one.sql';
      await journey.look.script('create index concurrently t_id on t (id)');
      const report = await inspect(file);
      assert.equal(report.mark, 'none');
      assert.equal(states(report), 'up 20260101000000: there, missing');
      assert.equal(report.runs[0]!.statements[1]!.line, 4);
      await repair(file, 'run-rest');
      assert.equal(await statesOfAll(), 'applied');
    });
  });
}
