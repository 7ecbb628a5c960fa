import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { accessibilityViolationsOfCopy } from '../kit/accessibility';
import { connectToShop } from '../kit/connect';
import { startDrive, type Drive } from '../kit/driver';
import { endDrive } from '../kit/end-drive';
import { useQuickInput } from '../kit/quick-input';

const history = "SELECT version || ' ' || dirty AS value FROM schema_migrations";
const indexes =
  "SELECT coalesce(string_agg(relname, ',' ORDER BY relname), '') AS value FROM pg_class WHERE relname LIKE 'notes\\_%'";

/** The filter of the Migrations view, the repair of a migration that broke off, the comparison and the matrix. */
describe('the state of migrations', function () {
  this.timeout(120_000);
  // Each step stands on the one before it: after a failure the rest would only wait.
  this.bail(true);
  let drive: Drive;

  const sql = async (query: string): Promise<string> => {
    const [row] = await drive.database.query<{ value: unknown }>(query);
    return String(row?.value);
  };
  const write = (name: string, text: string): Promise<void> =>
    writeFile(path.join(drive.workspace, 'migrations', name), text);

  before(async () => {
    drive = await startDrive();
    drive.workbench.page.setDefaultTimeout(40_000);
    await drive.workbench.setTheme('light');
    // As a developer's pull brings it: its second index names a column that is not there.
    await write(
      '013_notes.up.sql',
      'CREATE INDEX CONCURRENTLY notes_city ON customers (city);\nCREATE INDEX CONCURRENTLY notes_town ON customers (town);\n',
    );
    await write('013_notes.down.sql', 'DROP INDEX notes_city;\nDROP INDEX notes_town;\n');
    await connectToShop(drive.workbench);
  });

  endDrive(() => drive);

  it('shows only the migrations that are asked for, says so, and shows all again', async () => {
    const { workbench } = drive;
    const { page } = workbench;
    await workbench.treeItem('Migration 013_notes, pending').waitFor();
    await workbench.runCommand('Switchback: Filter Migrations…');
    const input = useQuickInput(page);
    await input.see('Type a part of a name or version');
    await input.pick('Pending');
    await workbench.treeItem('Migration 009_customer_label, applied').waitFor({ state: 'hidden' });
    await workbench.treeItem('Migration 013_notes, pending').waitFor();
    await page.locator('.part.sidebar .pane-header').filter({ hasText: 'Pending' }).waitFor();

    await workbench.runCommand('Switchback: Filter Migrations…');
    await input.see('Type a part of a name or version');
    await input.type('customer');
    await workbench.treeItem('Migration 013_notes, pending').waitFor({ state: 'hidden' });
    await workbench.treeItem('Migration 010_add_customer_phone, pending').waitFor();
    await workbench.runCommand('Switchback: Clear Migration Filter');
    await workbench.treeItem('Migration 009_customer_label, applied').waitFor();
    await page
      .locator('.part.sidebar .pane-header')
      .filter({ hasText: 'Pending' })
      .waitFor({ state: 'hidden' });
  });

  it('shows what a migration that broke off left, and runs the rest after a yes', async () => {
    const { workbench } = drive;
    const { page } = workbench;
    await workbench.chooseFromMenu(workbench.treeItem(/^Migration 013_notes/), 'Apply up to Here');
    const failed = workbench.treeItem('Migration 013_notes, failed');
    await failed.waitFor();
    assert.equal(await sql(history), '13 true');
    assert.equal(await sql(indexes), 'notes_city');
    await workbench.dismissNotifications();
    await write(
      '013_notes.up.sql',
      'CREATE INDEX CONCURRENTLY notes_city ON customers (city);\nCREATE INDEX CONCURRENTLY notes_town ON customers (city, name);\n',
    );
    await workbench.chooseFromMenu(failed, 'Repair Failed Migration…');
    const input = useQuickInput(page);
    await input.see('Nothing was touched yet');
    const left = workbench.webview().getByRole('row');
    await left.filter({ hasText: 'notes_city' }).filter({ hasText: 'there' }).first().waitFor();
    await left.filter({ hasText: 'notes_town' }).filter({ hasText: 'missing' }).first().waitFor();
    await workbench.screenshot('repair-failed-migration');
    await input.pick('Run the Rest');
    await input.see('Repair 13 notes: Run the Rest?');
    assert.equal(await sql(history), '13 true', 'nothing may be touched before it was agreed to');
    await workbench.pick('Run the Rest');
    await workbench.treeItem('Migration 013_notes, applied').waitFor();
    assert.equal(await sql(history), '13 false');
    assert.equal(await sql(indexes), 'notes_city,notes_town');
  });

  it('compares a migration with the database', async () => {
    const { workbench } = drive;
    await workbench.chooseFromMenu(
      workbench.treeItem(/^Migration 012_create_coupons/),
      'Compare with Database…',
    );
    const rows = workbench.webview().getByRole('row');
    await rows.filter({ hasText: '12 create_coupons' }).filter({ hasText: 'agrees' }).first().waitFor();
    await rows.filter({ hasText: 'table coupons: there' }).first().waitFor();
  });

  it('shows every migration against every saved connection, for everybody, and reads again', async () => {
    const { workbench } = drive;
    await workbench.runCommand('Switchback: Show Migration Matrix');
    const table = workbench.webview().getByRole('table');
    const row = table.getByRole('row').filter({ hasText: '13 notes' });
    await row.filter({ hasText: 'applied' }).waitFor();
    assert.match(
      await table.getByRole('columnheader').allInnerTexts().then(String),
      /Migration,shop\s+Development,Differs/,
    );
    assert.equal(await table.getByRole('rowheader').count(), 13);
    assert.deepEqual(await accessibilityViolationsOfCopy(workbench.page), []);
    await workbench.dismissNotifications();
    await workbench.screenshot('migration-matrix');
    await workbench.chooseFromMenu(workbench.treeItem('Migration 013_notes, applied'), 'Roll Back…');
    await workbench.pick('Roll Back');
    await workbench.treeItem('Migration 013_notes, pending').waitFor();
    await workbench.page.getByRole('tab', { name: 'Migration Matrix' }).click();
    await workbench.page.getByRole('button', { name: 'Refresh Migration Matrix' }).click();
    await row.filter({ hasText: 'pending' }).waitFor();
  });

  it('leaves no error of the extension in the console', () => {
    assert.deepEqual(drive.errors.lines, []);
  });
});
