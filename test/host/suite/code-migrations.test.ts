import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { inWorkspace, marksIn, ruleOf, rulesIn } from '../inside/in-editor';

/** Migrations that are programs: findings and lenses stand in the strings of the program. */
describe('migrations in code in the editor', () => {
  const project = inWorkspace('service');
  const configuration = inWorkspace('.switchback/config.json').fsPath;
  let configured: string;
  const file = inWorkspace('service/migrations/20240101120000_rename.ts');
  const line = '  await knex.raw(`alter table customers rename column name to full_name`);';
  const text = `import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
${line}
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('alter table customers rename column full_name to name');
}
`;

  before(async () => {
    await mkdir(inWorkspace('service/migrations').fsPath, { recursive: true });
    await writeFile(inWorkspace('service/package.json').fsPath, '{ "dependencies": { "knex": "^3.0.0" } }\n');
    await writeFile(file.fsPath, text);
    configured = await readFile(configuration, 'utf8');
    const both = { migrations: ['migrations', 'service/migrations'], plansFolder: 'plans' };
    await writeFile(configuration, JSON.stringify(both));
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await writeFile(configuration, configured);
    await rm(project.fsPath, { recursive: true, force: true });
    await rulesIn(file, (rules) => rules.length === 0);
  });

  it('are marked where the SQL is, with a lens above and no edit of a string', async () => {
    await vscode.window.showTextDocument(file);
    const rules = await rulesIn(file, (found) => found.includes('rename-column'));
    assert.ok(rules.includes('rename-column'), rules.join(', '));
    const mark = marksIn(file).find((each) => ruleOf(each) === 'rename-column')!;
    assert.deepEqual([mark.range.start.line, mark.range.start.character], [3, line.indexOf('alter')]);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      file,
      500,
    );
    const titles = lenses.map((lens) => lens.command?.title);
    assert.ok(titles.includes('ACCESS EXCLUSIVE on customers'), titles.join(' | '));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      file,
      mark.range,
    );
    const edits = actions.filter((action) => action.edit && /Switchback|Ignore Here/.test(action.title));
    assert.deepEqual(
      edits.map((action) => action.title),
      [],
    );
  });

  it('are judged again as they are typed', async () => {
    const editor = await vscode.window.showTextDocument(file);
    await editor.edit((edit) =>
      edit.replace(editor.document.lineAt(3).range, '  await knex.raw("drop table customers");'),
    );
    const rules = await rulesIn(file, (found) => found.includes('drop-table'));
    assert.ok(rules.includes('drop-table'), rules.join(', '));
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
