import type { ChangeView } from '../../protocol/wizard-state';
import { phaseView, pointOfNoReturn } from './plan-view';
import type { WizardModel } from './wizard-model';

/** What a plan of the form's change would do: phases that have steps, or what stops it. */
export function sketchView({
  plan,
  blockers,
  note,
}: NonNullable<WizardModel['sketch']>): ChangeView['sketch'] {
  return {
    phases: (plan?.phases ?? []).filter(({ steps }) => steps.length > 0).map(phaseView),
    pointOfNoReturn: plan && pointOfNoReturn(plan),
    blockers,
    note,
  };
}
