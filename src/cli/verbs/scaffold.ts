import path from 'node:path';
import { scriptsFolder } from '../../documents/plan-folder';
import { plannedScope } from '../../plan/planned-scope';
import { answerOptions, answerUsage, readAnswers } from '../answer-options';
import { t } from '../../messages/translate';
import { assessed, sampleOptions, sampleUsage } from '../assessed-change';
import { changeKinds, changeOptions, changeUsage, readChange } from '../change-options';
import { planOptionOptions, planUsage, readPlanOptions } from '../plan-options';
import { prerequisitesText } from '../text/prerequisites';
import type { Verb } from '../verb';

export const scaffoldVerb: Verb = {
  name: 'scaffold',
  summary: 'Writes the plan folder, its documents and the migration files of the first phase.',
  usage: `${changeUsage} ${sampleUsage} ${planUsage} ${answerUsage}`,
  takesSeveral: true,
  kinds: changeKinds,
  options: { ...changeOptions(), ...sampleOptions, ...planOptionOptions, ...answerOptions },
  async run({ context, groups, values, database }) {
    const { draftPlan } = await import('../../journey/plan');
    const { scaffoldPlan } = await import('../../journey/scaffold');
    const change = readChange(groups);
    const assessment = await assessed(context, await database(), change, values);
    const answers = readAnswers(values, context.clock);
    const draft = await draftPlan(context, assessment, { ...readPlanOptions(values), answers });
    const outcome = await scaffoldPlan(context, draft);
    const scope = plannedScope(assessment, draft.plan);
    const relative = (file: string): string => path.relative(context.workspace.root, file);
    const lines = [
      t('Plan: {0}', relative(outcome.planFolder)),
      ...writtenLines(outcome.written.map(relative)),
      ...outcome.kept.map((file) => t('kept {0}: a person edited it', relative(file))),
      ...draft.notes,
      '',
      prerequisitesText(outcome.prerequisites, scope, outcome.answers),
    ];
    return {
      exitCode: 0,
      json: {
        plan: draft.plan.id,
        planFolder: outcome.planFolder,
        written: outcome.written,
        unchanged: outcome.unchanged,
        kept: outcome.kept,
        notes: draft.notes,
        scope: { said: outcome.answers.scope, proposed: scope },
        prerequisites: outcome.prerequisites,
      },
      text: lines.join('\n'),
    };
  },
};

/** A line for each file; the scripts, which are many, have one together. */
export function writtenLines(names: readonly string[]): string[] {
  const isScript = (name: string): boolean => name.split(path.sep).includes(scriptsFolder);
  const scripts = names.filter(isScript);
  const folder = scripts[0]?.slice(0, scripts[0].indexOf(scriptsFolder) + scriptsFolder.length) ?? '';
  return [
    ...names.filter((name) => !isScript(name)).map((name) => t('wrote {0}', name)),
    ...(scripts.length === 1 ? [t('wrote {0}, 1 file', folder)] : []),
    ...(scripts.length > 1 ? [t('wrote {0}, {1} files', folder, scripts.length)] : []),
  ];
}
