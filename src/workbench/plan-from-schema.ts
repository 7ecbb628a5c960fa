import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Change } from '../assess/change';
import { together } from '../assess/several-changes';
import type { SchemaDiff } from '../journey/schema-diff';
import { t } from '../messages/translate';
import { diffTitle } from '../assess/diff/diff-title';
import { connect } from './connection-commands';
import { requireTrust } from './journey-context';
import { aboutFile } from './migration-commands';
import type { Services } from './services';
import type { WizardPanels } from './wizard/wizard-panels';

/** Lists what leads from the connected database to the schema a file makes, and opens the wizard for what is picked. */
export async function planFromSchema(
  services: Services,
  wizards: WizardPanels,
  argument: unknown,
): Promise<void> {
  requireTrust();
  const file = await schemaFile(argument);
  if (file === null) return;
  if (!services.database.current) await connect(services);
  if (!services.database.current) return;
  const diff = await diffWithRenames(services, file);
  if (diff === null) return;
  tell(diff);
  if (diff.changes.length === 0) return;
  const picked = await pickChanges(diff);
  if (picked === null) return;
  const { draftOf } = await import('./wizard/change-view');
  const session = await wizards.openDraft(draftOf(picked));
  await session.handle({ kind: 'refresh' });
}

/** What the list of changes has no place for: what differs without a recipe, and what was not looked at. */
function tell({ from, to, changes, differences, notes }: SchemaDiff): void {
  if (differences.length > 0) {
    void vscode.window.showWarningMessage([...differences, ...notes].join(' '));
    return;
  }
  const same = changes.length === 0 ? [t('{0} is as {1} wants it.', from, to)] : [];
  void vscode.window.showInformationMessage([...same, ...notes].join(' '));
}

async function schemaFile(argument: unknown): Promise<string | null> {
  if (argument instanceof vscode.Uri) return argument.fsPath;
  const [picked] =
    (await vscode.window.showOpenDialog({
      title: t('The schema to reach, as SQL'),
      openLabel: t('Compare'),
      filters: { SQL: ['sql'] },
    })) ?? [];
  return picked?.fsPath ?? null;
}

/** Asks what may be a rename, and compares again where something is; null when that was cancelled. */
async function diffWithRenames(services: Services, file: string): Promise<SchemaDiff | null> {
  const { diffSchemas } = await import('../journey/schema-diff');
  const diff = (renames: readonly string[]): Promise<SchemaDiff> =>
    aboutFile(services, t('Comparing'), file, (context) =>
      services.database.exclusive((database) =>
        diffSchemas(
          context,
          { kind: 'database', database },
          { kind: 'file', path: file, label: path.basename(file) },
          { renames },
        ),
      ),
    );
  const first = await diff([]);
  if (first.questions.length === 0) return first;
  const renames = await pickRenames(first.questions);
  if (renames === null) return null;
  return renames.length === 0 ? first : diff(renames);
}

async function pickRenames(questions: SchemaDiff['questions']): Promise<string[] | null> {
  const items = questions.map(({ id, kind, table, from, to }) => ({
    label: t('{0} becomes {1}', from, to),
    description: kind === 'column' ? table : t('table {0}', table),
    id,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    ignoreFocusOut: true,
    title: t('Which of these are renames?'),
    placeHolder: t('What is not chosen is dropped and added, and what is in it is lost.'),
  });
  return picked?.map(({ id }) => id) ?? null;
}

/** One, or several that one plan makes together; null where none was picked. */
async function pickChanges(diff: SchemaDiff): Promise<Change | null> {
  const { changeItem } = await import('./wizard/change-view');
  const described = diff.changes.map((change) => ({ change, ...changeItem(change.change) }));
  const items = described.map(({ change, label, description }, index) => ({
    label: `${index + 1}. ${label}`,
    description,
    detail: change.statements.join('; ').replace(/\s+/g, ' '),
    change,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    ignoreFocusOut: true,
    title: diffTitle(diff.from, diff.to, items.length),
    placeHolder: t('Which ones go into one plan?'),
  });
  return picked && picked.length > 0 ? together(picked.map(({ change }) => change.change)) : null;
}
