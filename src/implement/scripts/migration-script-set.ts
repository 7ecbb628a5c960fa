import path from 'node:path';
import { relationsOf } from './relations-of';
import type { HistoryTable, LayoutId, Migration, MigrationScript } from '../../layouts/layout';
import { layoutById } from '../../layouts/layouts';
import { t } from '../../messages/translate';
import { defaultPlanOptions } from '../../plan/plan';
import { forecastStatements } from '../../safety/forecast/forecast-statements';
import type { Forecast } from '../../safety/forecast';
import { hidesWork } from '../../safety/hidden-work';
import type { SqlParser } from '../../sql/parser';
import { isValidation, needsNoTransaction } from '../statement-effect';
import { toWorkspaceFrom } from './plan-script-set';
import type { ScriptSet, ScriptStep } from './script-set';

/** A migration that a script set runs, with its texts. */
export interface ChosenMigration {
  migration: Migration;
  up: MigrationScript;
  down: MigrationScript | null;
}

export interface MigrationSetRequest {
  id: string;
  title: string;
  layout: LayoutId;
  /** The tool's history table where it is another than its usual one. */
  historyTable: HistoryTable | null;
  /** Relative to the workspace, with `/`. */
  migrationsFolder: string;
  /** Where the scripts lie, relative to the workspace, with `/`. */
  scriptsFolder: string;
  /** Absolute path of the workspace. */
  root: string;
  serverMajor: number;
  /** In the order they run. */
  migrations: readonly ChosenMigration[];
}

/** A script set for migrations that are in the workspace already: one step each, and no plan behind them. */
export function migrationScriptSet(request: MigrationSetRequest, parser: SqlParser): ScriptSet {
  const forecasts = request.migrations.map((chosen) => forecastsOf(chosen.up, request.serverMajor, parser));
  const tables = relationsOf(forecasts.flat());
  return {
    id: request.id,
    title: request.title,
    hash: '',
    layout: request.layout,
    historyTable: request.historyTable,
    migrationsFolder: request.migrationsFolder,
    toWorkspace: toWorkspaceFrom(request.scriptsFolder),
    options: defaultPlanOptions,
    noReturn: null,
    tables,
    rewritten: tables,
    steps: request.migrations.map((chosen, index) =>
      stepOf(request, chosen, index, forecasts[index]!, parser),
    ),
  };
}

function forecastsOf(script: MigrationScript, serverMajor: number, parser: SqlParser): Forecast[] {
  const { statements } = parser.parse(script.sql);
  return forecastStatements({
    statements,
    direction: 'up',
    schema: null,
    transaction: script.transaction,
    serverMajor,
  });
}

function stepOf(
  request: MigrationSetRequest,
  { migration, up, down }: ChosenMigration,
  index: number,
  forecasts: readonly Forecast[],
  parser: SqlParser,
): ScriptStep {
  const { statements } = parser.parse(up.sql);
  const outside =
    up.transaction === 'none' ||
    (statements.length > 0 && statements.every((statement) => needsNoTransaction(statement)));
  const asWritten = !outside && [up, down].some((script) => script && endsTransactions(script, parser));
  const inWorkspace = (file: string): string => path.relative(request.root, file).split(path.sep).join('/');
  return {
    id: `${String(index + 1).padStart(2, '0')}-${words(migration.name)}`,
    kind: outside ? 'concurrent' : 'migration',
    phase: 'expand',
    title: t('Migration {0} {1}', migration.version, migration.name.replaceAll('_', ' ')),
    instructions: '',
    rollbackInstructions: '',
    rollback: down === null ? 'no-return' : 'sql',
    rollbackFile: null,
    rollbackWhy: down === null ? t('it has no down file.') : '',
    gates: { development: [], staging: [], production: ['backup', 'long-transactions'] },
    forward: null,
    verify: null,
    verifyUntil: '',
    checks: [],
    quick:
      !outside &&
      !asWritten &&
      !statements.some(hidesWork) &&
      forecasts.every(({ work }) => work === 'none' || work === 'catalog'),
    validates: statements.some(isValidation),
    asWritten,
    days: 0,
    outside: outside ? { forward: up.sql, rollback: down?.sql ?? '' } : null,
    backfill: null,
    backfillAgain: false,
    migration: {
      name: migration.name,
      upSuffix: '',
      downSuffix: '',
      prefix: '',
      width: layoutById(request.layout).id === 'plain' ? 3 : 6,
      heldUp: '',
      heldDown: '',
      held: [],
      existing: {
        version: migration.version,
        up: inWorkspace(migration.upPath),
        upSha256: up.contentHash,
        down: migration.downPath === null ? null : inWorkspace(migration.downPath),
      },
    },
  };
}

function endsTransactions(script: MigrationScript, parser: SqlParser): boolean {
  return parser.parse(script.sql).statements.some((statement) => statement.kind === 'TransactionStmt');
}

function words(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50) || 'migration'
  );
}
