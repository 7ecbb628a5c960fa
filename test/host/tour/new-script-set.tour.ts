import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { connectToShop } from '../kit/connect';
import { startDrive, type Drive } from '../kit/driver';
import { endDrive } from '../kit/end-drive';
import { useQuickInput, type QuickInput } from '../kit/quick-input';

/** New Script Set…: migrations of the workspace, chosen from a list, as scripts for bash and psql. */
describe('a new script set in VS Code', function () {
  this.timeout(120_000);
  let drive: Drive;

  before(async () => {
    drive = await startDrive();
    drive.workbench.page.setDefaultTimeout(40_000);
    await drive.workbench.setTheme('light');
    await drive.workbench.openSideBar('Switchback');
    await drive.workbench.treeItem('Migration 001_create_customers').waitFor();
  });

  endDrive(() => drive);
  afterEach(async () => {
    await drive?.workbench.runCommand('View: Close All Editors');
  });

  const ask = async (pictures?: string): Promise<QuickInput> => {
    await drive.workbench.runCommand('Switchback: New Script Set…');
    return useQuickInput(drive.workbench.page, pictures);
  };
  const below = (folder: string): Promise<string[]> =>
    readdir(path.join(drive.workspace, folder), { recursive: true }).then(
      (names) => names.sort(),
      () => [],
    );

  it('leaves nothing behind when a question is closed', async () => {
    const input = await ask();
    await input.see('Which migrations do the scripts run?', '1/3');
    await input.accept();
    await input.see('Title', '2/3');
    await input.escape();
    assert.deepEqual(await below('scripts'), []);
  });

  it('writes scripts for the migrations that were ticked, in the order they run', async () => {
    const input = await ask('scripts');
    await input.see('Which migrations do the scripts run?', '1/3');
    // With no database nobody knows what is applied: the newest is proposed.
    await drive.workbench.page.keyboard.press('End');
    assert.deepEqual(await input.ticked(), ['012_create_coupons']);
    await input.tick('012_create_coupons');
    await input.accept();
    await input.see('Choose at least one migration');
    await input.tick('012_create_coupons');
    await input.tick('010_add_customer_phone');
    await input.accept();
    await input.see('Title', '2/3');
    assert.equal(await input.proposed(), 'Migrations of shop');
    await input.back();
    await input.see('Which migrations do the scripts run?', '1/3');
    await drive.workbench.page.keyboard.press('End');
    assert.deepEqual(await input.ticked(), ['010_add_customer_phone', '012_create_coupons']);
    await input.accept();
    await input.see('Title', '2/3');
    await input.type('Phones and coupons');
    await input.see('Folder for the scripts', '3/3');
    assert.equal(await input.proposed(), 'scripts/phones-and-coupons');
    assert.match(await input.refused('../elsewhere'), /inside the workspace/);
    await input.type('scripts/phones-and-coupons');
    await drive.host.until(
      (vscode) => vscode.window.activeTextEditor?.document.uri.path.split('/').pop() ?? '',
      (shown) => shown === 'README.md',
    );
    const names = await below('scripts/phones-and-coupons');
    for (const name of [
      'migrate-forward.sh',
      'migrate-rollback.sh',
      'migrate-verify.sh',
      'migrate-dry-run.sh',
      'cleanup.sh',
      'README.md',
    ])
      assert.ok(names.includes(name), `${name} is not among ${names.join(', ')}`);
    const folder = path.join(drive.workspace, 'scripts', 'phones-and-coupons');
    const readme = await readFile(path.join(folder, 'README.md'), 'utf8');
    assert.match(readme, /Phones and coupons/);
    const { stdout } = await promisify(execFile)(path.join(folder, 'migrate-forward.sh'), ['--help']);
    assert.match(stdout, /--dry-run/);
  });

  it('asks before it replaces scripts, and takes another folder', async () => {
    const file = path.join(drive.workspace, 'scripts', 'phones-and-coupons', 'README.md');
    const before = await readFile(file, 'utf8');
    const input = await ask('scripts-again');
    await input.see('Which migrations do the scripts run?');
    await input.accept();
    await input.see('Title');
    await input.type('Phones and coupons');
    await input.see('Folder for the scripts');
    await input.accept();
    await input.see('scripts/phones-and-coupons has scripts already.');
    await input.pick('Choose Another Folder');
    await input.see('Folder for the scripts', '1/1');
    await input.type('scripts/coupons');
    await drive.workbench.page.getByRole('tab', { name: 'README.md' }).waitFor();
    assert.ok((await below('scripts/coupons')).includes('migrate-forward.sh'));
    assert.equal(await readFile(file, 'utf8'), before);
  });

  it('proposes what is pending on a connected database', async () => {
    await connectToShop(drive.workbench);
    await drive.workbench.treeItem('Migration 010_add_customer_phone, pending').waitFor();
    const input = await ask();
    await input.see('Which migrations do the scripts run?', '1/3');
    await drive.workbench.page.keyboard.press('End');
    assert.deepEqual(await input.ticked(), [
      '010_add_customer_phone',
      '011_index_orders_placed_at',
      '012_create_coupons',
    ]);
    await input.escape();
  });

  it('leaves no error of the extension in the console', () => {
    assert.deepEqual(drive.errors.lines, []);
  });
});
