import { assessChange } from '../../journey/assess';
import { changeOptions, changeUsage, readChange } from '../change-options';
import { assessmentText } from '../text/assessment';
import type { Verb } from '../verb';

export const assessVerb: Verb = {
  name: 'assess',
  summary:
    'What is there, for a change: sizes, dependents, code that mentions it, risk. Exits 1 when something stops it.',
  usage: changeUsage,
  options: changeOptions,
  async run({ context, positionals, values, database }) {
    const change = readChange(positionals[0], values);
    const assessment = await assessChange(context, await database(), change);
    return {
      exitCode: assessment.blockers.length > 0 ? 1 : 0,
      json: assessment,
      text: assessmentText(assessment),
    };
  },
};
