import * as vscode from 'vscode';
import { rolloutKinds, type RolloutKind } from '../documents/rollout/document-names';
import type { IssuesOutcome } from '../journey/create-issues';
import type { PlanDocumentsOutcome } from '../journey/plan-documents';
import type { PlanSummary } from '../journey/plans';
import { t } from '../messages/translate';
import { commandIds } from './ids';
import { requireTrust } from './journey-context';
import { aboutFile } from './migration-commands';
import { registerCommand } from './register-command';
import type { Services } from './services';
import { pickPlan } from './targets';

/** Write Plan Documents… and Create Issues from Tickets…: what goes around a plan. */
export function registerDocumentCommands(services: Services): vscode.Disposable[] {
  const { log } = services;
  return [
    registerCommand(commandIds.writePlanDocuments, log, (argument, kinds) =>
      writeDocuments(services, argument, kinds),
    ),
    registerCommand(commandIds.createIssues, log, (argument) => createIssues(services, argument)),
  ];
}

/** Writes the chosen kinds and opens the first document. `kinds`, as a key binding may give them, asks nothing. */
async function writeDocuments(services: Services, argument: unknown, kinds: unknown): Promise<void> {
  requireTrust();
  const plan = await pickPlan(services, argument);
  if (!plan) return;
  const chosen = isKinds(kinds) ? kinds : await pickKinds(plan);
  if (chosen === null || chosen.length === 0) return;
  const { writePlanDocuments } = await import('../journey/plan-documents');
  const outcome = await aboutFile(services, t('Writing documents'), plan.folder, (context) =>
    writePlanDocuments(context, plan.folder, chosen),
  );
  const first = [...outcome.written, ...outcome.unchanged, ...outcome.kept][0];
  if (first !== undefined) await vscode.window.showTextDocument(vscode.Uri.file(first));
  const createNow = t('Create Issues from Tickets…');
  const buttons = chosen.includes('tickets') ? [createNow] : [];
  // Waiting for the answer would keep the command from ending.
  void vscode.window.showInformationMessage(writtenText(plan, outcome), ...buttons).then((answer) => {
    if (answer === createNow) void vscode.commands.executeCommand(commandIds.createIssues, { plan });
  });
}

/** Writes the tickets that are missing, then creates an issue for each that has none, after a yes. */
async function createIssues(services: Services, argument: unknown): Promise<void> {
  requireTrust();
  const plan = await pickPlan(services, argument);
  if (!plan) return;
  const documents = await import('../journey/plan-documents');
  const issues = await import('../journey/create-issues');
  const outcome = await aboutFile(services, t('Creating issues'), plan.folder, async (context) => {
    await documents.writePlanDocuments(context, plan.folder, ['tickets']);
    return issues.createIssues(context, plan.folder);
  });
  await showIssues(plan, outcome);
}

async function pickKinds(plan: PlanSummary): Promise<RolloutKind[] | null> {
  const items = rolloutKinds.map((kind) => ({ ...kindWords(kind), picked: true, document: kind }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDetail: true,
    title: t('Documents around "{0}"', plan.title),
    placeHolder: t('Which ones? They are written into the folder of the plan.'),
  });
  return picked?.map(({ document }) => document) ?? null;
}

function kindWords(kind: RolloutKind): { label: string; detail: string } {
  switch (kind) {
    case 'tickets':
      return { label: t('Tickets'), detail: t('One per phase: steps, proofs, the way back, its status') };
    case 'announcements':
      return {
        label: t('Announcements'),
        detail: t('Per phase: before the window, at its start, when it is done, if it was rolled back'),
      };
    case 'calendar':
      return {
        label: t('Calendar'),
        detail: t('The days of phases and of the deprecation, as calendar.ics'),
      };
    case 'pull-request':
      return {
        label: t('Pull Request'),
        detail: t('Its description: phases, locks, lint and rehearsal, how to go back'),
      };
    case 'changelog':
      return { label: t('Changelog'), detail: t('One entry for CHANGELOG.md') };
  }
}

function writtenText(plan: PlanSummary, { written, unchanged, kept }: PlanDocumentsOutcome): string {
  const counted = t(
    'Documents of "{0}": {1} written, {2} unchanged',
    plan.title,
    written.length,
    unchanged.length,
  );
  if (kept.length === 0) return t('{0}.', counted);
  return kept.length === 1
    ? t('{0}, 1 kept as it was edited.', counted)
    : t('{0}, {1} kept as they were edited.', counted, kept.length);
}

async function showIssues(plan: PlanSummary, { created, existing }: IssuesOutcome): Promise<void> {
  const first = created[0];
  if (!first) {
    const sentence = t('Every ticket of "{0}" has its issue: {1}.', plan.title, existing.length);
    return void vscode.window.showInformationMessage(sentence);
  }
  await vscode.window.showTextDocument(vscode.Uri.file(first.ticket));
  const open = t('Open in Browser');
  const sentence = t('Issues created for "{0}": {1}.', plan.title, created.length);
  void vscode.window.showInformationMessage(sentence, open).then((answer) => {
    if (answer === open) void vscode.env.openExternal(vscode.Uri.parse(first.issue));
  });
}

function isKinds(kinds: unknown): kinds is RolloutKind[] {
  return Array.isArray(kinds) && kinds.every((kind) => rolloutKinds.some((known) => known === kind));
}
