import { inPlanFolder, planFiles, stepFile } from '../../documents/plan-folder';
import { stepsOf, type Plan, type Rollback, type Step } from '../../plan/plan';
import type { RehearsedStep, StepRollback } from '../../rehearse/rehearse-steps';
import type { RehearsedScript } from '../../rehearse/run-script';
import { wholeWriteSql } from '../backfill-write';

/** The steps of a plan that have SQL, as they are rehearsed. `folder` is the plan's, absolute. */
export function rehearsedSteps(plan: Pick<Plan, 'phases'>, folder: string): RehearsedStep[] {
  return stepsOf(plan).flatMap((step) => rehearsedStep(step, folder) ?? []);
}

function rehearsedStep(step: Step, folder: string): RehearsedStep | null {
  const { id, title } = step;
  switch (step.kind) {
    case 'migration':
    case 'concurrent':
    case 'vacuum': {
      const transaction = step.kind === 'migration' ? 'wrapped' : 'none';
      const forward: RehearsedScript = { sql: step.forward, transaction };
      return {
        id,
        title,
        path: inPlanFolder(folder, stepFile(id, 'forward')),
        forward,
        rollback: rollbackOf(step.rollback, transaction),
      };
    }
    case 'backfill': {
      const forward: RehearsedScript = {
        // All batches at once: a shadow database has few rows and nobody waits.
        sql: `${wholeWriteSql(step.backfill)};\n`,
        transaction: 'wrapped',
      };
      return {
        id,
        title,
        path: inPlanFolder(folder, planFiles.plan),
        forward,
        rollback: rollbackOf(step.rollback, 'wrapped'),
      };
    }
    case 'deploy':
    case 'check':
    case 'wait':
      return null;
  }
}

function rollbackOf(rollback: Rollback, transaction: RehearsedScript['transaction']): StepRollback {
  return rollback.kind === 'sql' ? { kind: 'sql', script: { sql: rollback.sql, transaction } } : rollback;
}
