import path from 'node:path';
import { noPlanAnswers } from '../../src/assess/plan-answers';
import { scaffoldPlan } from '../../src/implement/scaffold/scaffold-plan';
import type { Files } from '../../src/ports/files';
import {
  plainNames,
  sampleAssessment,
  samplePlan,
  type SampleNames,
} from '../implement/scaffold/sample-plan';

/** Writes the sample plan below a folder; gives the folder of the plan. */
export async function scaffoldedPlan(
  root: string,
  files: Files,
  templates: string,
  names: SampleNames = plainNames,
): Promise<string> {
  const plan = samplePlan(names);
  const folder = path.join(root, 'plans', plan.id);
  await scaffoldPlan({
    plan,
    assessment: sampleAssessment(names),
    notes: [],
    answers: noPlanAnswers,
    prerequisites: [],
    folder,
    root,
    files,
    templates: { shipped: templates, override: null },
    now: new Date('2026-03-04T05:06:07Z'),
    resolve: () => Promise.reject(new Error('nothing is there yet')),
  });
  return folder;
}
