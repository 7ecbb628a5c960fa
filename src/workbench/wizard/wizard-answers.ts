import { isDay } from '../../assess/plan-answers';
import type { PrerequisiteConfirmation, PrerequisiteId } from '../../assess/prerequisites';
import type { JourneyContext } from '../../journey/workspace';
import { t } from '../../messages/translate';
import type { PageRequest } from '../../protocol/messages';
import type { ScopeFieldId } from '../../protocol/wizard-state';
import type { WizardModel } from './wizard-model';
import { judgePrerequisites, readInto } from './wizard-reading';
import type { WizardSurroundings } from './wizard-surroundings';

export type AnswerRequest = Extract<
  PageRequest,
  { kind: 'edit-scope' | 'keep-scope' | 'confirm-prerequisite' }
>;

/** Takes what a person says of the scope or of a prerequisite; false where nothing new was said. */
export async function takeAnswer(
  request: AnswerRequest,
  model: WizardModel,
  around: WizardSurroundings,
): Promise<boolean> {
  switch (request.kind) {
    case 'edit-scope':
      return editScope(model, request.field, request.value);
    case 'keep-scope':
      keepScope(model);
      return true;
    case 'confirm-prerequisite':
      return askFor(request.prerequisite, model, around);
  }
}

/** Keeps what people said in the draft. */
export async function keepInDraft(model: WizardModel, around: WizardSurroundings): Promise<void> {
  await judgePrerequisites(model, around);
  await around.saveDraft(model.draft, model.answers);
}

/** Keeps what people said in plan.md. */
export async function keepInPlan(
  model: WizardModel,
  around: WizardSurroundings,
  context: JourneyContext,
): Promise<void> {
  if (model.planFolder === null) return;
  const { recordAnswers } = await import('../../journey/prerequisites');
  const { assessment, answers, planFolder } = model;
  await recordAnswers(context, planFolder, answers, {
    assessment,
    stagingDatabases: around.stagingDatabases(),
  });
  await readInto(model, around, context);
  model.notice = t('Recorded in plan.md. Scaffold Again brings the other documents up to date.');
}

async function askFor(id: PrerequisiteId, model: WizardModel, around: WizardSurroundings): Promise<boolean> {
  const { personName } = await import('../../journey/person');
  const title = model.prerequisites.find((item) => item.id === id)?.title ?? id;
  const answer = await around.askConfirmation(t('Confirm: {0}', title), await personName(around.root));
  if (answer === null) return false;
  confirmInto(model, { id, ...answer, at: new Date().toISOString() });
  return true;
}

/** Takes one field of the scope; an empty one is nobody's word. False for a deadline that is no day. */
function editScope(model: WizardModel, field: ScopeFieldId, value: string): boolean {
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
function keepScope(model: WizardModel): void {
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
function confirmInto(model: WizardModel, word: PrerequisiteConfirmation): void {
  const others = model.answers.confirmations.filter((item) => item.id !== word.id);
  model.answers = { ...model.answers, confirmations: [...others, word] };
}
