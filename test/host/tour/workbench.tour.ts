import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { startDrive, type Drive } from '../kit/driver';
import { themes } from '../kit/workbench';

describe('the workbench under the driver', () => {
  let drive: Drive;

  before(async () => {
    drive = await startDrive();
  });

  after(async () => {
    await drive?.stop();
  });

  it('shows the sample shop in every theme', async () => {
    const { workbench, host, workspace } = drive;
    assert.equal(await host.read((vscode) => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath), workspace);
    for (const theme of themes) {
      await workbench.setTheme(theme);
      const kinds = { light: 1, dark: 2, 'high-contrast': 3 };
      await host.until(
        (vscode) => vscode.window.activeColorTheme.kind as number,
        (kind) => kind === kinds[theme],
      );
    }
    await workbench.setTheme('dark');
  });

  it('opens a migration', async () => {
    const { workbench, host } = drive;
    await workbench.openFile('011_index_orders_placed_at.up.sql');
    const text = await host.until(
      (vscode) => vscode.window.activeTextEditor?.document.getText() ?? null,
      (value) => value !== null,
    );
    assert.match(String(text), /CREATE INDEX orders_placed_at_index/);
    await workbench.lens('SHARE on orders · index build').first().waitFor();
    await workbench.screenshot('migration');
  });

  it('reads the database that .env names', async () => {
    const rows = await drive.database.query<{ count: string }>('SELECT count(*) FROM customers');
    assert.equal(rows[0]?.count, '50000');
    assert.match(await readFile(path.join(drive.workspace, '.env'), 'utf8'), /\/shop$/m);
  });

  it('leaves no error of the extension in the console', () => {
    assert.deepEqual(drive.errors.lines, []);
  });
});
