import { SwitchbackError } from '../messages/error';
import { t } from '../messages/translate';
import { deployStepChoices, dualWriters, type PlanOptions } from '../plan/plan';
import { optionalChoice, optionalNumber, optionalText } from './option-values';
import type { OptionValues, Verb } from './verb';

/** The options that shape a plan, shared by plan and scaffold. */
export const planOptionOptions: Verb['options'] = {
  'migrations-folder': { type: 'string' },
  'batch-milliseconds': { type: 'string' },
  'batch-rows': { type: 'string' },
  'deprecation-days': { type: 'string' },
  'dual-write': { type: 'string' },
  deploys: { type: 'string' },
};

/** Of a rename: who keeps old and new column equal, and in how many releases the application moves over. */
export const planUsage = '[--dual-write trigger|application] [--deploys one|separate]';

/** The choices `draftPlan` takes. Throws `usage` for numbers out of range, other words, and what cannot be together. */
export function readPlanOptions(values: OptionValues): {
  options: Partial<PlanOptions>;
  migrationsFolder?: string;
} {
  const options: Partial<PlanOptions> = {};
  const batchMilliseconds = optionalNumber(values, 'batch-milliseconds', 1, 60_000);
  if (batchMilliseconds !== null) options.batchMilliseconds = batchMilliseconds;
  const batchRows = optionalNumber(values, 'batch-rows', 1, 1_000_000);
  if (batchRows !== null) options.batchRows = batchRows;
  const deprecationDays = optionalNumber(values, 'deprecation-days', 0, 3650);
  if (deprecationDays !== null) options.deprecationDays = deprecationDays;
  const dualWrite = optionalChoice(values, 'dual-write', dualWriters);
  if (dualWrite !== null) options.dualWrite = dualWrite;
  const deploySteps = optionalChoice(values, 'deploys', deployStepChoices);
  if (deploySteps !== null) options.deploySteps = deploySteps;
  if (dualWrite === 'application' && deploySteps === 'one') {
    throw new SwitchbackError(
      'usage',
      t('With --dual-write application each step is a release of its own. Leave --deploys one out.'),
    );
  }
  return { options, migrationsFolder: optionalText(values, 'migrations-folder') ?? undefined };
}
