import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { nodeFiles } from '../../../src/ports/node-files';
import { commandIds, previewPanelType } from '../../../src/workbench/ids';
import { scaffoldedPlan } from '../../support/scaffolded-plan';
import { inWorkspace, marksIn, until } from '../inside/in-editor';

const plan = 'plans/20260304-rename-name';
const file = (): vscode.Uri => inWorkspace(`${plan}/plan.md`);

function extension(): vscode.Extension<unknown> {
  return vscode.extensions.all.find((item) => (item.packageJSON as { name: string }).name === 'switchback')!;
}

/** Where a text stands in the open document, moved on by so many characters. */
function behind(document: vscode.TextDocument, text: string, characters = text.length): vscode.Position {
  const place = document.getText().indexOf(text);
  assert.ok(place >= 0, text);
  return document.positionAt(place + characters);
}

const previewTabs = (): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(previewPanelType),
    );

describe('plan.md in VS Code', () => {
  before(async () => {
    await extension().activate();
    const templates = path.join(extension().extensionPath, 'templates');
    await vscode.workspace.fs.createDirectory(inWorkspace('db/migrations'));
    await scaffoldedPlan(inWorkspace('').fsPath.replace(/[\\/]$/, ''), nodeFiles(), templates);
    await vscode.commands.executeCommand(commandIds.refresh);
  });
  beforeEach(async () => {
    await vscode.window.showTextDocument(file());
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('notifications.clearAll');
  });
  // The other suites see the workspace as it was.
  after(async () => {
    await vscode.workspace.fs.delete(inWorkspace('plans'), { recursive: true, useTrash: false });
    for (const name of await vscode.workspace.findFiles('db/migrations/*rename_name*'))
      await vscode.workspace.fs.delete(name);
  });

  it('completes states, and says what a key means', async () => {
    const { document } = vscode.window.activeTextEditor!;
    const list = await until(
      () =>
        vscode.commands.executeCommand<vscode.CompletionList>(
          'vscode.executeCompletionItemProvider',
          document.uri,
          behind(document, 'state: '),
        ),
      ({ items }) => items.some(({ label }) => label === 'abandoned'),
    );
    const own = list.items.filter(({ kind }) => kind === vscode.CompletionItemKind.EnumMember);
    assert.deepEqual(
      own.slice(0, 2).map(({ label }) => label),
      ['draft', 'ready'],
    );
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      behind(document, 'approvedHash', 3),
    );
    const words = hovers.flatMap(({ contents }) =>
      contents.map((part) => (part as vscode.MarkdownString).value),
    );
    assert.match(words.join('\n'), /Approvals and rehearsals/);
  });

  it('marks an unknown state while it is typed, and no longer when it is one', async () => {
    const editor = vscode.window.activeTextEditor!;
    const place = behind(editor.document, 'state: ready');
    await editor.edit((edit) => edit.insert(place, 'y'));
    const [mark, ...others] = await until(
      () => marksIn(file()),
      (marks) => marks.length > 0,
    );
    assert.deepEqual(others, []);
    assert.equal(mark!.range.start.line, place.line);
    assert.equal(editor.document.getText(mark!.range), 'readyy');
    assert.match(mark!.message, /^state is "readyy", which is not known/);
    await vscode.commands.executeCommand('undo');
    assert.deepEqual(
      await until(
        () => marksIn(file()),
        (marks) => marks.length === 0,
      ),
      [],
    );
  });

  it('leaves other Markdown alone', async () => {
    const other = inWorkspace(`${plan}/notes.md`);
    await vscode.workspace.fs.writeFile(other, Buffer.from('---\nswitchback: 1\nstate: x\n---\n'));
    const { document } = await vscode.window.showTextDocument(other);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      other,
      behind(document, 'state', 2),
    );
    assert.deepEqual(hovers, []);
    assert.deepEqual(marksIn(other), []);
  });

  it('opens one preview beside the source', async () => {
    const source = vscode.window.activeTextEditor!.viewColumn!;
    await vscode.commands.executeCommand(commandIds.openPlanPreview);
    await vscode.commands.executeCommand(commandIds.openPlanPreview, file());
    const tabs = await until(previewTabs, ({ length }) => length > 0);
    assert.equal(tabs.length, 1);
    assert.notEqual(tabs[0]!.group.viewColumn, source);
    assert.equal(vscode.window.activeTextEditor?.document.uri.path, file().path);
  });

  it('exports the plan to the file it is told', async () => {
    const target = inWorkspace(`${plan}/out.html`).fsPath;
    await vscode.commands.executeCommand(commandIds.exportPlan, file(), { file: target, all: true });
    const page = await readFile(target, 'utf8');
    assert.match(page, /^<!doctype html>/);
    assert.match(page, /<article id="rollback-md"/);
  });
});
