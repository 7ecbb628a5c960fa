import { assessChange } from '../../journey/assess';
import { draftPlan } from '../../journey/plan';
import { changeOptions, changeUsage, readChange } from '../change-options';
import { planOptionOptions, readPlanOptions } from '../plan-options';
import { planText } from '../text/plan';
import type { Verb } from '../verb';

export const planVerb: Verb = {
  name: 'plan',
  summary: 'The phases and steps of a change, with their SQL, locks and rollbacks. Writes nothing.',
  usage: changeUsage,
  options: { ...changeOptions, ...planOptionOptions },
  async run({ context, positionals, values, database }) {
    const change = readChange(positionals[0], values);
    const assessment = await assessChange(context, await database(), change);
    const draft = await draftPlan(context, assessment, readPlanOptions(values));
    return {
      exitCode: 0,
      json: { plan: draft.plan, notes: draft.notes },
      text: planText(draft.plan, draft.notes),
    };
  },
};
