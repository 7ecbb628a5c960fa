import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { settingIds, settingsSection } from '../../../src/workbench/ids';
import { inWorkspace, marksIn, ruleOf, rulesIn, until } from '../inside/in-editor';

/** Texts and moments that are not the usual ones. */
describe('forecasts in the editor, at the edges', () => {
  const file = inWorkspace('migrations/013_edges.up.sql');
  const back = inWorkspace('migrations/013_edges.down.sql');
  const moved = inWorkspace('migrations/014_moved.up.sql');

  /** Shows a new migration with this text, and waits until a rule has marked it. */
  async function open(sql: string, rule = 'rename-column'): Promise<vscode.TextEditor> {
    await writeFile(file.fsPath, sql);
    await writeFile(back.fsPath, 'SELECT 1;\n');
    const editor = await vscode.window.showTextDocument(file);
    const rules = await rulesIn(file, (found) => found.includes(rule));
    assert.ok(rules.includes(rule), rules.join(', '));
    return editor;
  }

  function markOf(rule: string): vscode.Diagnostic {
    return marksIn(file).find((mark) => ruleOf(mark) === rule)!;
  }

  async function actionOf(rule: string, title: string): Promise<vscode.CodeAction> {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      file,
      markOf(rule).range,
    );
    const found = actions.find((action) => action.title === title);
    assert.ok(found?.edit, actions.map((action) => action.title).join(' | '));
    return found;
  }

  async function hoverAt(position: vscode.Position): Promise<string> {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      file,
      position,
    );
    return hovers
      .flatMap((hover) => hover.contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n');
  }

  async function lenses(): Promise<vscode.CodeLens[]> {
    return vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file, 500);
  }

  afterEach(async () => {
    const shown = vscode.window.activeTextEditor?.document;
    if (shown?.isDirty) await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const uri of [file, back, moved]) await rm(uri.fsPath, { force: true });
    await rulesIn(file, (rules) => rules.length === 0);
  });

  it('finds the places of a file with Windows line ends, and keeps them', async () => {
    const editor = await open(
      "SET lock_timeout = '1s';\r\n\r\n-- why\r\nALTER TABLE customers\r\n  RENAME COLUMN name TO full_name;\r\n",
    );
    const { start, end } = markOf('rename-column').range;
    assert.deepEqual([start.line, start.character, end.line], [3, 0, 3]);
    const ignore = await actionOf('rename-column', 'Ignore Here with a Reason… (rename-column)');
    assert.ok(await vscode.workspace.applyEdit(ignore.edit!));
    assert.equal(editor.document.lineAt(3).text, '-- switchback:ignore rename-column ');
    assert.equal(editor.document.lineAt(4).text, 'ALTER TABLE customers');
    assert.doesNotMatch(editor.document.getText(), /[^\r]\n/);
  });

  it('finds the place of a statement behind tabs and emoji', async () => {
    const line = '\t/* 🚀🚀 é 漢 */ ALTER TABLE customers RENAME COLUMN name TO full_name; -- 🙂';
    await open(`-- 🙃\n${line}\n`);
    const { range } = markOf('rename-column');
    assert.deepEqual(
      [range.start.line, range.start.character, range.end.character],
      [1, line.indexOf('ALTER'), line.indexOf(';')],
    );
    assert.match(await hoverAt(range.start.translate(0, 2)), /\*\*ACCESS EXCLUSIVE on customers\*\*/);
    assert.doesNotMatch(await hoverAt(new vscode.Position(1, 1)), /ACCESS EXCLUSIVE/);
    const titles = (await lenses()).map((lens) => [lens.range.start.character, lens.command?.title]);
    assert.deepEqual(titles.at(-1), [line.indexOf('ALTER'), 'ACCESS EXCLUSIVE on customers']);
    const editor = vscode.window.activeTextEditor!;
    const ignore = await actionOf('rename-column', 'Ignore Here with a Reason… (rename-column)');
    assert.ok(await vscode.workspace.applyEdit(ignore.edit!));
    const text = editor.document.getText();
    assert.match(text, /\*\/ \n\s*-- switchback:ignore rename-column \n\s*ALTER TABLE/);
  });

  it('keeps up with 200 statements', async () => {
    const statements = Array.from({ length: 200 }, (_, n) =>
      n % 2 === 0
        ? `ALTER TABLE orders ADD COLUMN extra_${n} text;`
        : `CREATE INDEX extra_${n}_index ON customers (email);`,
    );
    const editor = await open(`${statements.join('\n')}\n`, 'index-not-concurrent');
    const last = new vscode.Position(editor.document.lineCount - 1, 0);
    for (const text of ['ALTER TABLE customers RENAME', ' COLUMN name', ' TO full_name;'])
      await editor.edit((edit) => edit.insert(editor.document.lineAt(last.line).range.end, text));
    await rulesIn(file, (rules) => rules.includes('rename-column'));
    assert.equal(markOf('rename-column').range.start.line, 200);
    assert.equal(marksIn(file).filter((mark) => ruleOf(mark) === 'index-not-concurrent').length, 100);
    const shown = await lenses();
    assert.equal(shown.at(-1)?.range.start.line, 200);
  });

  it('says nothing any more of what was taken back', async () => {
    const editor = await open('ALTER TABLE customers RENAME COLUMN name TO full_name;\n');
    await editor.edit((edit) =>
      edit.insert(new vscode.Position(1, 0), 'CREATE INDEX customers_again ON customers (email);\n'),
    );
    await rulesIn(file, (rules) => rules.includes('index-not-concurrent'));
    await vscode.commands.executeCommand('workbench.action.files.revert');
    const rules = await rulesIn(file, (found) => !found.includes('index-not-concurrent'));
    assert.ok(!rules.includes('index-not-concurrent') && rules.includes('rename-column'), rules.join(', '));
    const stale = await lenses();
    assert.ok(stale.every((lens) => lens.range.start.line === 0));
  });

  it('follows a file to its new name while it is looked at', async () => {
    const editor = await open('ALTER TABLE customers RENAME COLUMN name TO full_name;\n');
    const text = 'CREATE INDEX customers_again ON customers (email);\n';
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), text));
    await editor.document.save();
    const rename = new vscode.WorkspaceEdit();
    rename.renameFile(file, moved);
    assert.ok(await vscode.workspace.applyEdit(rename));
    await vscode.window.showTextDocument(moved);
    const rules = await rulesIn(moved, (found) => found.includes('index-not-concurrent'));
    assert.ok(rules.includes('index-not-concurrent'), rules.join(', '));
    assert.deepEqual(await rulesIn(file, (found) => found.length === 0), []);
  });

  it('forgets a file that was deleted while it is looked at', async () => {
    const editor = await open('ALTER TABLE customers RENAME COLUMN name TO full_name;\n');
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), 'SELECT 1;\n'));
    const remove = new vscode.WorkspaceEdit();
    remove.deleteFile(file);
    remove.deleteFile(back);
    assert.ok(await vscode.workspace.applyEdit(remove));
    assert.deepEqual(await rulesIn(file, (found) => found.length === 0), []);
  });

  it('forgets an open file that is no migration any more, and knows it again', async () => {
    await open('ALTER TABLE customers RENAME COLUMN name TO full_name;\n');
    const settings = vscode.workspace.getConfiguration(settingsSection);
    await settings.update(settingIds.migrations, ['queries'], vscode.ConfigurationTarget.Global);
    try {
      assert.deepEqual(await rulesIn(file, (found) => found.length === 0), []);
      assert.deepEqual(await until(lenses, (list) => list.length === 0), []);
    } finally {
      await settings.update(settingIds.migrations, undefined, vscode.ConfigurationTarget.Global);
    }
    const rules = await rulesIn(file, (found) => found.includes('rename-column'));
    assert.ok(rules.includes('rename-column'), rules.join(', '));
  });

  it('shows names as they are, whatever they hold', async () => {
    const name = '](command:workbench.action.quit) `$(zap)` <b>x</b>';
    await open(`ALTER TABLE "${name}" RENAME COLUMN a TO b;\nCREATE INDEX i ON "${name}" (b);\n`);
    const text = await hoverAt(new vscode.Position(1, 3));
    assert.match(text, /SHARE on/);
    const outsideCode = text.replace(/^(`{3,})[\s\S]*?^\1$/gm, '');
    const links = [...outsideCode.matchAll(/\]\(command:([\w.]+)/g)].map(([, command]) => command);
    assert.deepEqual(
      links.filter((command) => !command!.startsWith('switchback.')),
      [],
    );
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      file,
      new vscode.Position(1, 3),
    );
    const trusted = hover?.contents.map((content) => (content as vscode.MarkdownString).supportHtml);
    assert.ok(trusted?.every((html) => html !== true));
    const titles = (await lenses()).map((lens) => lens.command?.title ?? '');
    assert.ok(
      titles.some((title) => title.includes('\\$(zap)')),
      titles.join(' | '),
    );
    assert.ok(titles.every((title) => !/(^|[^\\])\$\(/.test(title)));
  });
});
