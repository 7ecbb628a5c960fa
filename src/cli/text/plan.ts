import { t } from '../../messages/translate';
import type { Plan, PlanProgress, Step } from '../../plan/plan';
import { section } from './format';

/** A plan for the terminal: phases, steps, locks and rollbacks. */
export function planText(plan: Plan, notes: string[], progress: PlanProgress | null = null): string {
  const states = new Map(progress?.steps.map((step) => [step.id, step.state]));
  const phases = plan.phases.map((phase) =>
    section(
      `${phase.name}: ${phase.goal}`,
      phase.steps.flatMap((step) => stepLines(step, states.get(step.id) ?? null)),
    ),
  );
  return [
    `${plan.title} (${plan.id})\n`,
    ...phases,
    plan.pointOfNoReturn === null
      ? section(t('Point of no return: none'), [t('Every step can be taken back without losing data.')])
      : section(t('Point of no return: {0}', plan.pointOfNoReturn.step), [plan.pointOfNoReturn.why]),
    section(t('To look at'), notes),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function stepLines(step: Step, state: string | null): string[] {
  const forecast = step.forecast ? `  ${step.forecast.phrase}` : '';
  const mark = state ? `[${state}] ` : '';
  return [`${mark}${step.id}  ${step.kind}: ${step.title}${forecast}`];
}
