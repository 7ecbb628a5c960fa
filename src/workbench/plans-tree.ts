import * as vscode from 'vscode';
import type { PlanSummary } from '../journey/plans';
import { t } from '../messages/translate';
import type { PlanState } from '../plan/plan';
import { commandIds, treeItemContexts } from './ids';
import { planStateWord } from '../documents/plan-state-word';
import type { WorkspaceModel } from './workspace-model';

export interface PlanNode {
  plan: PlanSummary;
}

/** The Plans view: each plan with its phase, newest first. */
export class PlansTree implements vscode.TreeDataProvider<PlanNode> {
  readonly onDidChangeTreeData: vscode.Event<void>;

  constructor(private readonly model: WorkspaceModel) {
    this.onDidChangeTreeData = model.onDidChange;
  }

  getChildren(node?: PlanNode): PlanNode[] {
    return node ? [] : this.model.plans().map((plan) => ({ plan }));
  }

  getTreeItem({ plan }: PlanNode): vscode.TreeItem {
    const item = new vscode.TreeItem(plan.title);
    const word = plan.problem ? t('unreadable') : planStateWord(plan.state);
    item.id = `plan:${plan.folder}`;
    item.description = word;
    item.iconPath = plan.problem
      ? new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'))
      : planIcon(plan.state);
    item.tooltip = plan.problem ?? `${plan.title}\n${plan.id}: ${word}`;
    item.contextValue = `${treeItemContexts.plan}.${plan.state}`;
    item.accessibilityInformation = { label: t('Plan {0}, {1}', plan.title, word) };
    item.command = { command: commandIds.openPlan, title: t('Open Plan'), arguments: [{ plan }] };
    return item;
  }
}

function planIcon(state: PlanState): vscode.ThemeIcon {
  switch (state) {
    case 'draft':
    case 'ready':
      return new vscode.ThemeIcon('circle-large-outline');
    case 'expanding':
    case 'migrating':
    case 'contracting':
      return new vscode.ThemeIcon('play-circle');
    case 'waiting':
      return new vscode.ThemeIcon('watch');
    case 'done':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
    case 'rolled-back':
    case 'abandoned':
      return new vscode.ThemeIcon('discard');
  }
}
