import type { Environment } from '../../database/connection';
import { heldFile, stepFile } from '../../documents/plan-folder';
import { contentHash } from '../../layouts/content-hash';
import type { NewMigration } from '../../layouts/new-migration';
import { layoutById } from '../../layouts/layouts';
import { t } from '../../messages/translate';
import type { NamedSql } from '../../plan/approved-hash';
import { withGates } from '../../plan/gates';
import { phaseOf, stepsOf, type GateKind, type Plan, type Rollback, type Step } from '../../plan/plan';
import { rewrittenTables, writtenTables } from '../../plan/plan-tables';
import { equalUntil } from '../../plan/rename-equality';
import { hidesWork } from '../../safety/hidden-work';
import type { SqlParser } from '../../sql/parser';
import { migrationFileName } from '../scaffold/migration-file-name';
import { isFileStep } from '../scaffold/migration-text';
import { sqlFilesOf } from '../scaffold/step-files';
import { isValidation } from '../statement-effect';
import type { ScriptMigration, ScriptSet, ScriptStep } from './script-set';

const environments: readonly Environment[] = ['development', 'staging', 'production'];

/** What they are written from. `plansFolder` is relative to the workspace, with `/`. */
export interface PlanScripts {
  plan: Plan;
  /** What approvals and rehearsals are given for. */
  hash: string;
  plansFolder: string;
  /** The held migrations, by path in the plan folder. */
  held: readonly NamedSql[];
  parser: SqlParser;
}

/** What the scripts of a plan are written from. */
export function planScriptSet({ plan, hash, plansFolder, held, parser }: PlanScripts): ScriptSet {
  return {
    id: plan.id,
    title: plan.title,
    hash,
    layout: plan.layout.id,
    migrationsFolder: plan.layout.folder,
    toWorkspace: toWorkspaceFrom(`${plansFolder}/${plan.id}/scripts`),
    options: plan.options,
    noReturn: plan.pointOfNoReturn,
    tables: writtenTables(plan),
    rewritten: rewrittenTables(plan),
    steps: stepsOf(plan).map((step) => scriptStep(plan, step, held, parser)),
  };
}

/** From a folder, relative to the workspace with `/`, up to the workspace. */
export function toWorkspaceFrom(folder: string): string {
  const depth = folder.split('/').filter((part) => part !== '' && part !== '.').length;
  return Array.from({ length: depth }, () => '..').join('/') || '.';
}

function scriptStep(plan: Plan, step: Step, held: readonly NamedSql[], parser: SqlParser): ScriptStep {
  const hashes = new Map(sqlFilesOf(plan).map(({ path, text }) => [path, contentHash(text)]));
  const file = (name: string): { file: string; sha256: string } => ({
    file: name,
    sha256: hashes.get(name)!,
  });
  const rollback: Rollback = 'rollback' in step ? step.rollback : { kind: 'nothing', why: '' };
  return {
    id: step.id,
    kind: step.kind,
    phase: phaseOf(plan, step.id)!.name,
    title: step.title,
    instructions: instructionsOf(step),
    rollbackInstructions: step.kind === 'deploy' ? step.rollbackInstructions : '',
    rollback: rollback.kind,
    rollbackFile: rollback.kind === 'sql' ? file(stepFile(step.id, 'rollback')) : null,
    rollbackWhy: rollback.kind === 'sql' ? '' : rollback.why,
    gates: gatesOf(plan, step),
    forward: 'forward' in step ? file(stepFile(step.id, 'forward')) : null,
    verify: step.verification
      ? { ...file(stepFile(step.id, 'verify')), expectation: step.verification.expectation }
      : null,
    verifyUntil: equalUntil(plan, step) ?? '',
    checks:
      step.kind === 'check'
        ? step.checks.map(({ id, title }) => ({ ...file(stepFile(step.id, 'verify', id)), title }))
        : [],
    quick:
      step.kind === 'migration' &&
      ['none', 'catalog'].includes(step.forecast?.work ?? '') &&
      !parser.parse(step.forward).statements.some(hidesWork),
    validates: 'forward' in step && parser.parse(step.forward).statements.some(isValidation),
    asWritten: false,
    days: step.kind === 'wait' ? step.days : 0,
    outside:
      step.kind === 'concurrent' || step.kind === 'vacuum'
        ? { forward: step.forward, rollback: rollback.kind === 'sql' ? rollback.sql : '' }
        : null,
    backfill: step.kind === 'backfill' ? step.backfill : null,
    backfillAgain: step.kind === 'backfill' && step.againOnRollback === true,
    migration: isFileStep(step) ? scriptMigration(plan, step, held) : null,
  };
}

function instructionsOf(step: Step): string {
  switch (step.kind) {
    case 'deploy':
      return step.instructions;
    case 'wait':
      return step.why;
    case 'migration':
    case 'concurrent':
    case 'vacuum':
    case 'backfill':
    case 'check':
      return step.action;
  }
}

/** The plan's own gates and those of each environment, as a run there has them. */
function gatesOf(plan: Plan, step: Step): Record<Environment, GateKind[]> {
  const gates = environments.map((environment): [Environment, GateKind[]] => {
    const there = stepsOf({ phases: withGates(plan.phases, { environment, hasReplicas: true }) });
    const own = there.find((candidate) => candidate.id === step.id)?.gates ?? [];
    return [environment, [...new Set([...step.gates, ...own])]];
  });
  return Object.fromEntries(gates) as Record<Environment, GateKind[]>;
}

const textMark = '\u0001';

/** What a layout calls the step's files and puts before their text, seen from what it composes. */
function scriptMigration(plan: Plan, step: Step, held: readonly NamedSql[]): ScriptMigration {
  const request: NewMigration = {
    folder: '',
    name: migrationFileName(step, plan.id),
    up: textMark,
    down: textMark,
    transactional: step.kind === 'migration',
    now: new Date(plan.createdAt),
  };
  const [up, down] = layoutById(plan.layout.id).compose(request, []);
  const suffix = (path: string): string => path.slice(up!.version.length);
  return {
    name: suffix(up!.path)
      .replace(/^[_-]/, '')
      .replace(/(\.up)?\.sql$/, ''),
    upSuffix: suffix(up!.path),
    downSuffix: suffix(down!.path),
    prefix: up!.text.slice(0, up!.text.indexOf(textMark)).trimEnd(),
    width: up!.version.length,
    heldUp: heldFile(step.id, 'up'),
    heldDown: heldFile(step.id, 'down'),
    held: held
      .filter(({ path }) => path === heldFile(step.id, 'up') || path === heldFile(step.id, 'down'))
      .map(({ path, text }) => ({ file: path, sha256: contentHash(text) })),
    existing: null,
  };
}

/** How a step is taken back, in a few words for a table. */
export function rollbackWords(step: ScriptStep): string {
  switch (step.rollback) {
    case 'sql':
      return step.migration ? t('its down migration') : t('its SQL');
    case 'nothing':
      return step.rollbackInstructions || step.rollbackWhy || t('nothing to do');
    case 'no-return':
      return t('not at all. {0}', step.rollbackWhy);
  }
}
