/** Every id that package.json and the code share. test/workbench/ids.test.ts compares them both ways. */

export const commandIds = {
  planChange: 'switchback.planChange',
  addRequiredColumn: 'switchback.addRequiredColumn',
  renameColumn: 'switchback.renameColumn',
  newPlanDocument: 'switchback.newPlanDocument',
  newRunbook: 'switchback.newRunbook',
  newMigration: 'switchback.newMigration',
  generateMigration: 'switchback.generateMigration',
  showEmittedSql: 'switchback.showEmittedSql',
  newScriptSet: 'switchback.newScriptSet',
  newChecklist: 'switchback.newChecklist',
  connect: 'switchback.connect',
  connectSaved: 'switchback.connectSaved',
  useEmbedded: 'switchback.useEmbeddedDatabase',
  disconnect: 'switchback.disconnect',
  forgetConnection: 'switchback.forgetConnection',
  resumePlan: 'switchback.resumePlan',
  openPlan: 'switchback.openPlan',
  scaffold: 'switchback.scaffold',
  writePlanDocuments: 'switchback.writePlanDocuments',
  createIssues: 'switchback.createIssues',
  openPlanPreview: 'switchback.openPlanPreview',
  exportPlan: 'switchback.exportPlan',
  dryRun: 'switchback.dryRun',
  apply: 'switchback.apply',
  applyNextStep: 'switchback.applyNextStep',
  rollBack: 'switchback.rollBack',
  abandonPlan: 'switchback.abandonPlan',
  adoptPlan: 'switchback.adoptPlan',
  replanRest: 'switchback.replanRest',
  applyToHere: 'switchback.applyToHere',
  rollBackToHere: 'switchback.rollBackToHere',
  markApplied: 'switchback.markApplied',
  markNotApplied: 'switchback.markNotApplied',
  revealMigration: 'switchback.revealMigration',
  renumberMigration: 'switchback.renumberMigration',
  filterMigrations: 'switchback.filterMigrations',
  clearMigrationFilter: 'switchback.clearMigrationFilter',
  compareMigration: 'switchback.compareMigration',
  showDrift: 'switchback.showDrift',
  squashMigrations: 'switchback.squashMigrations',
  generateRollback: 'switchback.generateRollback',
  applyRollback: 'switchback.applyRollback',
  discardRollback: 'switchback.discardRollback',
  repairMigration: 'switchback.repairMigration',
  showMigrationMatrix: 'switchback.showMigrationMatrix',
  refreshMigrationMatrix: 'switchback.refreshMigrationMatrix',
  runBackfill: 'switchback.runBackfill',
  pauseBackfill: 'switchback.pauseBackfill',
  resumeBackfill: 'switchback.resumeBackfill',
  cancelBackfill: 'switchback.cancelBackfill',
  rehearse: 'switchback.rehearseRollback',
  verify: 'switchback.verify',
  releasePhase: 'switchback.releasePhase',
  forecast: 'switchback.forecast',
  measureInShadow: 'switchback.measureInShadow',
  measureServer: 'switchback.measureServer',
  planThisSafely: 'switchback.planThisSafely',
  planFromSchema: 'switchback.planFromSchema',
  explainRule: 'switchback.explainRule',
  refresh: 'switchback.refresh',
  customizeTemplates: 'switchback.customizeTemplates',
  showLog: 'switchback.showLog',
} as const;
export type CommandId = (typeof commandIds)[keyof typeof commandIds];

export const containerId = 'switchback';

export const viewIds = {
  migrations: 'switchback.migrations',
  plans: 'switchback.plans',
  connections: 'switchback.connections',
} as const;

/** Names of settings below `switchback.`. */
export const settingIds = {
  migrations: 'migrations',
  plansFolder: 'plansFolder',
  shadow: 'shadow',
  serverMajor: 'serverMajor',
  rules: 'rules',
  diskFreeCommand: 'diskFreeCommand',
  codeLensEnabled: 'codeLens.enabled',
  codeLensStatements: 'codeLens.statements',
  hoverEnabled: 'hover.enabled',
  inlayHintsEnabled: 'inlayHints.enabled',
} as const;
export const settingsSection = 'switchback';

export const contextKeys = {
  /** The first look at the workspace is over. */
  ready: 'switchback.ready',
  connected: 'switchback.connected',
  hasMigrations: 'switchback.hasMigrations',
  hasPlans: 'switchback.hasPlans',
  hasConnections: 'switchback.hasConnections',
  backfillRunning: 'switchback.backfillRunning',
  backfillPaused: 'switchback.backfillPaused',
  /** The active editor shows a migration file. */
  migrationFile: 'switchback.migrationFile',
  /** The active editor shows plan.md of a plan folder. */
  planFile: 'switchback.planFile',
  /** The Migrations view shows some of them only. */
  migrationsFiltered: 'switchback.migrationsFiltered',
  /** A generated rollback is shown and not answered yet. */
  rollbackProposed: 'switchback.rollbackProposed',
} as const;

/** Values of `viewItem`; a flag is appended after a dot, for example `migration.pending`. */
export const treeItemContexts = {
  folder: 'folder',
  migration: 'migration',
  /** Versions that clash, where another one helps. */
  clash: 'clash',
  plan: 'plan',
  connection: 'connection',
  /** A table, a view, or a part of one. */
  databaseObject: 'databaseObject',
} as const;

export const wizardPanelType = 'switchback.wizard';
export const matrixPanelType = 'switchback.matrix';
export const previewPanelType = 'switchback.planPreview';

/** Scheme of read-only documents that show generated SQL. */
export const sqlDocumentScheme = 'switchback-sql';

/** Scheme of read-only pages of Markdown; package.json shows them rendered. */
export const pageScheme = 'switchback-page';

/** Scheme of the pages of safety rules; package.json shows it as a Markdown preview. */
export const ruleScheme = 'switchback-rule';

export const statusBarItemId = 'switchback.database';

export const diagnosticsName = 'switchback';
export const templateDiagnosticsName = 'switchback-templates';
export const planDiagnosticsName = 'switchback-plans';
