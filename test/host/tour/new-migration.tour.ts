import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { connectToShop } from '../kit/connect';
import { startDrive, type Drive } from '../kit/driver';
import { useQuickInput, type QuickInput } from '../kit/quick-input';

/** New Migration (Up and Down)…, alone and with a database, through the keyboard and the mouse only. */
describe('a new migration in VS Code', function () {
  this.timeout(120_000);
  let drive: Drive;

  before(async () => {
    drive = await startDrive();
    drive.workbench.page.setDefaultTimeout(40_000);
    await drive.workbench.setTheme('light');
    await drive.workbench.openSideBar('Switchback');
    await drive.workbench.treeItem('Migration 001_create_customers').waitFor();
  });

  after(async () => {
    await drive?.stop();
  });

  const questions = async (pictures?: string): Promise<QuickInput> => {
    await drive.workbench.runCommand('Switchback: New Migration (Up and Down)…');
    return useQuickInput(drive.workbench.page, pictures);
  };
  const files = async (): Promise<string[]> =>
    (await readdir(path.join(drive.workspace, 'migrations'))).filter((name) => name > '013').sort();
  const text = (name: string): Promise<string> =>
    readFile(path.join(drive.workspace, 'migrations', name), 'utf8');
  const inEditor = (name: string): Promise<string> =>
    drive.host.until(
      (vscode) => vscode.window.activeTextEditor?.document.uri.path.split('/').pop() ?? '',
      (shown) => shown === name,
    );

  it('leaves nothing behind when it is closed', async () => {
    const input = await questions();
    await input.see('What does the migration do?', '1/8');
    await input.pick('Create an Index');
    await input.see('Table, with its schema', '2/6');
    await input.type('orders');
    await input.see('Columns of the index', '3/6');
    await input.escape();
    assert.deepEqual(await files(), []);
    assert.deepEqual(await drive.workbench.notifications(), []);
  });

  it('asks what no database tells, goes back, and writes both directions with the next version', async () => {
    const input = await questions('migration');
    await input.see('What does the migration do?');
    assert.equal(await input.proposed(), 'Add a Column');
    await input.accept();
    await input.see('Table, with its schema', '2/8');
    assert.match(await input.refused('a.b.c'), /schema\.name/);
    await input.type('orders');
    await input.see('Name of the new column', '3/8');
    await input.back();
    await input.see('Table, with its schema', '2/8');
    assert.equal(await input.proposed(), 'public.orders');
    await input.accept();
    await input.see('Name of the new column', '3/8');
    assert.notEqual(await input.refused(''), '');
    await input.type('note');
    await input.see('Type of note', '4/8');
    assert.match(await input.refused('no type;'), /is not a type/);
    await input.type('text');
    await input.see('Is note required', '5/8');
    assert.equal(await input.proposed(), 'No');
    await input.accept();
    await input.see('Default of note', '6/8');
    await input.accept();
    await input.see('In which language?', '7/8');
    assert.equal(await input.proposed(), 'SQL');
    await input.accept();
    await input.see('Words for the name of the file', '8/8');
    assert.equal(await input.proposed(), 'add orders note');
    await input.accept();
    await inEditor('013_add_orders_note.up.sql');
    assert.deepEqual(await files(), ['013_add_orders_note.down.sql', '013_add_orders_note.up.sql']);
    assert.match(await text('013_add_orders_note.up.sql'), /ADD COLUMN note text/i);
    assert.match(await text('013_add_orders_note.down.sql'), /DROP COLUMN note/i);
  });

  it('writes a backfill as one TypeScript module, walking by the key that was typed', async () => {
    const input = await questions();
    await input.see('What does the migration do?', '1/8');
    await input.pick('Backfill a Column');
    await input.see('Table, with its schema', '2/8');
    await input.type('orders');
    await input.see('Name of the column', '3/8');
    await input.type('note');
    await input.see('New value of note', '4/8');
    assert.match(await input.refused('select from'), /no SQL expression/);
    await input.type("'order ' || id");
    await input.see('Only rows that have no value yet?', '5/8');
    assert.equal(await input.proposed(), 'Yes');
    await input.accept();
    await input.see('In which language?', '6/8');
    await input.pick('TypeScript');
    await input.see('Primary key of public.orders', '7/8');
    assert.equal(await input.proposed(), 'id');
    await input.accept();
    await input.see('Words for the name of the file', '8/8');
    await input.accept();
    await inEditor('014_backfill_orders_note.ts');
    const module = await text('014_backfill_orders_note.ts');
    assert.match(module, /export async function up\(/);
    assert.match(module, /export async function down\(/);
    assert.ok(module.includes("'order ' || id"));
  });

  it('is in the menu of the plans, with the others that stand alone', async () => {
    const { page } = drive.workbench;
    const header = page.locator('.pane-header').filter({ hasText: 'Plans' });
    await header.hover();
    await header.getByRole('button', { name: /More Actions/ }).click();
    const titles = await page.getByRole('menuitem').allInnerTexts();
    for (const title of [
      'New Plan Document…',
      'New Rollback Runbook…',
      'New Migration (Up and Down)…',
      'New Script Set…',
      'New Checklist…',
    ])
      assert.ok(
        titles.some((item) => item.trim() === title),
        titles.join(' | '),
      );
    await page.keyboard.press('Escape');
  });

  it('offers the tables and columns of a connected database, and asks for nothing that it knows', async () => {
    const { workbench } = drive;
    await connectToShop(workbench, 'connect');
    const input = await questions('migration-connected');
    await input.see('What does the migration do?', '1/8');
    await input.pick("Change a Column's Type");
    await input.see('Which table?', '2/8');
    await input.pick('public.orders');
    await input.see('Which column?', '3/8');
    await input.back();
    await input.see('Which table?');
    assert.equal(await input.proposed(), 'public.orders');
    await input.accept();
    await input.see('Which column?');
    await input.pick('id');
    await input.see('New type of id');
    await input.type('numeric(20)');
    await input.see('How are values converted?');
    await input.accept();
    await input.see('And on the way back?');
    await input.accept();
    await input.see('In which language?');
    await input.accept();
    await input.see('Words for the name of the file');
    await input.type('widen order numbers');
    await inEditor('015_widen_order_numbers.up.sql');
    assert.match(await text('015_widen_order_numbers.up.sql'), /numeric\(20\)/);
    const [type] = await drive.database.query<{ type: string }>(
      `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
       WHERE attrelid = 'public.orders'::regclass AND attname = 'id'`,
    );
    assert.ok((await text('015_widen_order_numbers.down.sql')).includes(type!.type));
    await workbench.treeItem('Migration 015_widen_order_numbers, pending').waitFor();
  });

  it('leaves no error of the extension in the console', () => {
    assert.deepEqual(drive.errors.lines, []);
  });
});
