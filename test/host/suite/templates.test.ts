import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../../src/workbench/ids';

const patienceMilliseconds = 30_000;

/** Asks until the answer is good; the last answer otherwise, for the assertion that follows. */
async function until<T>(ask: () => Thenable<T> | T, good: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + patienceMilliseconds;
  let answer = await ask();
  while (!good(answer) && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer = await ask();
  }
  return answer;
}

const own = (name: string): vscode.Uri =>
  vscode.Uri.joinPath(
    vscode.workspace.workspaceFolders![0]!.uri,
    '.switchback',
    'templates',
    ...name.split('/'),
  );
const shipped = (name: string): vscode.Uri => {
  const extension = vscode.extensions.all.find(
    (item) => (item.packageJSON as { name: string }).name === 'switchback',
  );
  return vscode.Uri.joinPath(extension!.extensionUri, 'templates', ...name.split('/'));
};
const textOf = async (file: vscode.Uri): Promise<string> =>
  new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
const openFile = (): string => vscode.window.activeTextEditor?.document.uri.path ?? '';

/** Accepts one question after another as it stands until `ending` is open. */
async function acceptQuestionsUntil(ending: () => boolean): Promise<void> {
  await until(() => vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem'), ending);
}

describe('templates in VS Code', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('notifications.clearAll');
  });
  const made: vscode.Uri[] = [vscode.Uri.joinPath(own('x'), '..')];
  after(async () => {
    // The other suites see the workspace as it was.
    for (const uri of made) await vscode.workspace.fs.delete(uri, { recursive: true, useTrash: false });
  });

  it('copies what is ticked in the list, and opens it', async () => {
    const ended = vscode.commands.executeCommand(commandIds.customizeTemplates);
    await until(
      async () => {
        // A question that is not open yet hears nothing; the first template is the plan.
        await vscode.commands.executeCommand('quickInput.first');
        await vscode.commands.executeCommand('workbench.action.quickPickManyToggle');
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return openFile();
      },
      (file) => file.endsWith('/.switchback/templates/plan.md.hbs'),
    );
    await ended;
    assert.equal(openFile(), own('plan.md.hbs').path);
    assert.equal(await textOf(own('plan.md.hbs')), await textOf(shipped('plan.md.hbs')));
    const copied = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(own('x'), '..'));
    assert.deepEqual(
      copied.map(([name]) => name),
      ['plan.md.hbs'],
    );
  });

  it('opens what is there already and overwrites nothing', async () => {
    await vscode.commands.executeCommand(commandIds.customizeTemplates, ['plan.md.hbs']);
    assert.equal(openFile(), own('plan.md.hbs').path);
  });

  it('makes documents with the edited template', async () => {
    const editor = await vscode.window.showTextDocument(own('plan.md.hbs'));
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'Kept by {{text "us | *all*"}}.\n\n'));
    await editor.document.save();
    const ended = vscode.commands.executeCommand(commandIds.newPlanDocument);
    await acceptQuestionsUntil(() => openFile().endsWith('.md'));
    await ended;
    made.push(vscode.Uri.joinPath(vscode.window.activeTextEditor!.document.uri, '..'));
    assert.match(
      vscode.window.activeTextEditor!.document.getText(),
      /^(?:---\n[^]*?\n---\n)?Kept by us \| \\\*all\\\*\./,
    );
  });

  it('marks a mistake at its line when the template is saved, and no longer when it is corrected', async () => {
    const file = own('plan.md.hbs');
    const editor = await vscode.window.showTextDocument(file);
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), '{{shout "now"}}\n'));
    await editor.document.save();
    const marked = await until(
      () => vscode.languages.getDiagnostics(file),
      (list) => list.length > 0,
    );
    assert.deepEqual(
      marked.map(({ range, message, source }) => [range.start.line, range.start.character, message, source]),
      [[1, 0, 'there is no helper "shout"', 'Switchback']],
    );
    await editor.edit((edit) => edit.delete(new vscode.Range(1, 0, 2, 0)));
    await editor.document.save();
    assert.deepEqual(
      await until(
        () => vscode.languages.getDiagnostics(file),
        (list) => list.length === 0,
      ),
      [],
    );
  });

  it('leads to file and line of what only the values showed', async () => {
    const file = own('plan.md.hbs');
    const editor = await vscode.window.showTextDocument(file);
    await editor.edit((edit) => edit.insert(new vscode.Position(2, 0), '\n  {{text plan.nothing}}\n'));
    await editor.document.save();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    // Those that other suites left would be accepted in its place.
    await vscode.commands.executeCommand('notifications.clearAll');
    void vscode.commands.executeCommand(commandIds.newPlanDocument);
    // The questions, then the notification whose first button opens the file.
    await until(
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        await vscode.commands.executeCommand('notification.acceptPrimaryAction');
        return openFile();
      },
      (open) => open === file.path,
    );
    assert.equal(openFile(), file.path);
    const { active } = vscode.window.activeTextEditor!.selection;
    assert.deepEqual([active.line, active.character], [3, 9]);
  });
});
