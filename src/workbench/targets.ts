import * as vscode from 'vscode';
import type { PlanSummary } from '../journey/plans';
import { migrationAddress } from '../layouts/migration-address';
import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { stateWord } from './migration-words';
import { migrationLabel, type MigrationNode } from './migrations-tree';
import type { PlanNode } from './plans-tree';
import type { Services } from './services';
import { planStateWord } from '../documents/plan-state-word';

/** What a command is about: a migration file, or one of several in it by its address, or a plan. */
export type Target = { kind: 'migration'; file: string } | { kind: 'plan'; plan: PlanSummary };

/** From a tree node, a lens's file, or the active editor; null when none of them says. */
export function targetOf(services: Services, argument: unknown): Target | null {
  if (argument instanceof vscode.Uri) return { kind: 'migration', file: argument.fsPath };
  if (isPlanNode(argument)) return { kind: 'plan', plan: argument.plan };
  if (isMigrationNode(argument)) {
    if (!argument.status.migration) {
      throw new SwitchbackError(
        'not-found',
        t(
          'Migration {0} is in the database only; its file is missing. Bring the file back first.',
          argument.status.version,
        ),
      );
    }
    return { kind: 'migration', file: migrationAddress(argument.status.migration) };
  }
  const active = vscode.window.activeTextEditor?.document.uri;
  return active && services.model.migrationOf(active.fsPath)
    ? { kind: 'migration', file: active.fsPath }
    : null;
}

function isPlanNode(argument: unknown): argument is PlanNode {
  return typeof argument === 'object' && argument !== null && 'plan' in argument;
}

function isMigrationNode(argument: unknown): argument is Extract<MigrationNode, { kind: 'migration' }> {
  return typeof argument === 'object' && argument !== null && 'status' in argument;
}

/** The plan a command is about: the node's, else the only one, else the one the user picks. Null when nothing was picked. */
export async function pickPlan(services: Services, argument?: unknown): Promise<PlanSummary | null> {
  if (isPlanNode(argument)) return argument.plan;
  await services.model.refresh();
  const plans = services.model.plans().filter((plan) => plan.problem === null);
  if (plans.length === 0) {
    throw new SwitchbackError(
      'not-found',
      t('This workspace has no plan. Run "Switchback: Plan a Change…" to make one.'),
    );
  }
  if (plans.length === 1) return plans[0]!;
  const items = plans.map((plan) => ({
    label: plan.title,
    description: planStateWord(plan.state),
    detail: plan.id,
    plan,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: t('Which plan?'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.plan ?? null;
}

/** The migration a command is about, else the one the user picks. Null when nothing was picked. */
export async function pickMigration(services: Services, argument?: unknown): Promise<string | null> {
  const target = targetOf(services, argument);
  if (target?.kind === 'migration') return target.file;
  const items = services.model.folders
    .flatMap((item) => item.folders)
    .flatMap((folder) => folder.statuses)
    .flatMap((status) =>
      status.migration
        ? [
            {
              label: migrationLabel(status),
              description: stateWord(status.state),
              file: migrationAddress(status.migration),
            },
          ]
        : [],
    );
  const picked = await vscode.window.showQuickPick(items, { placeHolder: t('Which migration?') });
  return picked?.file ?? null;
}
