import * as vscode from 'vscode';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { fileRuleIds } from '../safety/file-rule-ids';
import { commandIds, ruleScheme } from './ids';
import type { Log } from './log';
import { registerCommand } from './register-command';

/** Findings that are no rule's. */
const withoutPage: ReadonlySet<string> = new Set(fileRuleIds);

/** The page of a rule; a link to it opens rendered, also from a hover, where commands cannot be linked to. */
export function rulePageUri(rule: string): vscode.Uri | null {
  return withoutPage.has(rule) ? null : vscode.Uri.from({ scheme: ruleScheme, path: `/${rule}.md` });
}

/** The pages of the safety rules as read-only Markdown, and the command that shows one. */
export function registerRulePages(log: Log): vscode.Disposable[] {
  return [
    vscode.workspace.registerTextDocumentContentProvider(ruleScheme, {
      provideTextDocumentContent: async (uri) => {
        const { pageOfRule } = await import('../journey/rules');
        const rule = /^\/([\w-]+)\.md$/.exec(uri.path)?.[1] ?? '';
        return pageOfRule(rule) ?? t('There is no rule {0}.', rule);
      },
    }),
    registerCommand(commandIds.explainRule, log, explainRule),
  ];
}

async function explainRule(argument: unknown): Promise<void> {
  const rule = typeof argument === 'string' ? argument : await pickRule();
  if (rule === null) return;
  const { findRule } = await import('../journey/rules');
  const page = findRule(rule) && rulePageUri(rule);
  if (!page) throw new SwitchbackError('not-found', t('There is no rule {0}. Choose another one.', rule));
  await vscode.commands.executeCommand('vscode.open', page, vscode.ViewColumn.Beside);
}

async function pickRule(): Promise<string | null> {
  const { allRules } = await import('../journey/rules');
  const items = allRules().map((rule) => ({ label: rule.id, description: rule.title }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: t('Which rule?'),
    matchOnDescription: true,
  });
  return picked?.label ?? null;
}
