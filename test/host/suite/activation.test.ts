import assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface Manifest {
  publisher: string;
  name: string;
  contributes: { commands: { command: string }[]; views: Record<string, { id: string }[]> };
}

function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.all.find((item) => (item.packageJSON as Manifest).name === 'switchback');
  assert.ok(found, 'the extension is not installed');
  return found;
}

describe('the extension in VS Code', () => {
  it('activates', async () => {
    await extension().activate();
    assert.equal(extension().isActive, true);
  });

  it('registers every command of package.json', async () => {
    await extension().activate();
    const manifest = extension().packageJSON as Manifest;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands
      .map(({ command }) => command)
      .filter((id) => !registered.has(id));
    assert.deepEqual(missing, []);
    assert.ok(manifest.contributes.commands.length > 0);
  });

  it('has the workspace folder and the database of the run', () => {
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
    for (const name of ['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE'])
      assert.ok(process.env[name], `${name} is not set`);
  });
});
