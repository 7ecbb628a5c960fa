import path from 'node:path';

/** Names inside a plan's folder, with `/`. */
export const planFiles = {
  plan: 'plan.md',
  rollback: 'rollback.md',
  checklist: 'checklist.md',
  verify: 'verify.sql',
  report: 'report.md',
  retrospective: 'retrospective.md',
} as const;

export const stepsFolder = 'steps';
export const heldFolder = 'held';
export const scriptsFolder = 'scripts';

export type StepFileKind = 'forward' | 'rollback' | 'verify';

/** `steps/NN-name.forward.sql`; a check of a step adds its id: `steps/NN-name.equal.verify.sql`. */
export function stepFile(stepId: string, kind: StepFileKind, check: string | null = null): string {
  return `${stepsFolder}/${stepId}${check === null ? '' : `.${check}`}.${kind}.sql`;
}

/** `held/NN-name.up.sql`: a migration file that waits for its release. */
export function heldFile(stepId: string, direction: 'up' | 'down'): string {
  return `${heldFolder}/${stepId}.${direction}.sql`;
}

/** The absolute path of a name inside a plan's folder. */
export function inPlanFolder(folder: string, name: string): string {
  return path.join(folder, ...name.split('/'));
}
