import { plannedScope } from '../../plan/planned-scope';
import { answerOptions, answerUsage, readAnswers } from '../answer-options';
import { assessed, sampleOptions, sampleUsage } from '../assessed-change';
import { changeKinds, changeOptions, changeUsage, readChange } from '../change-options';
import { assessmentText } from '../text/assessment';
import { prerequisitesText } from '../text/prerequisites';
import type { Verb } from '../verb';

export const assessVerb: Verb = {
  name: 'assess',
  summary:
    'What is there, for a change: sizes, dependents, code that mentions it, risk. Exits 1 when something stops it.',
  usage: `${changeUsage} ${sampleUsage} ${answerUsage}`,
  takesSeveral: true,
  kinds: changeKinds,
  options: { ...changeOptions(), ...sampleOptions, ...answerOptions },
  async run({ context, groups, values, database }) {
    const { prerequisitesNow, previewPlan } = await import('../../journey/prerequisites');
    const change = readChange(groups);
    const answers = readAnswers(values, context.clock);
    const assessment = await assessed(context, await database(), change, values);
    const plan = await previewPlan(context, assessment);
    const prerequisites = prerequisitesNow({
      assessment,
      plan,
      answers,
      stagingDatabases: [],
      loaded: null,
      approvalRoles: context.workspace.configuration.approvalRoles,
    });
    const scope = plannedScope(assessment, plan);
    return {
      exitCode: assessment.blockers.length > 0 ? 1 : 0,
      json: { ...assessment, scope: { said: answers.scope, proposed: scope }, prerequisites },
      text: `${assessmentText(assessment)}\n${prerequisitesText(prerequisites, scope, answers)}`,
    };
  },
};
