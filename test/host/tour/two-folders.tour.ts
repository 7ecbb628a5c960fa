import assert from 'node:assert/strict';
import { startDrive, type Drive } from '../kit/driver';

/** Two folders in one window: each has its own migrations, tables and levels. */
describe('a window of two folders', function () {
  this.timeout(120_000);
  let drive: Drive;

  before(async () => {
    drive = await startDrive({
      beside: {
        '.switchback/config.json':
          '{ "rules": { "missing-lock-timeout": "off", "rename-column": "info" } }\n',
        'db/001_parcels.sql': 'CREATE TABLE parcels (id bigint PRIMARY KEY, note text);\n',
        'db/001_parcels_rollback.sql': 'DROP TABLE parcels;\n',
        'db/002_rename.sql': 'ALTER TABLE parcels RENAME COLUMN note TO remark;\n',
        'db/002_rename_rollback.sql': 'ALTER TABLE parcels RENAME COLUMN remark TO note;\n',
      },
    });
    drive.workbench.page.setDefaultTimeout(40_000);
  });

  after(async () => {
    await drive?.stop();
  });

  const marks = (name: string): Promise<[string, number][]> =>
    drive.host.read(
      (vscode, file) =>
        vscode.languages
          .getDiagnostics()
          .filter(([uri]) => uri.path.endsWith(file))
          .flatMap(([, found]) => found)
          .map((mark): [string, number] => [
            String(typeof mark.code === 'object' ? mark.code.value : mark.code),
            mark.severity,
          ]),
      name,
    );

  it('judges each file by its own folder', async () => {
    const { workbench } = drive;
    await workbench.openFile('002_rename.sql');
    await workbench.lens('ACCESS EXCLUSIVE on parcels').first().waitFor();
    // 2 is the editor's number of an information.
    assert.deepEqual(await marks('002_rename.sql'), [['rename-column', 2]]);
    await workbench.openFile('011_index_orders_placed_at.up.sql');
    await workbench.lens('SHARE on orders · index build').first().waitFor();
    const rules = (await marks('011_index_orders_placed_at.up.sql')).map(([rule]) => rule);
    assert.deepEqual(rules.sort(), ['index-not-concurrent', 'missing-lock-timeout']);
  });

  it('lists the migrations of both', async () => {
    const { workbench } = drive;
    await workbench.openSideBar('Switchback');
    const first = workbench.treeItem('migrations, golang-migrate of shop');
    await workbench.treeItem('Migration 001_create_customers').waitFor();
    await first.click();
    await workbench.treeItem('Migration 002_rename').waitFor();
    await workbench.treeItem(/^db, .* of beside$/).waitFor();
    await workbench.runCommand('Switchback: Show Forecast');
    await workbench.page.getByRole('tab', { name: /^Forecast of 011_index_orders_placed_at\.up/ }).waitFor();
  });

  it('leaves no error of the extension in the console', () => {
    assert.deepEqual(drive.errors.lines, []);
  });
});
