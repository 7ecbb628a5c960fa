import type { PhaseView, StepView } from '../../../documents/plan-document';
import { phaseTitle } from '../../../documents/phase-title';
import { stepFile } from '../../../documents/plan-folder';
import { emitRegion } from '../../../documents/regions';
import { t } from '../../../messages/translate';
import type { BackfillSpec, GateKind, Phase, Plan, Rollback, Step, StepKind } from '../../../plan/plan';
import { formatQualifiedName } from '../../../sql/identifier';
import { markdownFence } from '../../../templates/markdown';
import { rowsText } from '../../../templates/rows-text';
import { daysText } from '../../../templates/duration-text';

/** The phases of a plan as documents show them. */
export function phaseViews(plan: Pick<Plan, 'phases'>): PhaseView[] {
  let number = 0;
  return plan.phases.map((phase) => {
    const steps = phase.steps.map((step) => {
      number += 1;
      return stepView(step, phase, number);
    });
    return {
      name: phase.name,
      title: phaseTitle(phase.name),
      goal: phase.goal,
      steps,
    };
  });
}

function stepView(step: Step, phase: Phase, number: number): StepView {
  const forward = 'forward' in step ? step.forward : null;
  const rollback = 'rollback' in step && step.rollback.kind === 'sql' ? step.rollback.sql : null;
  return {
    id: step.id,
    number,
    phase: phaseTitle(phase.name),
    kind: kindTitle(step.kind),
    title: step.title,
    action: step.action,
    lock: step.forecast?.phrase ?? null,
    gates: step.gates.map(gateTitle),
    rollback: rollbackPhrase(step),
    verification: step.verification?.expectation ?? waitProof(step),
    forwardRegion: forward === null ? null : region(step, 'forward', forward),
    rollbackRegion: rollback === null ? null : region(step, 'rollback', rollback),
    verifyRegion: step.verification ? region(step, 'verify', step.verification.sql) : null,
    forwardFile: forward === null ? null : stepFile(step.id, 'forward'),
    rollbackFile: rollback === null ? null : stepFile(step.id, 'rollback'),
    details: detailsOf(step),
    sample: step.kind === 'deploy' ? step.sample : null,
    rollbackInstruction: rollbackInstruction(step),
  };
}

function waitProof(step: Step): string {
  if (step.kind !== 'wait') return t('The record of the step.');
  return step.days === 1 ? t('1 day has passed.') : t('{0} days have passed.', step.days);
}

function region(step: Step, kind: 'forward' | 'rollback' | 'verify', sql: string): string {
  return emitRegion(`${step.id}.${kind}`, markdownFence(sql, 'sql'));
}

function kindTitle(kind: StepKind): string {
  switch (kind) {
    case 'migration':
      return t('migration, in a transaction');
    case 'concurrent':
      return t('migration, outside a transaction');
    case 'backfill':
      return t('backfill in batches');
    case 'vacuum':
      return t('vacuum');
    case 'deploy':
      return t('application release');
    case 'check':
      return t('check');
    case 'wait':
      return t('wait');
  }
}

/** A gate in words, for lists of what must hold. */
export function gateTitle(gate: GateKind): string {
  switch (gate) {
    case 'backup':
      return t('a backup has been taken and restored once');
    case 'staging-run':
      return t('the plan has run on staging');
    case 'rehearsal':
      return t('the rollback has been rehearsed');
    case 'approval':
      return t('the plan has been approved');
    case 'deployed':
      return t('the application release is everywhere');
    case 'replica-lag':
      return t('replicas keep up');
    case 'quiet-hours':
      return t('it is a quiet hour');
    case 'long-transactions':
      return t('no long transaction is open');
    case 'disk':
      return t('there is room on the disk');
    case 'soak':
      return t('the deprecation window is over');
  }
}

function rollbackPhrase(step: Step): string {
  switch (step.kind) {
    case 'migration':
    case 'concurrent':
    case 'vacuum':
    case 'backfill':
      return phraseOf(step.rollback, step);
    case 'deploy':
      return step.rollbackInstructions;
    case 'check':
    case 'wait':
      return t('Nothing to take back.');
  }
}

function phraseOf(rollback: Rollback, step: Step): string {
  switch (rollback.kind) {
    case 'sql':
      return step.kind === 'migration' || step.kind === 'concurrent'
        ? t('Run its down migration, as in {0}.', stepFile(step.id, 'rollback'))
        : t('Run {0}.', stepFile(step.id, 'rollback'));
    case 'nothing':
      return t('Nothing to do. {0}', rollback.why);
    case 'no-return':
      return t('None: point of no return. {0}', rollback.why);
  }
}

function rollbackInstruction(step: Step): string {
  if (step.kind === 'check' || step.kind === 'wait') return t('It changed nothing.');
  if (step.kind === 'deploy') return step.rollbackInstructions;
  switch (step.rollback.kind) {
    case 'sql':
      return step.kind === 'migration' || step.kind === 'concurrent'
        ? t('Run the down file of its migration, which is this:')
        : t('Run this:');
    case 'nothing':
      return step.kind === 'backfill'
        ? t('Cancel it if it still runs. {0}', step.rollback.why)
        : step.rollback.why;
    case 'no-return':
      return t('There is no way back. {0}', step.rollback.why);
  }
}

function detailsOf(step: Step): string[] {
  switch (step.kind) {
    case 'migration':
    case 'concurrent':
    case 'vacuum':
      return [];
    case 'backfill': {
      const { walk, estimatedRows } = step.backfill;
      const how =
        walk.by === 'key'
          ? t('by {0}', walk.columns.join(', '))
          : t('by physical place, for want of a unique key');
      return [backfillSentence(step.backfill, rowsText(estimatedRows), how)];
    }
    case 'deploy':
      return [step.instructions];
    case 'check':
      return step.checks.map((check) => check.title);
    case 'wait':
      return [t('{0} from the end of the step before. {1}', daysText(step.days), step.why)];
  }
}

function backfillSentence(spec: BackfillSpec, rows: string, how: string): string {
  switch (spec.write) {
    case undefined:
    case 'update': {
      const what = spec.assignments.map(({ column, expression }) => `${column} = ${expression}`).join(', ');
      return t('Sets {0} on about {1}, {2}.', what, rows, how);
    }
    case 'copy':
      return t(
        'Copies about {0} to {1}, {2}: {3}.',
        rows,
        formatQualifiedName(spec.into),
        how,
        spec.columns.map(({ column }) => column).join(', '),
      );
  }
}
