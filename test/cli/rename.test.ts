import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openSession } from '../../src/database/connect';
import type { Session } from '../../src/database/session';
import type { Plan, PlanProgress } from '../../src/plan/plan';
import { testServer, type TestDatabase } from '../support/servers';
import { switchback, type CliAnswer } from './support';

/** One change taken from idea to verified and contracted in the terminal, on a real server. */
describe('renaming a column from the terminal', function () {
  this.timeout(180_000);
  let folder: string;
  let database: TestDatabase;
  let session: Session;
  let plan: string;

  const run = (...words: string[]): Promise<CliAnswer> => {
    const { host, port, user, database: name } = database.connection;
    const url = `postgres://${user}@${host}:${port}/${name}?sslmode=disable`;
    return switchback(
      folder,
      { PGPASSWORD: database.password, SHOP_URL: url },
      ...words,
      '--database-url',
      'env:SHOP_URL',
    );
  };

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'switchback-rename-'));
    await mkdir(path.join(folder, 'migrations'));
    await mkdir(path.join(folder, 'src'));
    await writeFile(
      path.join(folder, 'migrations', '000001_customers.up.sql'),
      `create table customers (id bigint generated always as identity primary key, name text not null check (name <> ''));
create index customers_name_idx on customers (name);
create view customer_names as select id, name from customers;
`,
    );
    await writeFile(
      path.join(folder, 'migrations', '000001_customers.down.sql'),
      'drop view customer_names;\ndrop table customers;\n',
    );
    await writeFile(
      path.join(folder, 'src', 'customers.ts'),
      'export const sql = `select name from customers`;\n',
    );
    database = await (await testServer({ major: 18 })).createDatabase();
    session = await openSession(database.connection, database.password);
  });

  after(async () => {
    await session?.close();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('applies a migration as its tool would', async () => {
    assert.equal((await run('status')).exitCode, 0);
    const applied = await run('apply', 'migrations/000001_customers.up.sql');
    assert.equal(applied.exitCode, 0, applied.told.join('\n'));
    await session.query(
      `insert into customers (name) select 'customer ' || i from generate_series(1, 5000) i`,
    );
    await session.query('analyze customers');
    const history = await session.query<{ version: string; dirty: boolean }>(
      'select version::text, dirty from schema_migrations',
    );
    assert.deepEqual(history.rows, [{ version: '1', dirty: false }]);
  });

  it('assesses what is there', async () => {
    const answer = await run(
      'assess',
      'rename-column',
      '--table',
      'customers',
      '--from',
      'name',
      '--to',
      'full_name',
      '--format',
      'json',
    );
    assert.equal(answer.exitCode, 0, answer.told.join('\n'));
    const assessment = answer.json<{
      table: { rows: { count: number } };
      codeReferences: { references: { path: string }[] };
    }>();
    assert.equal(assessment.table.rows.count, 5000);
    assert.ok(assessment.codeReferences.references.some((item) => item.path.endsWith('customers.ts')));
  });

  it('scaffolds the plan and only the first phase of migrations', async () => {
    const answer = await run(
      'scaffold',
      'rename-column',
      '--table',
      'customers',
      '--from',
      'name',
      '--to',
      'full_name',
      '--format',
      'json',
    );
    assert.equal(answer.exitCode, 0, answer.told.join('\n'));
    plan = answer.json<{ plan: string }>().plan;
    const files = await readdir(path.join(folder, 'plans', plan));
    for (const file of ['plan.md', 'rollback.md', 'checklist.md', 'verify.sql', 'steps', 'held'])
      assert.ok(files.includes(file), file);
    assert.deepEqual(
      (await readdir(path.join(folder, 'migrations'))).filter((file) => file.endsWith('.up.sql')).length,
      2,
    );
  });

  it('refuses to run without consent to its schema, with the way to give it', async () => {
    const answer = await run('apply', plan);
    assert.equal(answer.exitCode, 1);
    assert.match(answer.told.join('\n'), /consent-schema/);
  });

  it('expands, migrates and waits, with old and new column equal on every row', async () => {
    const expanded = await run(
      'apply',
      plan,
      '--phase',
      'expand',
      '--yes',
      'consent-schema',
      '--format',
      'json',
    );
    assert.equal(expanded.exitCode, 0, expanded.told.join('\n'));
    const migrated = await run(
      'apply',
      plan,
      '--release',
      'migrate',
      '--phase',
      'migrate',
      '--format',
      'json',
    );
    assert.equal(migrated.exitCode, 0, migrated.told.join('\n'));
    const equal = await session.query<{ differing: string }>(
      'select count(*) as differing from customers where name is distinct from full_name',
    );
    assert.deepEqual(equal.rows, [{ differing: '0' }]);
    const { progress } = migrated.json<{ progress: PlanProgress }>();
    assert.equal(progress.steps.filter((step) => step.state === 'failed').length, 0);
  });

  it('verifies, with a report', async () => {
    const answer = await run('verify', plan);
    assert.equal(answer.exitCode, 0, `${answer.out}\n${answer.told.join('\n')}`);
    assert.match(await readFile(path.join(folder, 'plans', plan, 'report.md'), 'utf8'), /passed/i);
  });

  it('contracts after the deployment is confirmed and the wait shortened', async () => {
    const refused = await run('apply', plan);
    assert.equal(refused.exitCode, 1);
    assert.match(refused.told.join('\n'), /Confirm it when that is released/);
    const steps = (await planSteps()).filter((step) => step.kind === 'deploy' || step.kind === 'wait');
    for (const step of steps) {
      const words =
        step.kind === 'deploy'
          ? ['--confirm-deploy', step.id]
          : ['--shorten-wait', step.id, '--yes', 'shorten-wait'];
      const answer = await run('apply', plan, ...words);
      assert.equal(answer.exitCode, 0, answer.told.join('\n'));
      const rest = await run('apply', plan, '--phase', 'migrate');
      assert.equal(rest.exitCode, 0, rest.told.join('\n'));
    }
    const contracted = await run(
      'apply',
      plan,
      '--phase',
      'contract',
      '--yes',
      'no-return',
      '--format',
      'json',
    );
    assert.equal(contracted.exitCode, 0, contracted.told.join('\n'));
    assert.equal(contracted.json<{ progress: PlanProgress }>().progress.state, 'done');
    const columns = await session.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = 'customers'::regclass and attnum > 0 and not attisdropped order by 1`,
    );
    assert.deepEqual(columns.rows, [{ name: 'full_name' }, { name: 'id' }]);
    assert.equal((await run('status')).exitCode, 0);
    const looked = await readFile(path.join(folder, 'plans', plan, 'retrospective.md'), 'utf8');
    assert.match(looked, /Fill full_name from name/);
  });

  async function planSteps(): Promise<Plan['phases'][number]['steps']> {
    const answer = await run('status', '--format', 'json');
    const { plans } = answer.json<{ plans: { id: string; plan: Plan }[] }>();
    return plans.find((item) => item.id === plan)!.plan.phases.flatMap((phase) => phase.steps);
  }
});
