import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { noPlanAnswers } from '../../../src/assess/plan-answers';
import { scaffoldPlan } from '../../../src/implement/scaffold/scaffold-plan';
import { nodeFiles } from '../../../src/ports/node-files';
import { commandIds } from '../../../src/workbench/ids';
import { plainNames, sampleAssessment, samplePlan } from '../../implement/scaffold/sample-plan';
import { inWorkspace, until } from '../inside/in-editor';

const migrations = 'documented/migrations';
const plan = samplePlan(plainNames, { id: 'golang-migrate', folder: migrations });
const inPlan = (name: string): vscode.Uri => inWorkspace(`plans/${plan.id}/${name}`);
const node = (): object => ({
  plan: { ...plan, folder: inPlan('').fsPath.replace(/[\\/]$/, ''), problem: null },
});
const openFile = (): string => vscode.window.activeTextEditor?.document.uri.path ?? '';
const exists = async (name: string): Promise<boolean> => nodeFiles().exists(inPlan(name).fsPath);

describe('the documents of a plan in VS Code', () => {
  const made = ['plans', 'documented'];
  before(async () => {
    const extension = vscode.extensions.all.find(
      (item) => (item.packageJSON as { name: string }).name === 'switchback',
    )!;
    await vscode.workspace.fs.createDirectory(inWorkspace(migrations));
    await scaffoldPlan({
      plan,
      assessment: sampleAssessment(plainNames),
      notes: [],
      answers: noPlanAnswers,
      prerequisites: [],
      folder: path.dirname(inPlan('plan.md').fsPath),
      root: inWorkspace('').fsPath,
      files: nodeFiles(),
      templates: { shipped: path.join(extension.extensionPath, 'templates'), override: null },
      now: new Date('2026-03-04T05:06:07Z'),
      resolve: () => Promise.reject(new Error('nothing is there yet')),
    });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('notifications.clearAll');
  });
  after(async () => {
    // The other suites see the workspace as it was.
    for (const name of made)
      await vscode.workspace.fs.delete(inWorkspace(name), { recursive: true, useTrash: false });
  });

  it('writes the kinds it is given, and opens the first', async () => {
    await vscode.commands.executeCommand(commandIds.writePlanDocuments, node(), ['changelog', 'calendar']);
    assert.ok(openFile().endsWith('/calendar.ics'), openFile());
    assert.match(await readFile(inPlan('changelog.md').fsPath, 'utf8'), /### Changed/);
    assert.equal(await exists('tickets'), false);
  });

  it('asks which ones, with all of them ticked', async () => {
    const ended = vscode.commands.executeCommand(commandIds.writePlanDocuments, node());
    await until(
      async () => {
        // A question that is not open yet hears nothing.
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return openFile();
      },
      (file) => file.endsWith('/tickets/1-expand.md'),
    );
    await ended;
    assert.ok(openFile().endsWith('/tickets/1-expand.md'), openFile());
    for (const name of ['tickets/3-contract.md', 'announcements/2-migrate.md', 'pull-request.md'])
      assert.ok(await exists(name), name);
  });

  it('offers both commands on a plan', () => {
    const extension = vscode.extensions.all.find(
      (item) => (item.packageJSON as { name: string }).name === 'switchback',
    )!;
    const { contributes } = extension.packageJSON as {
      contributes: { menus: Record<string, { command: string; when: string }[]> };
    };
    for (const id of [commandIds.writePlanDocuments, commandIds.createIssues]) {
      const entry = contributes.menus['view/item/context']!.find(({ command }) => command === id);
      assert.match(entry!.when, /isWorkspaceTrusted && view == switchback\.plans/);
    }
  });
});
