import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import {
  commandIds,
  ruleScheme,
  settingIds,
  settingsSection,
  wizardPanelType,
} from '../../../src/workbench/ids';
import { inWorkspace, marksIn, ruleOf, until } from '../inside/in-editor';

const migration = inWorkspace('migrations/013_look_here.up.sql');
const wayBack = inWorkspace('migrations/013_look_here.down.sql');

const sql = `SET lock_timeout = '1s';
ALTER TABLE orders ADD COLUMN note text;
ALTER TABLE orders ADD COLUMN remark text;

COMMENT ON TABLE orders IS 'What was bought';
  ALTER TABLE customers
    RENAME COLUMN name TO full_name;
CREATE INDEX customers_email_again ON customers (email);
`;

function marks(): vscode.Diagnostic[] {
  return marksIn(migration);
}

async function markOf(rule: string): Promise<vscode.Diagnostic> {
  const found = await until(marks, (list) => list.some((item) => ruleOf(item) === rule));
  const mark = found.find((item) => ruleOf(item) === rule);
  assert.ok(mark, `${rule} is not among ${found.map(ruleOf).join(', ')}`);
  return mark;
}

async function lensTitles(): Promise<string[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    'vscode.executeCodeLensProvider',
    migration,
    50,
  );
  return lenses.map((lens) => `${lens.range.start.line}: ${lens.command?.title ?? ''}`);
}

function actionsAt(range: vscode.Range): Thenable<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    migration,
    range,
  );
}

async function withSetting(name: string, value: unknown, work: () => Promise<void>): Promise<void> {
  const settings = vscode.workspace.getConfiguration(settingsSection);
  await settings.update(name, value, vscode.ConfigurationTarget.Global);
  try {
    await work();
  } finally {
    await settings.update(name, undefined, vscode.ConfigurationTarget.Global);
  }
}

describe('forecasts in the editor', () => {
  before(async () => {
    await writeFile(migration.fsPath, sql);
    await writeFile(
      wayBack.fsPath,
      'DROP INDEX customers_email_again;\nALTER TABLE customers RENAME COLUMN full_name TO name;\nALTER TABLE orders DROP COLUMN remark, DROP COLUMN note;\n',
    );
  });

  beforeEach(async () => {
    await vscode.window.showTextDocument(migration);
    await markOf('rename-column');
  });

  afterEach(async () => {
    await vscode.window.showTextDocument(migration);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  after(async () => {
    await rm(migration.fsPath);
    await rm(wayBack.fsPath);
  });

  it('links each finding to the page of its rule, which opens rendered', async () => {
    const { code, range } = await markOf('rename-column');
    assert.ok(typeof code === 'object');
    assert.equal(code.target.scheme, ruleScheme);
    assert.deepEqual([range.start.line, range.start.character, range.end.line], [5, 2, 5]);
    const page = await vscode.workspace.openTextDocument(code.target);
    assert.match(page.getText(), /^# Renaming a column in place\n/);
    await vscode.commands.executeCommand('vscode.open', code.target);
    const tab = await until(
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.input,
      (input) => input instanceof vscode.TabInputCustom,
    );
    assert.ok(tab instanceof vscode.TabInputCustom, 'the page is not shown rendered');
    assert.equal(tab.uri.toString(), code.target.toString());
  });

  it('puts one line above each group of statements that others notice', async () => {
    const titles = (await lensTitles()).filter((title) => !title.startsWith('0: '));
    assert.deepEqual(titles, [
      '1: ACCESS EXCLUSIVE on orders · 2 statements',
      '5: ACCESS EXCLUSIVE on customers',
      '7: SHARE on customers · index build',
    ]);
    await withSetting(settingIds.codeLensStatements, 'all', async () => {
      const all = await until(lensTitles, (list) => list.some((title) => title.startsWith('4: ')));
      assert.ok(all.includes('4: SHARE UPDATE EXCLUSIVE on orders'), all.join(' | '));
    });
    await withSetting(settingIds.codeLensStatements, 'off', async () => {
      const off = await until(lensTitles, (list) => list.every((title) => title.startsWith('0: ')));
      assert.ok(
        off.every((title) => title.startsWith('0: ')),
        off.join(' | '),
      );
      assert.ok(off.length > 1);
    });
  });

  it('explains the statement under the pointer, and stays silent where the setting says so', async () => {
    const hovers = async (): Promise<string> => {
      const found = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        migration,
        new vscode.Position(7, 3),
      );
      return found
        .flatMap((hover) => hover.contents)
        .map((content) => (typeof content === 'string' ? content : content.value))
        .join('\n');
    };
    const text = await hovers();
    assert.match(text, /\*\*SHARE on customers\*\* · index build of customers/);
    assert.match(text, /Waits for SHARE: INSERT, UPDATE, DELETE/);
    assert.match(text, /```sql\nCREATE INDEX CONCURRENTLY customers_email_again ON customers/);
    assert.match(text, /Forecast: static/);
    await withSetting(settingIds.hoverEnabled, false, async () => {
      assert.doesNotMatch(await hovers(), /Waits for SHARE/);
    });
  });

  it('shows locks beside statements only where the setting says so', async () => {
    const hints = async (): Promise<string[]> => {
      const found = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        migration,
        new vscode.Range(0, 0, 9, 0),
      );
      return found.map((hint) => `${hint.position.line}: ${JSON.stringify(hint.label)}`);
    };
    assert.deepEqual(await hints(), []);
    await withSetting(settingIds.inlayHintsEnabled, true, async () => {
      assert.deepEqual(await hints(), [
        '1: "ACCESS EXCLUSIVE"',
        '2: "ACCESS EXCLUSIVE"',
        '4: "SHARE UPDATE EXCLUSIVE"',
        '5: "ACCESS EXCLUSIVE"',
        '7: "SHARE"',
      ]);
    });
  });

  it('ignores a finding with the reason that is typed, and says when there is none', async () => {
    const mark = await markOf('rename-column');
    const actions = await actionsAt(mark.range);
    const ignore = actions.find((action) => action.title === 'Ignore Here with a Reason… (rename-column)');
    assert.ok(ignore?.edit, actions.map((action) => action.title).join(' | '));
    const editor = await vscode.window.showTextDocument(migration);
    assert.ok(await vscode.workspace.applyEdit(ignore.edit));
    assert.equal(editor.document.lineAt(5).text, '  -- switchback:ignore rename-column ');
    assert.equal(editor.document.lineAt(6).text, '  ALTER TABLE customers');
    const unused = await markOf('unused-suppression');
    assert.match(unused.message, /has no reason/);
    assert.deepEqual(unused.tags, [vscode.DiagnosticTag.Unnecessary]);
    await editor.edit((edit) => edit.insert(editor.document.lineAt(5).range.end, 'nobody reads it yet'));
    const left = await until(
      () => marks().map(ruleOf),
      (rules) => !rules.includes('rename-column') && !rules.includes('unused-suppression'),
    );
    assert.ok(!left.includes('rename-column') && !left.includes('unused-suppression'), left.join(', '));
  });

  it('fixes in one step what lies in this file, and the finding is gone', async () => {
    const editor = await vscode.window.showTextDocument(migration);
    const whole = new vscode.Range(0, 0, editor.document.lineCount, 0);
    await editor.edit((edit) =>
      edit.replace(whole, 'CREATE INDEX customers_email_again ON customers (email);\n'),
    );
    await until(
      () => marks().map(ruleOf),
      (rules) => rules.includes('index-not-concurrent') && !rules.includes('rename-column'),
    );
    const mark = await markOf('index-not-concurrent');
    const actions = await actionsAt(mark.range);
    const fix = actions.find((action) => action.title === 'Build customers_email_again CONCURRENTLY');
    assert.ok(fix?.edit, actions.map((action) => action.title).join(' | '));
    assert.equal(fix.kind?.value, vscode.CodeActionKind.QuickFix.value);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.match(editor.document.getText(), /CREATE INDEX CONCURRENTLY customers_email_again/);
    const left = await until(
      () => marks().map(ruleOf),
      (rules) => !rules.includes('index-not-concurrent'),
    );
    assert.ok(!left.includes('index-not-concurrent'), left.join(', '));
  });

  it('offers the page of the rule, and a plan where a recipe covers the statement', async () => {
    const titles = (await actionsAt((await markOf('rename-column')).range)).map((action) => action.title);
    assert.ok(titles.includes('Plan This Safely…'), titles.join(' | '));
    assert.ok(titles.includes('Explain rename-column'), titles.join(' | '));
    const index = (await actionsAt((await markOf('index-not-concurrent')).range)).map(
      (action) => action.title,
    );
    assert.ok(index.includes('Plan This Safely…'), index.join(' | '));
  });

  it('opens the wizard with the change of the statement', async () => {
    const plan = (await actionsAt((await markOf('rename-column')).range)).find(
      (action) => action.title === 'Plan This Safely…',
    );
    assert.equal(plan?.command?.command, commandIds.planThisSafely);
    await vscode.commands.executeCommand(plan.command.command, ...(plan.command.arguments as unknown[]));
    const labels = await until(
      () =>
        vscode.window.tabGroups.all
          .flatMap((group) => group.tabs)
          .filter(
            (tab) =>
              tab.input instanceof vscode.TabInputWebview && tab.input.viewType.includes(wizardPanelType),
          )
          .map((tab) => tab.label),
      (list) => list.some((label) => label.includes('full_name')),
    );
    assert.ok(
      labels.some((label) => label.includes('full_name')),
      labels.join(' | '),
    );
  });

  it('shows the forecast of the statement whose line was clicked', async () => {
    await vscode.commands.executeCommand(commandIds.forecast, { file: migration.fsPath, statement: 4 });
    const shown = await until(
      () => vscode.window.activeTextEditor,
      (editor) => editor?.document.getText().startsWith('-- Forecast of') ?? false,
    );
    const text = shown!.document.getText();
    assert.match(text, /^-- Forecast of .*013_look_here\.up\.sql\n-- Depth: static/);
    assert.match(
      shown!.document.lineAt(shown!.selection.active.line).text,
      /^-- Lock: ACCESS EXCLUSIVE on customers/,
    );
  });
});
