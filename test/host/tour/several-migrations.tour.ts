import assert from 'node:assert/strict';
import { connectToShop } from '../kit/connect';
import { startDrive, type Drive } from '../kit/driver';
import { endDrive } from '../kit/end-drive';

const history = "SELECT version || ' ' || dirty AS value FROM schema_migrations";
const coupons = "SELECT to_regclass('public.coupons') IS NOT NULL AS value";

/** What the menu of a migration does with those before or behind it, and with its row in the history. */
describe('several migrations from the Migrations view', function () {
  this.timeout(120_000);
  // Each step stands on the one before it: after a failure the rest would only wait.
  this.bail(true);
  let drive: Drive;

  const sql = async (query: string): Promise<string> => {
    const [row] = await drive.database.query<{ value: unknown }>(query);
    return String(row?.value);
  };

  before(async () => {
    drive = await startDrive();
    drive.workbench.page.setDefaultTimeout(40_000);
    await drive.workbench.setTheme('light');
    await connectToShop(drive.workbench);
  });

  endDrive(() => drive);

  it('applies all that is pending up to one', async () => {
    const { workbench } = drive;
    assert.equal(await sql(history), '9 false');
    await workbench.chooseFromMenu(workbench.treeItem(/^Migration 011_index_orders/), 'Apply up to Here');
    await workbench.treeItem('Migration 011_index_orders_placed_at, applied').waitFor();
    await workbench.treeItem('Migration 010_add_customer_phone, applied').waitFor();
    await workbench.treeItem(/^Migration 012_create_coupons, pending/).waitFor();
    assert.equal(await sql(history), '11 false');
  });

  it('rolls back to one after naming what is taken back', async () => {
    const { workbench } = drive;
    await workbench.chooseFromMenu(workbench.treeItem(/^Migration 009_customer_label/), 'Roll Back to Here…');
    const question = workbench.page.locator('.quick-input-widget');
    await question.getByText('Roll back 2 migrations?').first().waitFor();
    await question
      .getByText(/index_orders_placed_at, 10 add_customer_phone/)
      .first()
      .waitFor();
    await workbench.screenshot('roll-back-to-here');
    assert.equal(await sql(history), '11 false', 'nothing may be taken back before it was agreed to');
    await workbench.pick('Roll Back');
    await workbench.treeItem(/^Migration 010_add_customer_phone, pending/).waitFor();
    await workbench.treeItem(/^Migration 011_index_orders_placed_at, pending/).waitFor();
    assert.equal(await sql(history), '9 false');
  });

  it('marks one as applied and as not applied, and runs nothing', async () => {
    const { workbench } = drive;
    await workbench.chooseFromMenu(workbench.treeItem(/^Migration 012_create/), 'Apply up to Here');
    await workbench.treeItem('Migration 012_create_coupons, applied').waitFor();
    assert.equal(await sql(coupons), 'true');
    await workbench.chooseFromMenu(workbench.treeItem(/^Migration 012_create/), 'Mark as Not Applied…');
    await workbench.page
      .locator('.quick-input-widget')
      .getByText(/Nothing is taken back on/)
      .first()
      .waitFor();
    await workbench.pick('Mark as Not Applied');
    await workbench.treeItem(/^Migration 012_create_coupons, pending/).waitFor();
    assert.equal(await sql(history), '11 false');
    assert.equal(await sql(coupons), 'true');
    await workbench.chooseFromMenu(workbench.treeItem(/^Migration 012_create/), 'Mark as Applied…');
    await workbench.pick('Mark as Applied');
    await workbench.treeItem('Migration 012_create_coupons, applied').waitFor();
    assert.equal(await sql(history), '12 false');
  });

  it('shows the migration of the file in front', async () => {
    const { workbench } = drive;
    await workbench.openFile('003_create_orders.up.sql');
    await workbench.runCommand('Switchback: Reveal in Migrations View');
    const item = workbench.treeItem('Migration 003_create_orders, applied');
    await item.waitFor();
    await workbench.page
      .locator('.monaco-list-row.selected[aria-label^="Migration 003_create_orders"]')
      .waitFor();
  });

  it('leaves no error of the extension in the console', () => {
    assert.deepEqual(drive.errors.lines, []);
  });
});
