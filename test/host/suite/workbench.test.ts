import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { commandIds, settingIds, settingsSection, wizardPanelType } from '../../../src/workbench/ids';
import { inWorkspace, until } from '../inside/in-editor';

async function lensTitles(file: vscode.Uri): Promise<string[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    file,
    20,
  );
  return lenses.map((lens) => lens.command?.title ?? '').filter((title) => title !== '');
}

function wizardTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      (tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.includes(wizardPanelType),
    );
}

const unsafe = 'migrations/011_index_orders_placed_at.up.sql';

describe('the workbench in VS Code', () => {
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('puts state, forecast and actions above a migration', async () => {
    const file = inWorkspace(unsafe);
    await vscode.window.showTextDocument(file);
    const titles = await until(
      () => lensTitles(file),
      (list) => list.some((title) => title.includes('on orders')),
    );
    assert.match(titles[0] ?? '', /golang-migrate/);
    assert.equal(titles[1], 'SHARE on orders · index build');
    assert.deepEqual(titles.slice(2), ['Dry Run', 'Rehearse Rollback']);
  });

  it('has no lens above other SQL, and none where the setting says so', async () => {
    const query = inWorkspace('queries/best_customers.sql');
    await vscode.window.showTextDocument(query);
    const migration = inWorkspace(unsafe);
    await vscode.window.showTextDocument(migration);
    await until(
      () => lensTitles(migration),
      (list) => list.length > 0,
    );
    assert.deepEqual(await lensTitles(query), []);
    const settings = vscode.workspace.getConfiguration(settingsSection);
    await settings.update(settingIds.codeLensEnabled, false, vscode.ConfigurationTarget.Global);
    try {
      assert.deepEqual(await lensTitles(migration), []);
    } finally {
      await settings.update(settingIds.codeLensEnabled, undefined, vscode.ConfigurationTarget.Global);
    }
    assert.ok((await lensTitles(migration)).length > 0);
  });

  it('follows what is typed, before it is saved', async () => {
    const file = inWorkspace('migrations/012_create_coupons.down.sql');
    const editor = await vscode.window.showTextDocument(file);
    await until(
      () => lensTitles(file),
      (list) => list.length > 1,
    );
    await editor.edit((edit) =>
      edit.insert(new vscode.Position(0, 0), 'LOCK TABLE customers IN SHARE MODE;\nVACUUM FULL orders;\n'),
    );
    const titles = await until(
      () => lensTitles(file),
      (list) => list.some((title) => title.includes('rewrite')),
    );
    assert.ok(
      titles.some((title) => title === 'ACCESS EXCLUSIVE on orders · rewrite · outside a transaction'),
      titles.join(' | '),
    );
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('marks what is dangerous in a migration', async () => {
    const file = inWorkspace(unsafe);
    await vscode.window.showTextDocument(file);
    const own = (): vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(file).filter((item) => item.source === 'Switchback');
    const found = await until(own, (list) => list.length > 0);
    assert.ok(found.length > 0, 'no diagnostic for an index built without CONCURRENTLY');
    assert.ok(found.every((item) => item.code !== undefined && item.message !== ''));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('forecasts a migration in a read-only editor', async () => {
    const file = inWorkspace(unsafe);
    await vscode.commands.executeCommand(commandIds.forecast, file);
    const text = await until(
      () => vscode.window.activeTextEditor?.document.getText() ?? '',
      (value) => value.includes('-- Lock:'),
    );
    assert.match(text, /-- Lock: SHARE on orders/);
    assert.match(text, /CREATE INDEX orders_placed_at_index/);
    assert.equal(path.extname(vscode.window.activeTextEditor!.document.uri.path), '.sql');
  });

  it('opens a wizard for a change, in a tab of its own', async () => {
    await vscode.commands.executeCommand(commandIds.planChange);
    const tabs = await until(wizardTabs, (list) => list.length === 1 && list[0]!.label === 'Plan a change');
    assert.deepEqual(
      tabs.map((tab) => tab.label),
      ['Plan a change'],
    );
  });

  it('says in one sentence that a plan is missing', async () => {
    // Without a plan the command ends with its notification; it must neither throw nor open anything.
    void vscode.commands.executeCommand(commandIds.verify);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(wizardTabs(), []);
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
