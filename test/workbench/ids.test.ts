import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  commandIds,
  containerId,
  contextKeys,
  matrixPanelType,
  settingIds,
  settingsSection,
  treeItemContexts,
  viewIds,
  previewPanelType,
  wizardPanelType,
} from '../../src/workbench/ids';

interface Manifest {
  main: string;
  icon: string;
  activationEvents: string[];
  extensionKind: string[];
  capabilities: {
    untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] };
    virtualWorkspaces: { supported: boolean };
  };
  contributes: {
    commands: { command: string; title: string; category: string; enablement?: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    views: Record<string, { id: string; icon: string }[]>;
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    viewsWelcome: { view: string; contents: string; when: string }[];
    configuration: {
      properties: Record<string, { markdownDescription: string; default: unknown; scope: string }>;
    };
    jsonValidation: { fileMatch: string; url: string }[];
  };
}

const root = path.resolve(__dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
const nls = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;
const { contributes } = manifest;
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

describe('ids and package.json', () => {
  it('have the same commands, all of the category Switchback', () => {
    assert.deepEqual(
      sorted(contributes.commands.map((item) => item.command)),
      sorted(Object.values(commandIds)),
    );
    assert.deepEqual(sorted(contributes.commands.map((item) => item.category)), ['Switchback']);
  });

  it('give the commands that stand alone, and those beside them, their exact titles', () => {
    const titles = new Map(
      contributes.commands.map(({ command, title }) => [command, nls[title.slice(1, -1)]]),
    );
    assert.deepEqual(
      {
        planChange: titles.get(commandIds.planChange),
        addRequiredColumn: titles.get(commandIds.addRequiredColumn),
        renameColumn: titles.get(commandIds.renameColumn),
        connect: titles.get(commandIds.connect),
        resumePlan: titles.get(commandIds.resumePlan),
        rollBack: titles.get(commandIds.rollBack),
        newPlanDocument: titles.get(commandIds.newPlanDocument),
        newRunbook: titles.get(commandIds.newRunbook),
        newMigration: titles.get(commandIds.newMigration),
        newScriptSet: titles.get(commandIds.newScriptSet),
        newChecklist: titles.get(commandIds.newChecklist),
        planThisSafely: titles.get(commandIds.planThisSafely),
      },
      {
        planChange: 'Plan a Change…',
        addRequiredColumn: 'Add a Required Column…',
        renameColumn: 'Rename a Column…',
        connect: 'Connect…',
        resumePlan: 'Resume a Plan…',
        rollBack: 'Roll Back…',
        newPlanDocument: 'New Plan Document…',
        newRunbook: 'New Rollback Runbook…',
        newMigration: 'New Migration (Up and Down)…',
        newScriptSet: 'New Script Set…',
        newChecklist: 'New Checklist…',
        planThisSafely: 'Plan This Safely…',
      },
    );
  });

  it('show what stands alone in the menu of the plans, trusted workspaces only', () => {
    const inMenu = contributes.menus['view/title']!.filter(({ when }) => when?.includes(viewIds.plans));
    for (const command of [
      commandIds.newPlanDocument,
      commandIds.newRunbook,
      commandIds.newMigration,
      commandIds.newScriptSet,
      commandIds.newChecklist,
    ]) {
      const item = inMenu.find((entry) => entry.command === command);
      assert.ok(item?.when?.includes('isWorkspaceTrusted'), command);
    }
  });

  it('name only own commands in menus', () => {
    const known = new Set<string>(Object.values(commandIds));
    const unknown = Object.values(contributes.menus)
      .flat()
      .filter((item) => !known.has(item.command));
    assert.deepEqual(unknown, []);
  });

  it('have the same views and container', () => {
    assert.deepEqual(Object.keys(contributes.views), [containerId]);
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map((item) => item.id),
      [containerId],
    );
    assert.deepEqual(
      sorted(contributes.views[containerId]!.map((item) => item.id)),
      sorted(Object.values(viewIds)),
    );
  });

  it('have the same settings', () => {
    assert.deepEqual(
      sorted(Object.keys(contributes.configuration.properties)),
      sorted(Object.values(settingIds).map((name) => `${settingsSection}.${name}`)),
    );
  });

  it('use the same context keys, each of them in some condition', () => {
    const conditions = [
      ...Object.values(contributes.menus).flatMap((items) => items.map((item) => item.when ?? '')),
      ...contributes.viewsWelcome.map((item) => item.when),
      ...contributes.commands.map((item) => item.enablement ?? ''),
    ].join(' ');
    const ownViews = new Set<string>(Object.values(viewIds));
    const used = [...conditions.matchAll(/\bswitchback\.\w+/g)]
      .map(([key]) => key)
      .filter((key) => !ownViews.has(key) && key !== matrixPanelType);
    assert.deepEqual(sorted(used), sorted(Object.values(contextKeys)));
  });

  it('use only known kinds of tree items', () => {
    const kinds = contributes.menus['view/item/context']!.map(
      (item) => /viewItem =~ \/\^(\w+)/.exec(item.when!)![1]!,
    );
    const known = new Set<string>(Object.values(treeItemContexts));
    assert.deepEqual(
      kinds.filter((kind) => !known.has(kind)),
      [],
    );
  });

  it('ask for a trusted workspace in every command that executes', () => {
    const free = contributes.commands.filter((item) => !item.enablement?.includes('isWorkspaceTrusted'));
    assert.deepEqual(
      sorted(free.map((item) => item.command)),
      sorted([
        commandIds.clearMigrationFilter,
        commandIds.explainRule,
        commandIds.filterMigrations,
        commandIds.forecast,
        commandIds.forgetConnection,
        commandIds.openPlanPreview,
        commandIds.refresh,
        commandIds.revealMigration,
        commandIds.showLog,
      ]),
    );
  });

  it('restrict every setting that names a path, a program or a command', () => {
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
    assert.deepEqual(
      sorted(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations),
      sorted(
        [settingIds.migrations, settingIds.plansFolder, settingIds.shadow, settingIds.diskFreeCommand].map(
          (name) => `${settingsSection}.${name}`,
        ),
      ),
    );
    assert.equal(manifest.capabilities.virtualWorkspaces.supported, false);
    assert.deepEqual(manifest.extensionKind, ['workspace']);
  });

  it('take the setting that is run as a program from the user or the machine, not from a workspace', () => {
    const { properties } = contributes.configuration;
    assert.equal(properties[`${settingsSection}.${settingIds.diskFreeCommand}`]!.scope, 'machine');
  });

  it('activate on SQL, on the wizard, and on the configuration file of Switchback or of a tool whose migrations are code', () => {
    assert.deepEqual(manifest.activationEvents, [
      'onLanguage:sql',
      `onWebviewPanel:${wizardPanelType}`,
      `onWebviewPanel:${previewPanelType}`,
      'workspaceContains:.switchback/config.json',
      'workspaceContains:knexfile.js',
      'workspaceContains:knexfile.ts',
      'workspaceContains:.sequelizerc',
      'workspaceContains:mikro-orm.config.ts',
      'workspaceContains:mikro-orm.config.js',
      'workspaceContains:kysely.config.ts',
      'workspaceContains:ormconfig.json',
      'workspaceContains:alembic.ini',
      'workspaceContains:manage.py',
      'workspaceContains:config/application.rb',
    ]);
    // A pattern would have every window search its whole workspace.
    assert.ok(manifest.activationEvents.every((event) => !event.includes('*')));
  });

  it('translate through package.nls.json, with nothing missing and nothing left over', () => {
    const used = [...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map((match) => match[1]!);
    assert.deepEqual(sorted(used), sorted(Object.keys(nls)));
    for (const view of contributes.viewsWelcome) assert.match(view.contents, /^%.+%$/);
  });

  it('link only to own commands and known built-in ones in welcome views', () => {
    const known = new Set<string>([
      ...Object.values(commandIds),
      'vscode.openFolder',
      'workbench.action.openSettings',
      'workbench.trust.manage',
    ]);
    const links = Object.values(nls).flatMap((text) =>
      [...text.matchAll(/\(command:([\w.]+)/g)].map((match) => match[1]!),
    );
    assert.ok(links.length > 4);
    assert.deepEqual(
      links.filter((link) => !known.has(link)),
      [],
    );
  });

  it('name files that exist', () => {
    const files = [
      manifest.icon,
      ...contributes.views[containerId]!.map((item) => item.icon),
      ...contributes.jsonValidation.map((item) => item.url),
    ];
    for (const file of files) assert.ok(readFileSync(path.join(root, file)).length > 0, file);
  });

  it('spell no id as text anywhere else in the workbench', () => {
    const folder = path.join(root, 'src/workbench');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && name !== 'ids.ts',
    );
    const ids = [
      ...Object.values(commandIds),
      ...Object.values(viewIds),
      ...Object.values(contextKeys),
      wizardPanelType,
    ];
    const offenders = files.filter((name) => {
      const text = readFileSync(path.join(folder, name), 'utf8');
      return ids.some((id) => text.includes(`'${id}'`) || text.includes(`"${id}"`));
    });
    assert.deepEqual(offenders, []);
  });
});
