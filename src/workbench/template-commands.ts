import path from 'node:path';
import * as vscode from 'vscode';
import type { CustomizableTemplate, TemplateState } from '../journey/customize-templates';
import type { JourneyContext } from '../journey/workspace';
import { t } from '../messages/translate';
import type { TemplateGroup } from '../templates/shipped-templates';
import { commandIds } from './ids';
import { journeyContext, requireTrust, workspaceFolder } from './journey-context';
import { registerCommand } from './register-command';
import type { Services } from './services';
import { TemplateDiagnostics } from './template-diagnostics';

/** Customize Templates…, and the marks on mistakes in the workspace's own templates. */
export function registerTemplateCommands(services: Services): vscode.Disposable[] {
  return [
    new TemplateDiagnostics(services),
    registerCommand(commandIds.customizeTemplates, services.log, (names) => customize(services, names)),
  ];
}

/** Copies the chosen templates and opens them. `names` (`plan.md.hbs`), as a key binding may give them, asks nothing. */
async function customize(services: Services, names: unknown): Promise<void> {
  requireTrust();
  const folder = await chosenFolder();
  if (!folder) return;
  const context = await journeyContext(folder, services.assets);
  const { customizableTemplates, customizeTemplates } = await import('../journey/customize-templates');
  const chosen = isNames(names) ? names : await pickTemplates(context, await customizableTemplates(context));
  if (chosen === null) return;
  const { copied, kept } = await customizeTemplates(context, chosen);
  for (const file of [...copied, ...kept]) {
    await vscode.window.showTextDocument(vscode.Uri.file(file), { preview: false });
  }
}

async function chosenFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const several = (vscode.workspace.workspaceFolders?.length ?? 0) > 1;
  return several
    ? vscode.window.showWorkspaceFolderPick({ placeHolder: t('Whose templates?') })
    : workspaceFolder();
}

interface TemplateItem extends vscode.QuickPickItem {
  template?: CustomizableTemplate;
}

const compareButton = (): vscode.QuickInputButton => ({
  iconPath: new vscode.ThemeIcon('diff'),
  tooltip: t('Compare with shipped'),
});
const backButton = (): vscode.QuickInputButton => ({
  iconPath: new vscode.ThemeIcon('discard'),
  tooltip: t('Back to shipped'),
});

/** The names the user ticked; null when the question was closed or ended by one of its buttons. */
function pickTemplates(
  context: JourneyContext,
  templates: readonly CustomizableTemplate[],
): Promise<string[] | null> {
  const compare = compareButton();
  const back = backButton();
  const picker = vscode.window.createQuickPick<TemplateItem>();
  picker.title = t('Customize Templates');
  picker.placeholder = t(
    'Which templates do you want as your own? They are copied to .switchback/templates.',
  );
  picker.canSelectMany = true;
  picker.matchOnDetail = true;
  picker.ignoreFocusOut = true;
  picker.items = itemsOf(templates, [compare, back]);
  return new Promise<string[] | null>((resolve, reject) => {
    picker.onDidAccept(() => {
      // Enter on a line without a tick anywhere means that line.
      const chosen = picker.selectedItems.length > 0 ? picker.selectedItems : picker.activeItems;
      if (chosen.length > 0) resolve(chosen.flatMap(({ template }) => template?.name ?? []));
    });
    picker.onDidTriggerItemButton(({ button, item }) => {
      if (!item.template) return;
      const act = button === compare ? compareWithShipped(item.template) : useShipped(context, item.template);
      act.then(() => resolve(null), reject);
    });
    picker.onDidHide(() => resolve(null));
    picker.show();
  }).finally(() => picker.dispose());
}

function itemsOf(
  templates: readonly CustomizableTemplate[],
  buttons: vscode.QuickInputButton[],
): TemplateItem[] {
  const itemOf = (template: CustomizableTemplate): TemplateItem => ({
    label: template.name,
    description: stateWord(template.state),
    detail: template.makes,
    buttons: template.state === 'shipped' ? [] : buttons,
    template,
  });
  return groups.flatMap((group) => {
    const members = templates.filter((template) => template.group === group);
    const separator = { label: groupTitle(group), kind: vscode.QuickPickItemKind.Separator };
    return members.length === 0 ? [] : [separator, ...members.map(itemOf)];
  });
}

const groups: readonly TemplateGroup[] = ['documents', 'migrations', 'scripts', 'partials'];

function groupTitle(group: TemplateGroup): string {
  switch (group) {
    case 'documents':
      return t('Documents');
    case 'migrations':
      return t('Migrations');
    case 'scripts':
      return t('Scripts');
    case 'partials':
      return t('Partials');
  }
}

function stateWord(state: TemplateState): string {
  switch (state) {
    case 'shipped':
      return '';
    case 'same':
      return t('copied, still as shipped');
    case 'own':
      return t('customized');
  }
}

async function compareWithShipped({ name, shippedFile, ownFile }: CustomizableTemplate): Promise<void> {
  const title = t('{0}: shipped ↔ yours', name);
  await vscode.commands.executeCommand(
    'vscode.diff',
    vscode.Uri.file(shippedFile),
    vscode.Uri.file(ownFile),
    title,
  );
}

async function useShipped(context: JourneyContext, { name }: CustomizableTemplate): Promise<void> {
  const { backToShipped } = await import('../journey/customize-templates');
  if (!(await backToShipped(context, name))) return;
  void vscode.window.showInformationMessage(t('{0} is the shipped one again.', path.posix.basename(name)));
}

function isNames(names: unknown): names is string[] {
  return Array.isArray(names) && names.every((name) => typeof name === 'string');
}
