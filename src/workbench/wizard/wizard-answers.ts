import { isDay } from '../../assess/plan-answers';
import type { PrerequisiteConfirmation } from '../../assess/prerequisites';
import type { ScopeFieldId } from '../../protocol/wizard-state';
import type { WizardModel } from './wizard-model';

/** Takes one field of the scope; an empty one is nobody's word. False for a deadline that is no day. */
export function editScope(model: WizardModel, field: ScopeFieldId, value: string): boolean {
  const said = value.trim() === '' ? null : value.trim();
  if (field === 'deadline') {
    model.wrongDeadline = said !== null && !isDay(said) ? said : null;
    if (model.wrongDeadline !== null) return false;
    model.answers = { ...model.answers, deadline: said };
    return true;
  }
  model.answers = { ...model.answers, scope: { ...model.answers.scope, [field]: said } };
  return true;
}

/** Makes what was found the user's word, where they said nothing else. */
export function keepScope(model: WizardModel): void {
  const { answers, scopeProposal } = model;
  const { systems, users, downtime } = answers.scope;
  model.answers = {
    ...answers,
    scope: {
      systems: systems ?? scopeProposal?.systems ?? null,
      users: users ?? scopeProposal?.users ?? null,
      downtime: downtime ?? scopeProposal?.downtime ?? null,
    },
  };
}

/** Adds a person's word; a second one for the same prerequisite takes its place. */
export function confirmInto(model: WizardModel, word: PrerequisiteConfirmation): void {
  const others = model.answers.confirmations.filter((item) => item.id !== word.id);
  model.answers = { ...model.answers, confirmations: [...others, word] };
}
