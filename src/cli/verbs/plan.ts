import { plannedScope } from '../../plan/planned-scope';
import { answerOptions, answerUsage, readAnswers } from '../answer-options';
import { assessed, sampleOptions, sampleUsage } from '../assessed-change';
import { changeKinds, changeOptions, changeUsage, readChange } from '../change-options';
import { planOptionOptions, planUsage, readPlanOptions } from '../plan-options';
import { planText } from '../text/plan';
import { prerequisitesText } from '../text/prerequisites';
import type { Verb } from '../verb';

export const planVerb: Verb = {
  name: 'plan',
  summary: 'The phases and steps of a change, with their SQL, locks and rollbacks. Writes nothing.',
  usage: `${changeUsage} ${sampleUsage} ${planUsage} ${answerUsage}`,
  takesSeveral: true,
  kinds: changeKinds,
  options: { ...changeOptions(), ...sampleOptions, ...planOptionOptions, ...answerOptions },
  async run({ context, groups, values, database }) {
    const { draftPlan } = await import('../../journey/plan');
    const { draftStanding } = await import('../../journey/prerequisites');
    const change = readChange(groups);
    const assessment = await assessed(context, await database(), change, values);
    const said = readAnswers(values, context.clock);
    const draft = await draftPlan(context, assessment, { ...readPlanOptions(values), answers: said });
    const { answers, prerequisites } = await draftStanding(context, draft);
    const scope = plannedScope(assessment, draft.plan);
    return {
      exitCode: 0,
      json: {
        plan: draft.plan,
        notes: draft.notes,
        scope: { said: answers.scope, proposed: scope },
        prerequisites,
      },
      text: `${planText(draft.plan, draft.notes)}\n${prerequisitesText(prerequisites, scope, answers)}`,
    };
  },
};
