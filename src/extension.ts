import type * as vscode from 'vscode';
import { registerAbandonCommand } from './workbench/abandon-command';
import { registerAdoptCommand } from './workbench/adopt-command';
import { ActiveDatabase } from './workbench/active-database';
import { CodeActions } from './workbench/code-actions';
import { CodeLenses } from './workbench/code-lenses';
import { registerConnectionCommands } from './workbench/connection-commands';
import { ConnectionStore } from './workbench/connection-store';
import { ContextKeys } from './workbench/context-keys';
import { Diagnostics } from './workbench/diagnostics';
import { registerDocumentCommands } from './workbench/document-commands';
import { registerDriftCommand } from './workbench/drift-command';
import { FileLint } from './workbench/file-lint';
import { Hovers } from './workbench/hovers';
import { InlayHints } from './workbench/inlay-hints';
import { extensionAssets } from './workbench/journey-context';
import { Log } from './workbench/log';
import { registerInspectMigrations } from './workbench/inspect-migrations';
import { registerMatrix } from './workbench/matrix/matrix-panel';
import { registerMeasureCommands } from './workbench/measure-commands';
import { registerNewCommands } from './workbench/new-document/register-new-commands';
import { registerPlanDocument } from './workbench/plan-document/register-plan-document';
import { registerPlanCommands } from './workbench/plan-commands';
import { RehearsalMemory } from './workbench/rehearsal-memory';
import { registerRehearsalTests } from './workbench/rehearsal-tests/register-rehearsal-tests';
import { registerReplanCommand } from './workbench/replan-command';
import { registerRenumberCommand } from './workbench/renumber-command';
import { registerGenerateRollback } from './workbench/generate-rollback-command';
import { registerSquashCommand } from './workbench/squash-command';
import { registerToolCommands } from './workbench/tool-commands';
import { registerSeveralMigrations } from './workbench/several-migrations';
import { registerRulePages } from './workbench/rule-pages';
import type { Services } from './workbench/services';
import { SqlDocuments } from './workbench/sql-documents';
import { StatusBar } from './workbench/status-bar';
import { registerTemplateCommands } from './workbench/template-commands';
import { loadTranslations } from './workbench/translations';
import { followState, registerViews } from './workbench/views';
import { Drafts } from './workbench/wizard/drafts';
import { WizardPanels } from './workbench/wizard/wizard-panels';
import { WorkspaceModel } from './workbench/workspace-model';

/** Puts the parts together. Reading files and connecting begin later, by themselves or on a command. */
export function activate(context: vscode.ExtensionContext): void {
  loadTranslations();
  const log = new Log();
  const keys = new ContextKeys();
  const assets = extensionAssets(context);
  const database = new ActiveDatabase(log);
  const model = new WorkspaceModel(assets, database, keys, log);
  const lint = new FileLint(model, database, assets, log);
  const services: Services = {
    extensionUri: context.extensionUri,
    assets,
    log,
    keys,
    connections: new ConnectionStore(context.globalState, context.secrets),
    database,
    model,
    lint,
    sqlDocuments: new SqlDocuments(),
    drafts: new Drafts(context.workspaceState),
    rehearsals: new RehearsalMemory(context.workspaceState),
  };
  const wizards = new WizardPanels(services);
  context.subscriptions.push(
    log,
    services.connections,
    database,
    model,
    services.sqlDocuments,
    services.rehearsals,
    lint,
    wizards,
    new Diagnostics(lint),
    new CodeLenses(model, lint, database, services.rehearsals),
    new Hovers(lint, model, database),
    new InlayHints(lint, database),
    new CodeActions(model, lint, database),
    new StatusBar(database),
    ...registerViews(services),
    ...followState(services),
    ...registerConnectionCommands(services),
    ...registerPlanCommands(services, wizards),
    ...registerDocumentCommands(services),
    ...registerPlanDocument(services),
    ...registerSeveralMigrations(services),
    ...registerToolCommands(services),
    ...registerInspectMigrations(services),
    ...registerMatrix(services),
    registerAdoptCommand(services, wizards),
    registerReplanCommand(services, wizards),
    registerAbandonCommand(services, wizards),
    registerDriftCommand(services),
    registerRenumberCommand(services),
    registerSquashCommand(services),
    registerGenerateRollback(services),
    ...registerNewCommands(services),
    ...registerTemplateCommands(services),
    ...registerRulePages(log),
    ...registerMeasureCommands(services),
    ...registerRehearsalTests(services),
  );
  model.start();
}
