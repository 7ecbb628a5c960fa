import { changeTypeOf, type SingleChange } from '../../assess/change';
import { partsOf } from '../../assess/several-changes';
import { strategyTitle } from '../../documents/strategy-text';
import { phaseTitle } from '../../documents/phase-title';
import { t } from '../../messages/translate';
import { lockName } from '../../safety/forecast/describe-forecast';
import {
  stepsOf,
  type BackfillSpec,
  type GateKind,
  type Phase,
  type Plan,
  type PlanOptions,
  type Rollback,
  type Step,
} from '../../plan/plan';
import { describeMilliseconds } from '../../plan/step-forecast';
import type { Tone } from '../../protocol/facts';
import type { PhaseView, PlanStepView, SqlPart } from '../../protocol/plan-phases';
import type { PlanView } from '../../protocol/wizard-state';
import { deployChoices, dualWriterChoices } from './dual-write-choices';
import { tableName } from '../format';
import { rowsText } from '../../templates/rows-text';

export interface PlanViewRequest {
  plan: Plan;
  notes: readonly string[];
  /** Labels of the migration folders to choose from. */
  migrationFolders: readonly string[];
  layoutTitle: string;
  plansFolder: string;
  scaffolded: boolean;
  optionProblems: Record<string, string>;
  documents: { label: string; path: string }[];
}

function layoutSentence({ plan, layoutTitle }: PlanViewRequest): string {
  const steps = stepsOf(plan).length;
  const { folder } = plan.layout;
  return steps === 1
    ? t('1 step in {0} phases; migrations go to {1} ({2}).', plan.phases.length, folder, layoutTitle)
    : t(
        '{0} steps in {1} phases; migrations go to {2} ({3}).',
        steps,
        plan.phases.length,
        folder,
        layoutTitle,
      );
}

function passing(days: number): string {
  return days === 1 ? t('1 day passes') : t('{0} days pass', days);
}

/** What the Plan station shows. */
export function planView(request: PlanViewRequest): PlanView {
  const { plan } = request;
  const planChoices = partsOf(plan.change).flatMap(planChoicesOf);
  return {
    id: plan.id,
    folder: `${request.plansFolder}/${plan.id}`,
    layout: layoutSentence(request),
    migrationFolders: [...request.migrationFolders],
    migrationFolder: plan.layout.folder,
    options: plan.options,
    optionsLocked: request.scaffolded,
    optionProblems: request.optionProblems,
    stepKinds: (['backfill', 'wait'] as const).filter((kind) =>
      stepsOf(plan).some((step) => step.kind === kind),
    ),
    strategies: [
      { id: plan.strategy.kind, title: strategyTitle(plan.strategy.kind), why: plan.strategy.why },
      ...plan.strategy.alternatives.map((item) => ({
        id: item.kind,
        title: strategyTitle(item.kind),
        why: item.why,
      })),
    ],
    dualWriters: planChoices.includes('dualWrite') ? dualWriterChoices() : [],
    deployChoices:
      planChoices.includes('deploySteps') && plan.options.dualWrite === 'trigger' ? deployChoices() : [],
    phases: plan.phases.map(phaseView),
    notes: [...request.notes],
    pointOfNoReturn: pointOfNoReturn(plan),
    scaffolded: request.scaffolded,
    documents: request.documents,
  };
}

/** A rename by a view writes nothing twice. */
function planChoicesOf(change: SingleChange): readonly ('dualWrite' | 'deploySteps')[] {
  return change.kind === 'rename-column' && change.byView === true ? [] : changeTypeOf(change).planChoices;
}

/** The sentence about what cannot come back; null where everything can. */
export function pointOfNoReturn({ phases, pointOfNoReturn: point }: Plan): string | null {
  if (point === null) return null;
  const step = stepsOf({ phases }).find((item) => item.id === point.step);
  return step ? t('Step {0}. {1}', step.title, point.why) : point.why;
}

/** One phase with the SQL of its steps. */
export function phaseView(phase: Phase): PhaseView {
  return {
    name: phase.name,
    title: phaseTitle(phase.name),
    goal: phase.goal,
    steps: phase.steps.map(stepView),
  };
}

/** The kind of a step in a word. */
export function stepKindWord(kind: Step['kind']): string {
  switch (kind) {
    case 'migration':
      return t('migration');
    case 'concurrent':
      return t('concurrent');
    case 'backfill':
      return t('backfill');
    case 'vacuum':
      return t('vacuum');
    case 'deploy':
      return t('deploy');
    case 'check':
      return t('check');
    case 'wait':
      return t('wait');
  }
}

function stepView(step: Step): PlanStepView {
  const { forecast } = step;
  const lock = forecast?.lock ? lockName(forecast.lock) : '';
  return {
    id: step.id,
    title: step.title,
    kind: stepKindWord(step.kind),
    action: step.action,
    lock:
      lock && forecast?.relation
        ? t('{0} on {1}', lock, forecast.relation)
        : lock || (forecast ? t('none') : ''),
    hold: forecast?.holdMilliseconds
      ? describeMilliseconds(forecast.holdMilliseconds)
      : forecast?.lock
        ? t('not known')
        : '',
    tone: lockTone(step),
    rollback: rollbackWords(step),
    verification: step.verification?.expectation ?? (step.kind === 'wait' ? passing(step.days) : ''),
    gates: step.gates.map(gateTitle),
    sql: sqlOf(step),
    sample:
      step.kind === 'deploy' && step.sample !== null
        ? { before: step.sample.before, after: step.sample.after }
        : null,
  };
}

function lockTone({ forecast }: Step): Tone {
  if (forecast?.lock !== 'AccessExclusiveLock') return 'neutral';
  return forecast.work === 'rewrite' || forecast.work === 'scan' ? 'bad' : 'notice';
}

function rollbackWords(step: Step): string {
  switch (step.kind) {
    case 'migration':
    case 'concurrent':
    case 'vacuum':
    case 'backfill':
      return describeRollback(step.rollback);
    case 'deploy':
      return step.rollbackInstructions;
    case 'check':
    case 'wait':
      return t('nothing to do');
  }
}

function describeRollback(rollback: Rollback): string {
  switch (rollback.kind) {
    case 'sql':
      return t('by its own SQL');
    case 'nothing':
      return rollback.why;
    case 'no-return':
      return t('point of no return: {0}', rollback.why);
  }
}

/** The SQL of a step by part; empty for steps without SQL. */
export function sqlOf(step: Step): PlanStepView['sql'] {
  const parts: PlanStepView['sql'] = [];
  const add = (part: SqlPart, title: string, sql: string, note: string | null): void => {
    parts.push({ part, title, sql, note });
  };
  switch (step.kind) {
    case 'migration':
    case 'concurrent':
    case 'vacuum':
      add('forward', t('Forward'), step.forward, null);
      addRollback(step.rollback, add);
      break;
    case 'backfill':
      add(
        'forward',
        t('Forward'),
        backfillSql(step.backfill),
        t(
          'In batches; each commits together with its checkpoint. About {0}.',
          rowsText(step.backfill.estimatedRows),
        ),
      );
      addRollback(step.rollback, add);
      break;
    case 'check':
      add(
        'forward',
        t('Checks'),
        step.checks.map((check) => `-- ${check.title}\n${check.sql}`).join('\n\n'),
        null,
      );
      break;
    case 'deploy':
    case 'wait':
      break;
  }
  if (step.verification)
    add('verification', t('Verification'), step.verification.sql, step.verification.expectation);
  return parts;
}

function addRollback(
  rollback: Rollback,
  add: (part: SqlPart, title: string, sql: string, note: string | null) => void,
): void {
  add(
    'rollback',
    t('Rollback'),
    rollback.kind === 'sql' ? rollback.sql : '',
    rollback.kind === 'sql' ? null : rollback.why,
  );
}

function backfillSql(spec: BackfillSpec): string {
  const walk =
    spec.walk.by === 'key'
      ? `/* next key range of ${spec.walk.columns.join(', ')} */`
      : '/* next page range */';
  const rows = `${walk}${spec.pending === null ? '' : `\n   and (${spec.pending})`}`;
  switch (spec.write) {
    case undefined:
    case 'update': {
      const values = spec.assignments.map((item) => `${item.column} = ${item.expression}`);
      return `update ${tableName(spec.table)}\n   set ${values.join(',\n       ')}\n where ${rows};`;
    }
    case 'copy': {
      const columns = spec.columns.map(({ column }) => column).join(', ');
      const values = spec.columns.map(({ expression }) => expression).join(', ');
      return (
        `with rows as (\n  select ${values} from ${tableName(spec.table)}\n where ${rows}\n   for share\n)\n` +
        `insert into ${tableName(spec.into)} (${columns})\nselect * from rows\n    on conflict (${spec.conflict.join(', ')}) do nothing;`
      );
    }
  }
}

/** The name of a gate. */
export function gateTitle(kind: GateKind): string {
  switch (kind) {
    case 'backup':
      return t('Backup taken');
    case 'staging-run':
      return t('Run on staging');
    case 'rehearsal':
      return t('Rollback rehearsed');
    case 'approval':
      return t('Approved');
    case 'deployed':
      return t('Application deployed');
    case 'replica-lag':
      return t('Replicas keep up');
    case 'quiet-hours':
      return t('Quiet hours');
    case 'long-transactions':
      return t('No long transactions');
    case 'disk':
      return t('Enough disk space');
    case 'soak':
      return t('Waited long enough');
  }
}

/** What is wrong with typed options, by option; empty when nothing is. */
export function optionProblems(options: PlanOptions): Record<string, string> {
  const problems: Record<string, string> = {};
  const check = (
    key: Exclude<keyof PlanOptions, 'strategy' | 'dualWrite' | 'deploySteps'>,
    low: number,
    high: number,
    whole: boolean,
  ): void => {
    const value = options[key];
    if (Number.isFinite(value) && value >= low && value <= high && (!whole || Number.isInteger(value)))
      return;
    const scale = key === 'vacuumShare' ? 100 : 1;
    problems[key] = t('Type a number from {0} to {1}.', low * scale, high * scale);
  };
  check('batchMilliseconds', 1, 10_000, true);
  check('batchRows', 1, 1_000_000, true);
  check('vacuumShare', 0, 1, false);
  check('deprecationDays', 0, 3650, true);
  check('lockTimeoutMilliseconds', 10, 60_000, true);
  return problems;
}
