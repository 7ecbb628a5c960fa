import assert from 'node:assert/strict';
import { compareCatalogs } from '../../src/catalog/compare';
import { readCatalog } from '../../src/catalog/read-catalog';
import type { PlanProgress } from '../../src/plan/plan';
import type { TestMajor } from '../support/servers';
import { applyPhase, finishMigrate, openTerminal, type Terminal } from './terminal';

interface Case {
  title: string;
  major: TestMajor;
  /** What makes the table `parcels`. */
  table: string;
  fill: readonly string[];
  type: string;
  /** True for every row once the plan is done. */
  filled: string;
}

const cases: readonly Case[] = [
  {
    title: 'a volatile default',
    major: 18,
    table: 'create table parcels (id bigint generated always as identity primary key, weight int not null);',
    type: 'uuid',
    fill: ['--default', 'gen_random_uuid()'],
    filled: 'tag is not null',
  },
  {
    title: 'an expression on a table without a primary key',
    major: 18,
    table: 'create table parcels (weight int not null);',
    type: 'integer',
    fill: ['--expression', 'weight * 2'],
    filled: 'tag = weight * 2',
  },
  {
    title: 'an expression on the oldest server',
    major: 12,
    table: 'create table parcels (id bigint generated always as identity primary key, weight int not null);',
    type: 'text',
    fill: ['--expression', "'parcel ' || id"],
    filled: "tag = 'parcel ' || id",
  },
  {
    title: 'a volatile default, kept, on the oldest server and without a primary key',
    major: 12,
    table: 'create table parcels (weight int not null);',
    type: 'text',
    fill: ['--default', 'md5(random()::text)', '--keep-default'],
    filled: 'length(tag) = 32',
  },
];

for (const { title, major, table, type, fill, filled } of cases) {
  describe(`adding a required column from the terminal: ${title} (PostgreSQL ${major})`, function () {
    this.timeout(180_000);
    let terminal: Terminal;
    let plan: string;

    const data = async (): Promise<unknown[]> =>
      (await terminal.session.query('select * from parcels order by weight')).rows;
    const change = [
      'add-required-column',
      '--table',
      'parcels',
      '--column',
      'tag',
      '--type',
      type,
      ...fill,
    ] as const;

    before(async () => {
      terminal = await openTerminal(major, {
        'migrations/000001_parcels.up.sql': table,
        'migrations/000001_parcels.down.sql': 'drop table parcels;',
      });
      await terminal.succeed('apply', 'migrations/000001_parcels.up.sql');
      await terminal.session.query('insert into parcels (weight) select i from generate_series(1, 3000) i');
      await terminal.session.query('analyze parcels');
      const answer = await terminal.succeed('scaffold', ...change, '--format', 'json');
      plan = answer.json<{ plan: string }>().plan;
    });

    after(() => terminal?.close());

    it('is rolled back from the migrate phase to exactly what there was', async () => {
      const catalog = await readCatalog(terminal.session);
      const rows = await data();
      await applyPhase(terminal, plan, 'expand', '--yes', 'consent-schema');
      await applyPhase(terminal, plan, 'migrate', '--release', 'migrate');
      assert.notDeepEqual(await data(), rows);
      const answer = await terminal.succeed('rollback', plan, '--format', 'json');
      const { progress, next } = answer.json<{ progress: PlanProgress; next: string }>();
      assert.equal(progress.state, 'rolled-back');
      assert.equal(next, progress.steps[0]!.id);
      assert.deepEqual(compareCatalogs(catalog, await readCatalog(terminal.session)), []);
      assert.deepEqual(await data(), rows);
      assert.match(answer.told.join('\n'), /stay in migrations/);
    });

    it('runs again after it was rolled back, when that is meant', async () => {
      const refused = await terminal.run('apply', plan);
      assert.equal(refused.exitCode, 1);
      assert.match(refused.told.join('\n'), /was rolled back.*--yes run-again/s);
      await applyPhase(terminal, plan, 'expand', '--yes', 'run-again');
      await applyPhase(terminal, plan, 'migrate');
      // A writer that does not know the column.
      await terminal.session.query('insert into parcels (weight) values (4000)');
      const [deploy] = (await terminal.steps(plan)).filter((step) => step.kind === 'deploy');
      const asked = await terminal.run('apply', plan, '--confirm-deploy', deploy!.id);
      assert.equal(asked.exitCode, 1);
      assert.match(asked.told.join('\n'), /point of no return.*--yes no-return/s);
      await finishMigrate(terminal, plan, '--yes', 'no-return');
      await terminal.session.query('insert into parcels (weight) values (4001)');
      const progress = await applyPhase(terminal, plan, 'contract', '--release', 'contract');
      assert.equal(progress.state, 'done');
      const { rows } = await terminal.session.query<{ total: string; wrong: string }>(
        `select count(*) as total, count(*) filter (where (${filled}) is not true) as wrong from parcels`,
      );
      assert.deepEqual(rows, [{ total: '3002', wrong: '0' }]);
      const required = await terminal.session.query<{ required: boolean }>(
        `select attnotnull as required from pg_attribute where attrelid = 'parcels'::regclass and attname = 'tag'`,
      );
      assert.deepEqual(required.rows, [{ required: true }]);
    });

    it('verifies with a report', async () => {
      await terminal.succeed('verify', plan);
      await terminal.succeed('status');
    });
  });
}
