import type { Step } from '../../plan/plan';

/** Words for a step's file name: its own with the plan's, so that the team's folder tells what belongs together. */
export function migrationFileName(step: Pick<Step, 'id'>, planId: string): string {
  return `${planId.replace(/^\d{8}-/, '')} ${step.id.replace(/^\d+-/, '')}`;
}
