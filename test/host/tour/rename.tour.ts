import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { bytes, count } from '../../../src/workbench/format';
import { startDrive, type Drive } from '../kit/driver';
import { endDrive } from '../kit/end-drive';
import { useWizard, type Wizard } from '../kit/wizard';

/** What every step of the tour asks of the database; it only reads. */
const differing = 'SELECT count(*) AS value FROM customers WHERE name IS DISTINCT FROM full_name';
const digest = (column: string): string =>
  `SELECT md5(string_agg(id || ':' || ${column}, ',' ORDER BY id)) AS value FROM customers`;
const columnNames = `SELECT string_agg(attname, ',' ORDER BY attnum) AS value FROM pg_attribute
  WHERE attrelid = 'public.customers'::regclass AND attnum > 0 AND NOT attisdropped`;
const ownTriggers = `SELECT count(*) AS value FROM pg_trigger
  WHERE tgrelid = 'public.customers'::regclass AND NOT tgisinternal AND tgname <> 'customers_touch'`;
const clients = `SELECT DISTINCT coalesce(nullif(application_name, ''), usename) AS name FROM pg_stat_activity
  WHERE pid <> pg_backend_pid() AND datname = current_database() AND backend_type = 'client backend' AND application_name NOT LIKE 'switchback%'`;
const version = 'SELECT version AS value FROM schema_migrations WHERE NOT dirty';

/** The whole journey of one change, through the interface alone. Each step builds on the one before it. */
describe('renaming customers.name to full_name in VS Code', function () {
  this.timeout(120_000);
  // Each step stands on the one before it: after a failure the rest would only wait.
  this.bail(true);
  let drive: Drive;
  let wizard: Wizard;
  let names: string;

  const sql = async (query: string): Promise<string> => {
    const [row] = await drive.database.query<{ value: unknown }>(query);
    return String(row?.value);
  };
  const planFolder = async (): Promise<string> => {
    const folder = path.join(drive.workspace, 'plans');
    const plans = await readdir(folder);
    assert.equal(plans.length, 1);
    return path.join(folder, plans[0]!);
  };
  const migrations = async (): Promise<string[]> =>
    (await readdir(path.join(drive.workspace, 'migrations')))
      .filter((name) => name.endsWith('.up.sql') && name.includes('rename_customers'))
      .sort();

  before(async () => {
    drive = await startDrive();
    drive.workbench.page.setDefaultTimeout(40_000);
    wizard = useWizard(drive.workbench);
    names = await sql(digest('name'));
  });

  endDrive(() => drive);

  it('connects to the database that .env names', async () => {
    const { workbench, database } = drive;
    await workbench.setTheme('light');
    await workbench.openSideBar('Switchback');
    await workbench.runCommand('Switchback: Connect…');
    await workbench.pick('found in .env');
    await workbench.pick('prefer');
    await workbench.page.getByText('A name for this connection').waitFor();
    await workbench.answer('shop');
    await workbench.pick('Development');
    await workbench.pick('Connect');
    await workbench.treeItem('Connection shop, Development, connected').waitFor();
    await workbench.statusBar('Development: shop').waitFor();
    const [session] = await database.query<{ database: string }>(
      `SELECT datname AS database FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    );
    assert.equal(session?.database, 'shop');
  });

  it('lists what is pending first, as the history table says', async () => {
    const { workbench } = drive;
    await workbench.treeItem(/^Migration 012_create_coupons, pending/).waitFor();
    const items = await workbench.page.getByRole('treeitem', { name: /^Migration / }).all();
    const labels = await Promise.all(
      items.map(async (item) => (await item.getAttribute('aria-label')) ?? ''),
    );
    assert.deepEqual(labels.slice(0, 4), [
      'Migration 010_add_customer_phone, pending',
      'Migration 011_index_orders_placed_at, pending',
      'Migration 012_create_coupons, pending',
      'Migration 009_customer_label, applied',
    ]);
    assert.equal(await sql(version), '9');
  });

  it('tries a migration and takes it back, then applies it, from its menu', async () => {
    const { workbench } = drive;
    const item = workbench.treeItem(/^Migration 010_add_customer_phone/);
    await workbench.chooseFromMenu(item, 'Dry Run');
    await workbench.page
      .locator('.notifications-center, .statusbar-item[aria-label*="notification" i]')
      .first()
      .waitFor({ state: 'attached' });
    assert.equal(await sql(version), '9');
    await workbench.chooseFromMenu(item, 'Apply');
    await workbench.treeItem('Migration 010_add_customer_phone, applied').waitFor();
    assert.equal(await sql(version), '10');
    assert.match(
      (await workbench.notifications()).join('\n'),
      /dry run passed[^]*rolled back|rolled back[^]*dry run passed/i,
    );
  });

  it('says above the unsafe migration what it would lock, and applies it on demand', async () => {
    const { workbench, host } = drive;
    await workbench.openFile('011_index_orders_placed_at.up.sql');
    await workbench.seeTopLens(workbench.lens('Pending on shop'));
    await workbench.lens('SHARE on orders · index build').click();
    const forecast = await host.until(
      (vscode) => vscode.window.activeTextEditor?.document.getText() ?? '',
      (text) => text.includes('-- Held:'),
    );
    assert.match(forecast, /Blocks: writes/);
    assert.match(forecast, /Quick fix: Build orders_placed_at_index CONCURRENTLY/);
    await workbench.runCommand('View: Close Editor');
    await workbench.lens(/^Apply$/).click();
    await workbench.treeItem('Migration 011_index_orders_placed_at, applied').waitFor();
    assert.equal(await sql(version), '11');
    const last = workbench.treeItem(/^Migration 012_create_coupons/);
    await last.hover();
    await last.getByRole('button', { name: 'Apply' }).click();
    await workbench.treeItem('Migration 012_create_coupons, applied').waitFor();
    assert.equal(await sql(version), '12');
    await workbench.runCommand('View: Close All Editors');
    await workbench.dismissNotifications();
  });

  it('1 Change: takes the change, with the tables and columns of the database', async () => {
    await drive.workbench.runCommand('Switchback: Plan a Change…');
    await wizard.choose('How?', 'Rename a column');
    await wizard.choose('Table', /^public\.customers /);
    await wizard.choose('Old name', /^name /);
    await wizard.type('New name', 'full_name');
    await wizard.see('Rename public.customers.name to full_name');
    const [table] = await drive.database.query<{ rows: number; size: string }>(
      `SELECT reltuples AS rows, pg_total_relation_size(oid) AS size FROM pg_class WHERE oid = 'public.customers'::regclass`,
    );
    const chosen = await wizard.page
      .getByRole('combobox', { name: 'Table' })
      .locator('.selected-value')
      .innerText();
    assert.ok(
      chosen.includes(`public.customers (${count(table!.rows)} rows, ${bytes(Number(table!.size))})`),
      chosen,
    );
    assert.deepEqual(await wizard.violations(), []);
    await drive.workbench.screenshot('1-change');
  });

  it('2 Assess: says what is there', async () => {
    await wizard.press('Assess');
    await wizard.see('Type of migration');
    const text = await wizard.text();
    assert.ok(
      text.includes(
        `public.customers has ${count(Number(await sql('SELECT count(*) AS value FROM customers')))} rows`,
      ),
      text,
    );
    const of = (from: string, column: string): Promise<string> =>
      sql(`SELECT count(*) AS value FROM ${from} WHERE ${column} = 'public.customers'::regclass`);
    assert.ok(text.includes(`Indexes (${await of('pg_index', 'indrelid')})`));
    assert.ok(text.includes(`Constraints (${await of('pg_constraint', 'conrelid')})`));
    assert.ok(text.includes(`Foreign keys (${await of('pg_constraint', 'confrelid')})`));
    const server = await sql(`SELECT current_setting('server_version') AS value`);
    assert.equal(await wizard.fact('Version'), server.split(' ')[0]);
    assert.match(text, /src\/customers\.ts:19/);
    assert.deepEqual(await wizard.violations(), []);
    await drive.workbench.screenshot('2-assess');
  });

  it('draws what depends on the column; the picture grows, and opens what is in it', async () => {
    const { workbench } = drive;
    const picture = wizard.page.getByRole('region', { name: 'Picture' });
    const width = async (): Promise<number> => (await picture.locator('svg').boundingBox())!.width;
    await picture.scrollIntoViewIfNeeded();
    const before = await width();
    await wizard.press('Zoom In');
    assert.ok((await width()) > before * 1.2);
    await wizard.press('Fit');
    await workbench.screenshot('assess-picture');
    const views = await drive.database.query<{ name: string }>(
      `SELECT DISTINCT r.ev_class::regclass::text AS name FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
        WHERE d.refobjid = 'customers'::regclass AND r.rulename = '_RETURN' AND d.refobjsubid =
          (SELECT attnum FROM pg_attribute WHERE attrelid = 'customers'::regclass AND attname = 'name')`,
    );
    assert.ok(views.length > 0);
    for (const { name } of views) await picture.getByText(name).waitFor();
    await picture.getByRole('button', { name: views[0]!.name }).press('Enter');
    await workbench.page.getByRole('tab', { name: views[0]!.name }).waitFor();
    await workbench.runCommand('View: Close Editor');
  });

  it('asks for the scope once, and ends with what has to be settled, which people may confirm', async () => {
    const { workbench, database } = drive;
    const field = (label: string): Promise<string> =>
      wizard.page.getByRole('textbox', { name: label }).inputValue();
    const connected = (await database.query<{ name: string }>(clients)).map((row) => row.name);
    for (const name of connected) assert.ok((await field('Systems')).includes(name), `${name} is connected`);
    assert.match(await field('Systems'), /code in .*src/);
    assert.match(await field('Expected downtime'), /^none; /);
    await wizard.see(`${count(Number(await sql('SELECT count(*) AS value FROM customers')))} rows, `);
    await wizard.see('2 of 6 are held, 4 open.');
    await wizard.type('Users', 'everybody who orders, and the support');
    await wizard.press('Keep This Scope');
    await wizard.see('3 of 6 are held, 3 open.');
    await wizard.button('Confirm… The people affected are known and have been told').press('Enter');
    await workbench.page.getByText('Who confirms it?').first().waitFor();
    await workbench.answer('the product owner');
    await workbench.page.getByText('A note: how it is known').first().waitFor();
    await workbench.answer('told in the weekly round');
    await wizard.see('4 of 6 are held, 2 open.');
    await wizard.see(/^Confirmed by the product owner on \d{4}-\d\d-\d\d: told in the weekly round$/);
    assert.deepEqual(await wizard.violations(), []);
    await wizard.button('Confirm… There is enough time for it').scrollIntoViewIfNeeded();
    await workbench.screenshot('2-prerequisites');
  });

  it('3 Plan: shows each step with its lock and SQL, takes an option, and writes nothing yet', async () => {
    await wizard.press('Create Plan');
    await wizard.see('Strategy and options');
    await wizard.see('Prerequisites still open');
    await wizard.type('Batch time (ms)', '20');
    await wizard.see('14 steps in 3 phases; migrations go to migrations (golang-migrate).');
    assert.equal(await wizard.main.locator('.plan-step').count(), 14);
    assert.ok(
      (await wizard.text()).includes(
        `Size: ${count(Number(await sql('SELECT count(*) AS value FROM customers')))} rows`,
      ),
    );
    assert.deepEqual(await readdir(drive.workspace).then((files) => files.includes('plans')), false);
    assert.deepEqual(await wizard.violations(), []);
    await wizard.main.getByText('SQL of step Build the index customers_full_name_index').click();
    await drive.workbench.screenshot('3-plan');
  });

  it('writes the documents and the files of the first phase only', async () => {
    await wizard.press('Scaffold');
    await wizard.see(/^Documents$/);
    const files = await readdir(await planFolder());
    for (const file of ['plan.md', 'rollback.md', 'checklist.md', 'verify.sql', 'steps', 'held'])
      assert.ok(files.includes(file), file);
    const document = await readFile(path.join(await planFolder(), 'plan.md'), 'utf8');
    assert.match(document, /batchMilliseconds: 20\b/);
    assert.match(document, /^\| Users \| everybody who orders, and the support \|/m);
    assert.match(
      document,
      /^\| The people affected are known and have been told \| yes \| Confirmed by the product owner, .*: told in the weekly round \|$/m,
    );
    assert.match(document, /^\| There is a staging database to try it on \| no \| Open\. /m);
    assert.deepEqual(await migrations(), [
      '013_rename_customers_name_to_full_name_add_column_and_dual_write.up.sql',
    ]);
    assert.equal(await sql(version), '12');
  });

  it('tries the next step on the database and takes it back', async () => {
    await wizard.press('Go On to Implement');
    await wizard.press('Dry Run');
    await wizard.see('The dry run passed.');
    assert.ok(!(await sql(columnNames)).includes('full_name'));
  });

  it('4 Implement: asks before it makes its schema, applies, and fills the column in batches', async () => {
    const { workbench } = drive;
    await wizard.press('Apply Next Step');
    await workbench.page.getByText('Keep progress in the database?').first().waitFor();
    assert.equal(await sql(`SELECT count(*) AS value FROM pg_namespace WHERE nspname = 'switchback'`), '0');
    await workbench.pick('Create Schema');
    await wizard.see(/^Migrating: 1 of 14 steps done/);
    assert.equal(await sql(version), '13');
    assert.equal(await sql(ownTriggers), '1');
    await wizard.press('Apply Next Step');
    await wizard.press('Pause Backfill');
    await wizard.button('Resume Backfill').and(wizard.page.locator(':not([disabled])')).waitFor();
    assert.equal((await wizard.main.locator('.step-state.state-paused').innerText()).trim(), 'Paused');
    const [done] = (await wizard.fact('Rows')).split(' of ');
    const filled = Number(await sql('SELECT count(*) AS value FROM customers WHERE full_name IS NOT NULL'));
    assert.equal(done, count(filled));
    assert.ok(filled > 0 && filled < 50_000, `${filled} rows are filled`);
    assert.deepEqual(await wizard.violations(), []);
    await workbench.screenshot('4-implement');
    await wizard.press('Resume Backfill');
    await wizard.see(/^Migrating: 2 of 14 steps done/);
    assert.equal(await sql(differing), '0');
  });

  it('runs the rest of the phase up to the deployment', async () => {
    await wizard.press('Apply Phase');
    await wizard.see(/^Migrating: 9 of 14 steps done/);
    assert.equal((await migrations()).length, 7);
    assert.equal(await sql(version), '19');
    assert.equal(await sql(differing), '0');
    await wizard.press('Confirm Deployment');
    await wizard.see(/^Migrating: 10 of 14 steps done/);
    await drive.workbench.runCommand('Switchback: Apply Next Step');
    await wizard.see(/^Waiting: 11 of 14 steps done/);
  });

  it('5 Verify: compares every row and rehearses the way back', async () => {
    await wizard.goTo('Verify');
    await wizard.press('Verify');
    await wizard.see(/^Passed: 21 of 21 checks hold; 5 belong to steps not done yet/);
    const text = await wizard.text();
    const rows = await sql('SELECT count(*) AS value FROM customers');
    assert.match(text, new RegExp(`${count(Number(rows))} rows compared, ${await sql(differing)} differ`));
    const of = (from: string, column: string): Promise<string> =>
      sql(`SELECT count(*) AS value FROM ${from} WHERE ${column} = 'public.customers'::regclass`);
    assert.ok(text.includes(`${await of('pg_constraint', 'conrelid')} on public.customers, all valid`), text);
    assert.ok(text.includes(`${await of('pg_index', 'indrelid')} on public.customers, all valid`), text);
    assert.match(
      await readFile(path.join(await planFolder(), 'report.md'), 'utf8'),
      /^\*\*Passed\*\* on shop/m,
    );
    assert.deepEqual(await wizard.violations(), []);
    await drive.workbench.screenshot('5-verify');
  });

  it('6 Contract: ends the wait, and asks at the point of no return', async () => {
    const { workbench } = drive;
    await wizard.goTo('Contract');
    await wizard.press(/^Shorten Wait/);
    await workbench.pick('End Wait');
    await wizard.see('Over');
    assert.equal(await sql(differing), '0');
    assert.equal(await sql(ownTriggers), '1');
    assert.deepEqual(await wizard.violations(), []);
    await workbench.screenshot('6-contract');
    await wizard.press('Apply Contract');
    await workbench.page.getByText('is the point of no return').first().waitFor();
    assert.ok((await sql(columnNames)).split(',').includes('name'));
    await workbench.pick('Go Past It');
    await wizard.see('The change is complete. Nothing of the old shape is left.');
    assert.deepEqual(await wizard.violations(), []);
  });

  it('leaves the database as promised', async () => {
    assert.equal(await sql(columnNames), 'id,email,city,created_at,updated_at,phone,full_name');
    assert.equal(await sql(digest('full_name')), names);
    assert.equal(await sql(ownTriggers), '0');
    assert.equal(await sql(version), '20');
    assert.equal(
      await sql(`SELECT count(*) AS value FROM customer_orders WHERE name IS NOT NULL`),
      await sql('SELECT count(*) AS value FROM orders'),
    );
    assert.equal(
      await sql(
        `SELECT count(*) AS value FROM pg_index WHERE indrelid = 'public.customers'::regclass AND indisvalid`,
      ),
      '3',
    );
  });

  it('leaves the files as promised', async () => {
    const plan = await readFile(path.join(await planFolder(), 'plan.md'), 'utf8');
    assert.match(plan, /^state: done$/m);
    assert.equal((await migrations()).length, 8);
    assert.match((await migrations()).at(-1) ?? '', /^020_.*_drop_old_column\.up\.sql$/);
  });

  it('leaves no error of the extension in the console', () => {
    assert.deepEqual(drive.errors.lines, []);
  });
});
